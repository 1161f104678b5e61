// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace wechaty::puppet_service {

/// How PuppetService finds its server and how patient it is. The server's address and the token are
/// PuppetOptions::endpoint (`host:port`) and PuppetOptions::token.
///
/// What is not given comes from the environment variables of the reference; what is given wins:
///
/// - PuppetOptions::token: WECHATY_PUPPET_SERVICE_TOKEN, else WECHATY_PUPPET_HOSTIE_TOKEN
/// - PuppetOptions::endpoint: WECHATY_PUPPET_SERVICE_ENDPOINT, else
///   WECHATY_PUPPET_HOSTIE_ENDPOINT
/// - authority: WECHATY_PUPPET_SERVICE_AUTHORITY, else WECHATY_SERVICE_DISCOVERY_ENDPOINT
/// - tls.ca_cert: WECHATY_PUPPET_SERVICE_TLS_CA_CERT
/// - tls.server_name: WECHATY_PUPPET_SERVICE_TLS_SERVER_NAME
/// - tls.disable: WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT, exactly `true`
///
/// Source: wechaty-puppet-service src/client/puppet-service.ts PuppetServiceOptions,
/// src/env-vars.ts. Differs: the times and limits below; the reference has no deadlines and does
/// not reconnect.
struct PuppetServiceOptions {
  /// Who knows the server's address when there is no endpoint: `GET
  /// https://<authority>/v0/hosties/<token>`. Default: api.chatie.io.
  std::optional<std::string> authority;

  struct Tls {
    /// The certificates that are trusted, as PEM text; in the variable `\n` may stand for a line's
    /// end. Default: the community's root, which has signed what npm servers present by default.
    std::optional<std::string> ca_cert;
    /// The name that the server's certificate must have. Default: what stands before the last `_`
    /// of the token, in small letters.
    std::optional<std::string> server_name;
    /// Talk without TLS. The token can be read on the way then.
    std::optional<bool> disable;
  };
  Tls tls;

  /// Whether stop() stops the puppet behind the server too, as the reference does. False: this
  /// client leaves, the account stays online.
  bool stop_server_puppet = true;

  /// How long start() tries before it throws. After that the client tries for ever.
  std::chrono::milliseconds start_timeout{std::chrono::seconds{30}};
  /// How long one connection may take to come about.
  std::chrono::milliseconds connect_timeout{std::chrono::seconds{5}};
  /// The deadline of a call.
  std::chrono::milliseconds call_timeout{std::chrono::seconds{60}};
  /// The deadline of a call that carries a file.
  std::chrono::milliseconds transfer_timeout{std::chrono::minutes{10}};

  /// How long the echo of a message that was sent is waited for where the server returns no id, as
  /// npm servers with many puppets do; a ContractError follows.
  std::chrono::milliseconds echo_timeout{std::chrono::seconds{5}};

  /// A server that is silent for so long is asked whether it is alive (the npm server sends no
  /// heartbeats of its own); at most a third of PuppetOptions::timeout.
  std::chrono::milliseconds silence{std::chrono::seconds{15}};
  /// How long it may take to answer.
  std::chrono::milliseconds probe_timeout{std::chrono::seconds{5}};

  /// The pause after the first failed attempt to reconnect; it doubles with each, up to the
  /// longest. Every pause is shortened by a random part of up to a half, so that many bots do not
  /// come back in step.
  std::chrono::milliseconds first_pause{200};
  std::chrono::milliseconds longest_pause{1'500};
  /// The longest pause while the server refuses the token.
  std::chrono::milliseconds longest_refused_pause{std::chrono::minutes{1}};

  /// The largest message that is accepted, in bytes.
  std::size_t max_message_bytes = std::size_t{64} << 20U;
};

}  // namespace wechaty::puppet_service
