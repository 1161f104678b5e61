// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "wechaty/puppet/options.hpp"
#include "wechaty/puppet_service/client_options.hpp"

namespace wechaty::puppet_service {

/// What a client has to know, after options, environment variables and defaults have been put
/// together.
struct Settings {
  std::string token;
  std::string endpoint;   ///< "" means: ask the authority
  std::string authority;  ///< host, or host:port
  bool tls = true;
  std::string ca_cert;      ///< PEM; empty without TLS
  std::string server_name;  ///< empty without TLS
  PuppetServiceOptions options;

  /// For messages: the endpoint, or who is asked for it. Never the token.
  [[nodiscard]] std::string where() const;
};

/// @throws InvalidArgumentError as PuppetService's constructor says
[[nodiscard]] Settings settle(const puppet::PuppetOptions& options,
                              const PuppetServiceOptions& service);

}  // namespace wechaty::puppet_service
