// SPDX-License-Identifier: Apache-2.0
// The client's session: what goes out, what comes in, and what a session begins with.
#include <spdlog/logger.h>

#include <utility>

#include "puppet_xmpp/stream/client.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

namespace {

bool is_stanza(const Element& element) {
  return element.xmlns == ns::client &&
         (element.name == "message" || element.name == "presence" || element.name == "iq");
}

}  // namespace

// --- from other threads ------------------------------------------------------------------------

void Client::send(Element stanza) {
  post([this, stanza = std::move(stanza)]() mutable {
    if (has_session()) transmit(std::move(stanza), {});
  });
}

void Client::send_safely(Element stanza, Outbox::OnSettled on_settled) {
  post([this, stanza = std::move(stanza), on_settled = std::move(on_settled)]() mutable {
    if (is_over()) {
      on_settled("the session has ended");
    } else if (has_session()) {
      transmit(std::move(stanza), std::move(on_settled));
    } else {
      parked_stanzas_.push_back({std::move(stanza), std::move(on_settled)});
    }
  });
}

void Client::deliver(Element stanza) {
  const auto question = std::make_shared<Question>(stanza);  // whose answer is that it has come
  send_safely(std::move(stanza), [question](const std::string& problem) {
    question->settle(problem.empty() ? std::optional{Element{}} : std::nullopt, problem);
  });
  static_cast<void>(question->wait(options_.request_timeout, stop_.get_token()));
}

Element Client::ask(Element iq) {
  const auto question = std::make_shared<Question>(std::move(iq));
  post([this, question] {
    if (is_over()) {
      question->settle({}, "the session has ended");
    } else if (in_session_) {
      ask_now(question);
    } else {
      questions_.park(question);
    }
  });
  try {
    return question->wait(options_.request_timeout, stop_.get_token());
  } catch (const puppet::TimeoutError&) {
    post([this, question] { questions_.forget(question); });
    throw;
  }
}

// --- the stream --------------------------------------------------------------------------------

void Client::on_connected() {
  vigil_.heard(environment_->now());
  negotiation_->on_connected();
}

void Client::on_opened() {
  vigil_.heard(environment_->now());
  negotiation_->on_opened();
}

void Client::on_element(Element element) {
  vigil_.heard(environment_->now());
  if (!negotiation_->is_over()) {
    negotiation_->on_element(element);
  } else if (in_session_ && !leaving_ && !doomed_) {
    on_session_element(element);
  }
}

void Client::on_login(LoginResult result) {
  auto beginning = management_.begin(result);
  if (!beginning) return doom("the server claims to have got more than was sent");
  in_session_ = true;
  left_ = false;
  backoff_.session_began(environment_->now());
  endpoints_.clear();  // next time from the first
  for (const Element& stanza : beginning->again) write(stanza);
  if (!beginning->again.empty()) write(Element{"r", ns::sm});
  if (!result.resumed) questions_.fail_sent("the connection was lost");
  listener_.on_session(result, std::move(beginning->unsettled));
  listener_.on_alive();
  for (const auto& question : questions_.take_parked()) ask_now(question);
  for (auto& entry : std::exchange(parked_stanzas_, {})) {
    transmit(std::move(entry.stanza), std::move(entry.on_settled));
  }
}

void Client::on_login_failure(const LoginFailure& failure) {
  trouble_ = stream_->tls_problem().empty() ? failure.text : why_it_ended(false);
  if (failure.kind == LoginFailure::Kind::credentials ||
      failure.kind == LoginFailure::Kind::address) {
    end(failure.kind, failure.text);
  } else if (failure.kind == LoginFailure::Kind::resumption) {
    management_.forget();
    backoff_.reset();
  }
  if (!stream_->is_closed()) stream_->close();
  if (failure.kind == LoginFailure::Kind::insecure) {
    log_.warn("XMPP {}: {}", account_.bare(), failure.text);
  }
}

void Client::on_session_element(Element& element) {
  if (element.is("r", ns::sm)) {
    listener_.on_ack_wanted();
  } else if (element.is("a", ns::sm)) {
    if (!management_.on_acknowledgement(element)) {
      management_.forget();
      return doom("the server claims to have got more than was sent");
    }
    backoff_.session_works();
  } else if (element.is("error", ns::stream)) {
    on_stream_error(element);
    return;
  } else if (is_stanza(element)) {
    const std::uint32_t number = management_.receive();
    if (element.name == "message") backoff_.session_works();
    if (element.name != "iq" || !questions_.answer(element)) listener_.on_stanza(element, number);
  }
  listener_.on_alive();
}

/// Nothing good comes of this stream any more. It is cut by the loop, not within its callbacks.
void Client::doom(std::string why) {
  trouble_ = std::move(why);
  doomed_ = true;
}

void Client::on_stream_error(const Element& error) {
  const std::string_view condition = error_condition(error);
  trouble_ = "the server ended the stream: " + describe_error(error);
  std::string text;
  for (const Element& child : error.children) {
    if (child.name == "text") text = child.text;
  }
  // Another client took the place, the account is gone: no use in trying on. Why a session is
  // `reset` the next login tells, e.g. by refusing the old password.
  if (condition == "conflict" || condition == "not-authorized") {
    end(LoginFailure::Kind::credentials, text.empty() ? std::string{condition} : text);
  } else if (condition == "policy-violation") {
    management_.poison();
  }
}

void Client::transmit(Element stanza, Outbox::OnSettled on_settled) {
  if (in_session_) write(stanza);
  if (management_.is_on()) {
    const bool asks = management_.push(std::move(stanza), std::move(on_settled));
    if (in_session_ && asks) write(Element{"r", ns::sm});
  } else if (on_settled) {
    // The answer to a ping proves that everything before it has come, too.
    ask_now(std::make_shared<Question>(ping(), std::move(on_settled)));
  }
}

void Client::write(const Element& element) { stream_->write(element.to_xml(ns::client)); }

void Client::ask_now(const std::shared_ptr<Question>& question) {
  questions_.add(question);
  transmit(question->iq, {});
}

Element Client::ping() const { return iq_get(account_.domain).add(Element{"ping", ns::ping}); }

void Client::acknowledge(std::uint32_t count) {
  if (!in_session_) return;
  if (const auto a = management_.acknowledge(count)) write(*a);
}

}  // namespace wechaty::puppet_xmpp
