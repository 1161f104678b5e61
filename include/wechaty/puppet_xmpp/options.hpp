// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace wechaty::puppet_xmpp {

/// How the connection is encrypted. It always is.
enum class TlsMode {
  starttls,  ///< a plain port that is upgraded (RFC 6120); without the upgrade nothing is sent
  direct,    ///< TLS from the first byte (XEP-0368)
};

/// What a PuppetXmpp is made with.
struct XmppOptions {
  /// The account: `alice@example.org`. A resource (`/bot`) is asked for if given; else the server
  /// chooses one. Empty: the account that is on the memory card.
  std::string jid;
  /// Empty: the login keys on the memory card, or PuppetXmpp::log_in(). Kept in memory only; the
  /// card gets keys that are derived from it.
  std::string password;

  /// The host to dial; empty: by the domain's SRV records, else the domain. The certificate must
  /// be that of the domain in any case.
  std::string host;
  /// 0: from SRV, else 5222. Direct TLS to a given host needs it.
  std::uint16_t port = 0;
  TlsMode tls = TlsMode::starttls;
  /// PEM file with certificates to trust besides the system's.
  std::string ca_file;
  /// Who is asked for SRV records, `address:port` (IPv4); empty: the system's name servers.
  std::string name_server;

  /// Go on with the last stream (XEP-0198) after a lost connection, also in another process.
  bool resumption = true;

  /// For each answer of the server.
  std::chrono::milliseconds request_timeout{std::chrono::seconds{30}};
  /// For each step on the way to a session: connect, TLS, authentication, ...
  std::chrono::milliseconds login_timeout{std::chrono::seconds{20}};
  /// Ping a server that has been silent for so long; twice that, and the connection is given up.
  std::chrono::milliseconds silence{std::chrono::seconds{15}};

  /// The largest file that is fetched. Files come by https from addresses of the public Internet,
  /// through at most five redirects, or from the account's own upload service, wherever it is.
  std::uint64_t max_download_bytes = 100ULL << 20U;
  /// For a file with all its redirects, however steadily it comes.
  std::chrono::milliseconds download_timeout{std::chrono::minutes{10}};

  bool operator==(const XmppOptions&) const = default;
};

}  // namespace wechaty::puppet_xmpp
