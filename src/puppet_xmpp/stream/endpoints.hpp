// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "wechaty/puppet_xmpp/options.hpp"

namespace wechaty::puppet_xmpp {

/// Where a server may be dialled.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// A service record of a domain (RFC 2782).
struct SrvRecord {
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  Endpoint target;
};

/// The records in the order in which they are to be tried: by priority, and among equal ones at
/// random by weight.
/// @param random  a number below its argument
[[nodiscard]] std::vector<Endpoint> in_order(
    std::vector<SrvRecord> records,
    const std::function<std::uint32_t(std::uint32_t below)>& random);

/// Ask for the records of `name`, such as `_xmpp-client._tcp.example.org`.
///
/// @param name_server  `address:port` (IPv4); empty: the system's
/// @result nullopt when there are none, or nobody answers; empty when the domain says that it has
///         no such service
/// Thread: any. Blocks for at most some seconds.
[[nodiscard]] std::optional<std::vector<SrvRecord>> look_up_srv(const std::string& name,
                                                                const std::string& name_server);

/// @throws InvalidArgumentError when the name server is no `address:port` (IPv4)
void check_name_server(const std::string& name_server);

/// Where to dial for an account of `domain`, the first one first (RFC 6120, section 3.2; XEP-0368):
/// what the options say, else the service records, else port 5222 of the domain.
///
/// @result empty: the domain has no such service
/// Thread: any. Blocks as look_up_srv().
[[nodiscard]] std::vector<Endpoint> endpoints_of(const XmppOptions& options,
                                                 const std::string& domain);

}  // namespace wechaty::puppet_xmpp
