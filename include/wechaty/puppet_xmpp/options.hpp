// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace wechaty::puppet_xmpp {

/// How the connection is encrypted. It always is.
enum class TlsMode {
  starttls,  ///< a plain port that is upgraded (RFC 6120, section 5); else nothing is sent
  direct,    ///< TLS from the first byte (XEP-0368)
};

/// What a PuppetXmpp is made with. A value; PuppetXmpp's constructor checks it.
///
/// Source: RFC 6120 (stream, TLS, SASL), RFC 7622 (addresses), and what stands at the members.
struct XmppOptions {
  /// The account: `alice@example.org`, in the form that its server gives it: ASCII is folded to
  /// lower case here, the rest of RFC 7622's preparation is not done. A server that binds another
  /// address (RFC 6120, section 7.6) is left with an `error` that names it. A resource (`/bot`) is
  /// asked for if given; else the server chooses one. Empty: the account on the memory card.
  std::string jid;
  /// UTF-8, as the server has it: RFC 4013 (SASLprep) is not applied, so one that is not ASCII
  /// works if it was set in the same form, which is NFKC on most servers. Empty: the login keys on
  /// the memory card, or PuppetXmpp::log_in(). Kept in memory only; the card gets keys that are
  /// derived from it (SCRAM, RFC 5802 and RFC 7677).
  std::string password;

  /// The host to dial; empty: by the domain's SRV records (RFC 6120, section 3.2), else the domain.
  /// The certificate must be that of the domain in any case (RFC 6120, section 13.7.2).
  std::string host;
  /// 0: from SRV, else 5222. Direct TLS to a given host needs it.
  std::uint16_t port = 0;
  TlsMode tls = TlsMode::starttls;
  /// PEM file with certificates to trust besides the system's. One that cannot be read shows as a
  /// TLS that fails.
  std::string ca_file;
  /// Who is asked for SRV records, `address:port` (IPv4); empty: the system's name servers.
  std::string name_server;

  /// Go on with the last stream (XEP-0198) after a lost connection, also in another process.
  bool resumption = true;

  /// For each answer of the server; above zero.
  std::chrono::milliseconds request_timeout{std::chrono::seconds{30}};
  /// For each step on the way to a session: connect, TLS, authentication, ...; above zero.
  std::chrono::milliseconds login_timeout{std::chrono::seconds{20}};
  /// Ping (XEP-0199) a server that has been silent for so long; twice that, and the connection is
  /// given up. Above zero.
  std::chrono::milliseconds silence{std::chrono::seconds{15}};

  /// The largest file that is fetched. Files come by https from addresses of the public Internet,
  /// through at most five redirects, or from the account's own upload service, wherever it is.
  std::uint64_t max_download_bytes = 100ULL << 20U;
  /// For a file with all its redirects, however steadily it comes.
  std::chrono::milliseconds download_timeout{std::chrono::minutes{10}};

  bool operator==(const XmppOptions&) const = default;
};

}  // namespace wechaty::puppet_xmpp
