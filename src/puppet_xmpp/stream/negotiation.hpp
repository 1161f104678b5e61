// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/stream/scram.hpp"
#include "puppet_xmpp/stream/stream.hpp"
#include "wechaty/puppet_xmpp/options.hpp"

namespace wechaty::puppet_xmpp {

/// A session that may be taken up again (XEP-0198).
struct Resumption {
  std::string id;
  std::string full_jid;
  std::uint32_t received = 0;  ///< stanzas of the server that we have dealt with

  friend bool operator==(const Resumption&, const Resumption&) = default;
};

/// What is said to the server to log in.
struct LoginRequest {
  Jid account;
  TlsMode tls = TlsMode::starttls;
  std::optional<std::string> password;
  std::optional<ScramKeys> keys;
  bool stream_management = true;
  bool resumable = true;
  std::optional<Resumption> resumption;
};

/// What came out of it.
struct LoginResult {
  std::string full_jid;
  ScramKeys keys;
  bool stream_management = false;
  std::string resumption_id;  ///< empty: this session cannot be resumed
  bool resumed = false;
  /// How many of our stanzas the server has: of the session resumed, or of the one that it could
  /// not resume any more, if it still knows.
  std::optional<std::uint32_t> server_received;
};

/// Why it did not.
struct LoginFailure {
  enum class Kind {
    temporary,    ///< try again
    credentials,  ///< the account or its password is refused
    address,      ///< the server knows the account under another address
    insecure,     ///< the server offers no way that is safe
    resumption,   ///< the session could not be resumed and the stream is of no use any more
  };
  Kind kind = Kind::temporary;
  std::string text;
};

/// From a TCP connection to a session: TLS, SASL, resumption or resource binding, stream
/// management. A state machine without clock and network; RFC 6120, RFC 6121, XEP-0198.
///
/// Thread: the loop's. Exactly one of the two callbacks is called, at most once.
class Negotiation {
 public:
  Negotiation(Stream& stream, LoginRequest request, std::function<void(LoginResult)> on_session,
              std::function<void(LoginFailure)> on_failure);

  void on_connected();
  void on_opened();
  void on_element(const Element& element);
  [[nodiscard]] bool is_over() const { return state_ == State::over; }
  /// What it is waiting for; for messages.
  [[nodiscard]] std::string_view waiting_for() const;

 private:
  enum class State { connecting, features, tls, sasl, resumption, binding, enabling, over };

  void on_features(const Element& features);
  void on_sasl(const Element& element);
  void on_resumption(const Element& element);
  void on_bound(const Element& element);
  void on_enabled(const Element& element);
  void begin_sasl(const Element& mechanisms);
  void begin_bind();
  void secure();
  void finish();
  void fail(LoginFailure::Kind kind, std::string text);
  void write(const Element& element);

  Stream& stream_;
  LoginRequest request_;
  std::function<void(LoginResult)> on_session_;
  std::function<void(LoginFailure)> on_failure_;
  State state_ = State::connecting;
  bool secured_ = false;
  bool authenticated_ = false;
  bool offers_stream_management_ = false;
  std::unique_ptr<Scram> scram_;
  LoginResult result_;
};

/// What an `h` of XEP-0198 says; nullopt for what is no number of stanzas.
[[nodiscard]] std::optional<std::uint32_t> stanza_count(std::string_view h);
/// The condition and text of a stream or stanza error: `conflict (Replaced by new connection)`.
[[nodiscard]] std::string describe_error(const Element& error);
/// The name of the first child that is an error condition, e.g. `not-authorized`.
[[nodiscard]] std::string_view error_condition(const Element& error);

}  // namespace wechaty::puppet_xmpp
