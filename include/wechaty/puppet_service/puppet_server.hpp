// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "wechaty/puppet/puppet.hpp"
#include "wechaty/puppet_service/server_options.hpp"

namespace wechaty::puppet_service {

/// Offers a puppet to the Wechaty clients of all languages, over gRPC.
///
/// It speaks the protocol of npm `wechaty-grpc` 1.5 as npm `wechaty-puppet-service` does, all 61
/// rpcs, and the health service beside it. It neither starts nor stops the puppet by itself:
/// clients do. What happens while no client listens is kept for the next one.
///
/// Thread: every function may be called from any thread. Calls of clients that may block run on
/// threads of the server; their token of CallScope tells hooks that the client has given up.
/// Source: npm wechaty-puppet-service PuppetServer. docs/service.md has the differences.
class PuppetServer {
 public:
  /// @param puppet  must live longer than the server
  /// @throws InvalidArgumentError on options that cannot be, naming the option
  PuppetServer(puppet::Puppet& puppet, PuppetServerOptions options);
  PuppetServer(const PuppetServer&) = delete;
  PuppetServer& operator=(const PuppetServer&) = delete;
  /// stop(), then waits for the hooks that are still under way.
  ~PuppetServer();

  /// Listen. Does nothing when listening already.
  ///
  /// @throws NetworkError when the endpoint cannot be bound; InvalidArgumentError when the
  ///         certificate and its key do not fit; StorageError when an own certificate cannot be
  ///         kept
  void start();

  /// End the event streams, let calls under way come to their end for `grace`, cancel the rest,
  /// close the port. Does nothing when stopped already. May be started again.
  ///
  /// Blocks until it is done.
  void stop(std::chrono::milliseconds grace = std::chrono::seconds{5});

  /// `HOST:PORT` with the port that it really has; as in the options while it does not listen.
  [[nodiscard]] std::string endpoint() const;
  /// 0 while it does not listen, and for unix sockets.
  [[nodiscard]] std::uint16_t port() const;

  /// PEM text of the certificate authority that clients have to trust: the server's own. "" without
  /// TLS, and where the operator gave the certificate.
  [[nodiscard]] std::string ca_certificate() const;
  /// The file with ca_certificate(), or "".
  [[nodiscard]] std::string ca_file() const;
  /// What clients have to set as the server's name beside ca_certificate(); "" when there is
  /// nothing to set, because the token `<name>_<rest>` tells it.
  [[nodiscard]] std::string server_name() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wechaty::puppet_service
