// SPDX-License-Identifier: Apache-2.0
// The client's life: its thread, one attempt after the other, and the end.
#include "puppet_xmpp/stream/client.hpp"

#include <pthread.h>
#include <spdlog/logger.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds longest_turn{1'000};
constexpr milliseconds longest_farewell{3'000};

void block_sigpipe() {  // libstrophe's writes to a dead socket raise it
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

}  // namespace

Client::Client(XmppOptions options, Jid account, ClientListener& listener, spdlog::logger& log,
               std::unique_ptr<Environment> environment)
    : options_{std::move(options)},
      account_{std::move(account)},
      listener_{listener},
      log_{log},
      environment_{std::move(environment)} {}

Client::~Client() { stop(); }

void Client::start() {
  thread_ = std::thread{[this] { run(); }};
}

void Client::stop() {
  stop_.request_stop();
  post([] {});
  if (thread_.joinable()) thread_.join();
}

void Client::run() {
  block_sigpipe();
  while (!is_over()) {
    try {
      attempt();
    } catch (const std::exception& error) {  // nothing else would end the process
      if (stream_) stream_->cut();
      in_session_ = false;
      backoff_.attempt_ended(environment_->now());
      listener_.on_trouble(error.what());
    }
    if (!is_over()) wait_before_next_attempt();
  }
  stream_.reset();
  negotiation_.reset();
  fail_all("the session has ended");
  wait_for_stop();
  questions_.fail_all("the session has ended");
}

/// One connection, from its attempt to its end.
void Client::attempt() {
  trouble_.clear();
  in_session_ = doomed_ = false;
  vigil_.heard(environment_->now());
  negotiate();
  const auto endpoint = next_endpoint();
  if (!endpoint) {
    trouble_ = "\"" + account_.domain + "\" says of no server (SRV)";
  } else if (stream_->connect(*endpoint)) {
    while (!stream_->is_closed() && !is_over()) {
      work(longest_turn);
      if (doomed_) stream_->cut();
      if (!stream_->is_closed()) check_time();
    }
  }
  if (stop_.stop_requested() && !stream_->is_closed()) end_orderly();
  stream_->cut();
  const bool was_in_session = std::exchange(in_session_, false);
  backoff_.attempt_ended(environment_->now());
  if (is_over()) return;
  if (trouble_.empty()) trouble_ = why_it_ended(was_in_session);
  log_.debug("XMPP {}: {}", account_.bare(), trouble_);
  listener_.on_trouble(trouble_);
}

/// A new stream and the negotiation that is to follow on it.
void Client::negotiate() {
  stream_ = environment_->make_connection(options_, account_, *this, stop_.get_token());
  LoginRequest request = listener_.login_request();
  request.resumption = management_.offer(std::move(request.resumption));
  negotiation_ = std::make_unique<Negotiation>(
      *stream_, std::move(request), [this](LoginResult result) { on_login(std::move(result)); },
      [this](const LoginFailure& failure) { on_login_failure(failure); });
}

/// The first place to dial; after a place that led to no session the one behind it.
std::optional<Endpoint> Client::next_endpoint() {
  if (endpoints_.empty()) {
    const auto found = endpoints_of(options_, account_.domain);
    endpoints_.assign(found.begin(), found.end());
  }
  if (endpoints_.empty()) return std::nullopt;
  Endpoint next = std::move(endpoints_.front());
  endpoints_.pop_front();
  return next;
}

std::string Client::why_it_ended(bool was_in_session) const {
  if (!stream_->tls_problem().empty()) {
    return "the server's certificate is refused for \"" + account_.domain +
           "\": " + stream_->tls_problem();
  }
  if (was_in_session || negotiation_->is_over()) return "the connection broke off";
  return "the connection failed while waiting for " + std::string{negotiation_->waiting_for()};
}

void Client::work(milliseconds longest) {
  stream_->wait(tasks_.wake(), tasks_.rest(environment_->now(), longest));
  run_tasks();
}

void Client::run_tasks() { tasks_.run(environment_->now()); }

void Client::check_time() {
  switch (vigil_.check(environment_->now(), in_session_)) {
    case Vigil::Verdict::fine: break;
    case Vigil::Verdict::ping: ask_now(std::make_shared<Question>(ping())); break;
    case Vigil::Verdict::dead:
      trouble_ = in_session_ ? "the server has been silent for too long"
                             : "the server is silent; waiting for " +
                                   std::string{negotiation_->waiting_for()};
      stream_->cut();
  }
}

void Client::wait_before_next_attempt() {
  const auto until = environment_->now() + backoff_.next_wait();
  while (!is_over()) {
    const auto rest = std::chrono::ceil<milliseconds>(until - environment_->now());
    if (rest <= milliseconds{0}) return;
    environment_->idle(tasks_.wake(), std::min(rest, longest_turn));
    run_tasks();
  }
}

/// Ended, but tasks of callers have to be told so.
void Client::wait_for_stop() {
  while (!stop_.stop_requested()) {
    environment_->idle(tasks_.wake(), longest_turn);
    run_tasks();
  }
  run_tasks();
}

void Client::fail_all(const std::string& why) {
  questions_.fail_all(why);
  for (auto& entry : std::exchange(parked_stanzas_, {})) entry.on_settled(why);
  for (auto& entry : management_.end()) {
    if (entry.on_settled) entry.on_settled(why + " before the server had it");
  }
}

void Client::end_orderly() {
  leaving_ = true;
  if (!in_session_) return;
  write(Element{"presence", ns::client}.set("type", "unavailable"));
  stream_->close();
  management_.forget();
  const auto until = environment_->now() + longest_farewell;
  while (!stream_->is_closed() && environment_->now() < until) {
    stream_->wait(tasks_.wake(), milliseconds{50});
  }
  left_ = stream_->is_closed();
}

void Client::end(LoginFailure::Kind kind, const std::string& why) {
  if (std::exchange(ended_, true)) return;
  management_.forget();
  listener_.on_ended(kind, why);
}

}  // namespace wechaty::puppet_xmpp
