// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/negotiation.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "puppet_xmpp/bytes.hpp"

namespace wechaty::puppet_xmpp {

namespace {

constexpr std::array<std::string_view, 2> mechanisms_by_strength{"SCRAM-SHA-256", "SCRAM-SHA-1"};

bool offers(const Element& mechanisms, std::string_view name) {
  for (const Element& mechanism : mechanisms.children) {
    if (mechanism.name == "mechanism" && mechanism.text == name) return true;
  }
  return false;
}

}  // namespace

std::optional<std::uint32_t> stanza_count(std::string_view h) {
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(h.data(), h.data() + h.size(), count);
  if (error != std::errc{} || end != h.data() + h.size()) return std::nullopt;
  return count;
}

std::string_view error_condition(const Element& error) {
  for (const Element& child : error.children) {
    if (child.name != "text" && (child.xmlns == ns::stanza_errors ||
                                 child.xmlns == ns::stream_errors || child.xmlns == ns::sasl)) {
      return child.name;
    }
  }
  return "undefined-condition";
}

std::string describe_error(const Element& error) {
  std::string text{error_condition(error)};
  for (const Element& child : error.children) {
    if (child.name == "text" && !child.text.empty()) text += " (" + child.text + ")";
  }
  return text;
}

Negotiation::Negotiation(Stream& stream, LoginRequest request,
                         std::function<void(LoginResult)> on_session,
                         std::function<void(LoginFailure)> on_failure)
    : stream_{stream},
      request_{std::move(request)},
      on_session_{std::move(on_session)},
      on_failure_{std::move(on_failure)} {}

std::string_view Negotiation::waiting_for() const {
  switch (state_) {
    case State::connecting: return "the connection";
    case State::features: return "the server's features";
    case State::tls: return "TLS";
    case State::sasl: return "authentication";
    case State::resumption: return "the resumption of the session";
    case State::binding: return "a resource";
    case State::enabling: return "stream management";
    case State::over: break;
  }
  return "nothing";
}

void Negotiation::on_connected() {
  if (request_.tls == TlsMode::direct) {
    secure();
  } else {
    stream_.open();
  }
}

void Negotiation::on_opened() {
  if (state_ == State::connecting || state_ == State::tls || state_ == State::sasl) {
    state_ = State::features;
  }
}

void Negotiation::on_element(const Element& element) {
  if (state_ == State::over) return;
  if (element.is("error", ns::stream)) {
    const bool unknown_account = error_condition(element) == "not-authorized";
    fail(unknown_account ? LoginFailure::Kind::credentials : LoginFailure::Kind::temporary,
         "the server ended the stream: " + describe_error(element));
    return;
  }
  switch (state_) {
    case State::features:
      if (element.is("features", ns::stream)) on_features(element);
      break;
    case State::tls:
      if (element.is("proceed", ns::tls)) {
        secure();
      } else if (element.is("failure", ns::tls)) {
        fail(LoginFailure::Kind::temporary, "the server could not start TLS");
      }
      break;
    case State::sasl: on_sasl(element); break;
    case State::resumption: on_resumption(element); break;
    case State::binding: on_bound(element); break;
    case State::enabling: on_enabled(element); break;
    default: break;
  }
}

void Negotiation::secure() {
  state_ = State::tls;
  if (!stream_.start_tls()) {
    fail(LoginFailure::Kind::temporary, "TLS failed");
    return;
  }
  secured_ = true;
  stream_.open();
}

void Negotiation::on_features(const Element& features) {
  if (!secured_) {
    if (features.child("starttls", ns::tls) == nullptr) {
      fail(LoginFailure::Kind::insecure, "the server offers no TLS on this port");
      return;
    }
    state_ = State::tls;
    write(Element{"starttls", ns::tls});
    return;
  }
  if (!authenticated_) {
    const Element* const mechanisms = features.child("mechanisms", ns::sasl);
    if (mechanisms == nullptr) {
      fail(LoginFailure::Kind::insecure, "the server offers no authentication");
    } else {
      begin_sasl(*mechanisms);
    }
    return;
  }
  offers_stream_management_ = features.child("sm", ns::sm) != nullptr;
  if (request_.resumption && offers_stream_management_) {
    state_ = State::resumption;
    write(Element{"resume", ns::sm}
              .set("previd", request_.resumption->id)
              .set("h", std::to_string(request_.resumption->received)));
    return;
  }
  begin_bind();
}

void Negotiation::begin_sasl(const Element& mechanisms) {
  // The keys fit one mechanism only; with the password the strongest is taken.
  std::string_view chosen;
  for (const std::string_view mechanism : mechanisms_by_strength) {
    const bool fits = request_.password || (request_.keys && request_.keys->mechanism == mechanism);
    if (chosen.empty() && fits && offers(mechanisms, mechanism)) chosen = mechanism;
  }
  if (chosen.empty()) {
    fail(request_.keys && !request_.password ? LoginFailure::Kind::credentials
                                             : LoginFailure::Kind::insecure,
         "the server offers neither SCRAM-SHA-256 nor SCRAM-SHA-1 for what is known of the "
         "account");
    return;
  }
  state_ = State::sasl;
  scram_ = std::make_unique<Scram>(chosen, request_.account.local, request_.password, request_.keys,
                                   random_text(24));
  write(Element{"auth", ns::sasl, to_base64(scram_->client_first())}.set("mechanism", chosen));
}

void Negotiation::on_sasl(const Element& element) {
  if (element.xmlns != ns::sasl) return;
  try {
    if (element.name == "challenge") {
      const auto text = from_base64(element.text);
      if (!text) throw puppet::Error{"SCRAM: the challenge is no base64"};
      write(Element{"response", ns::sasl, to_base64(scram_->client_final(*text))});
    } else if (element.name == "success") {
      const auto text = from_base64(element.text);
      if (!text || !scram_->verify(*text)) {
        throw puppet::Error{"the server could not prove that it knows the account"};
      }
      result_.keys = scram_->keys();
      authenticated_ = true;
      stream_.open();
    } else if (element.name == "failure") {
      const std::string_view condition = error_condition(element);
      const bool refused = condition == "not-authorized" || condition == "account-disabled" ||
                           condition == "credentials-expired" || condition == "invalid-authzid";
      fail(refused ? LoginFailure::Kind::credentials : LoginFailure::Kind::temporary,
           "the server refused the login: " + describe_error(element));
    }
  } catch (const PasswordNeededError& error) {
    fail(LoginFailure::Kind::credentials, error.what());
  } catch (const puppet::Error& error) {
    fail(LoginFailure::Kind::insecure, error.what());
  }
}

void Negotiation::on_resumption(const Element& element) {
  if (element.is("resumed", ns::sm)) {
    result_.resumed = true;
    result_.stream_management = true;
    result_.resumption_id = request_.resumption->id;
    result_.full_jid = request_.resumption->full_jid;
    result_.server_received = stanza_count(element.attr("h"));
    if (!result_.server_received) {
      fail(LoginFailure::Kind::resumption, "the server resumed the session without a count");
      return;
    }
    finish();
  } else if (element.is("failed", ns::sm)) {
    result_.server_received = stanza_count(element.attr("h"));
    if (element.children.empty()) {  // the server ends the stream after this
      fail(LoginFailure::Kind::resumption, "the session cannot be resumed");
    } else {
      begin_bind();
    }
  }
}

void Negotiation::begin_bind() {
  state_ = State::binding;
  Element bind{"bind", ns::bind};
  if (!request_.account.resource.empty()) {
    bind.add(Element{"resource", {}, request_.account.resource});
  }
  write(Element{"iq", ns::client}.set("type", "set").set("id", "bind").add(std::move(bind)));
}

void Negotiation::on_bound(const Element& element) {
  if (element.name != "iq" || element.attr("id") != "bind") return;
  const Element* const bind = element.child("bind", ns::bind);
  const auto jid = Jid::parse(bind == nullptr ? std::string_view{} : bind->child_text("jid"));
  if (element.attr("type") != "result" || !jid) {
    const Element* const error = element.child("error");
    fail(LoginFailure::Kind::temporary,
         "the server gave no resource: " + (error ? describe_error(*error) : std::string{"no id"}));
    return;
  }
  // What the server binds is the account's address (RFC 6120, section 7.6), whatever we thought.
  if (jid->bare() != request_.account.bare()) {
    fail(LoginFailure::Kind::address, "the server's address of this account is \"" + jid->bare() +
                                          "\", not \"" + request_.account.bare() + "\"");
    return;
  }
  result_.full_jid = jid->full();
  if (!request_.stream_management || !offers_stream_management_) {
    finish();
    return;
  }
  state_ = State::enabling;
  write(Element{"enable", ns::sm}.set("resume", request_.resumable ? "true" : ""));
}

void Negotiation::on_enabled(const Element& element) {
  if (element.is("enabled", ns::sm)) {
    result_.stream_management = true;
    const std::string_view resume = element.attr("resume");
    if (resume == "true" || resume == "1") result_.resumption_id = element.attr("id");
    finish();
  } else if (element.is("failed", ns::sm)) {
    finish();
  }
}

void Negotiation::finish() {
  state_ = State::over;
  on_session_(std::move(result_));
}

void Negotiation::fail(LoginFailure::Kind kind, std::string text) {
  if (state_ == State::over) return;
  state_ = State::over;
  on_failure_({.kind = kind, .text = std::move(text)});
}

void Negotiation::write(const Element& element) { stream_.write(element.to_xml(ns::client)); }

}  // namespace wechaty::puppet_xmpp
