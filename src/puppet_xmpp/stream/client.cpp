// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/client.hpp"

#include <poll.h>
#include <pthread.h>
#include <spdlog/logger.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <random>
#include <utility>

#include "puppet_xmpp/bytes.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds longest_turn{1'000};
constexpr milliseconds longest_farewell{3'000};
constexpr milliseconds first_wait{500};
constexpr milliseconds longest_wait{60'000};
constexpr std::chrono::seconds lasting_session{1};  // who drops it earlier is not dialled at once

bool is_stanza(const Element& element) {
  return element.xmlns == ns::client &&
         (element.name == "message" || element.name == "presence" || element.name == "iq");
}

}  // namespace

Client::Client(XmppOptions options, Jid account, ClientListener& listener, spdlog::logger& log)
    : options_{std::move(options)},
      account_{std::move(account)},
      listener_{listener},
      log_{log},
      wake_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
  if (wake_ < 0) throw puppet::Error{"no eventfd: too many open files?"};
}

Client::~Client() {
  stop();
  ::close(wake_);
}

void Client::start() {
  thread_ = std::thread{[this] { run(); }};
}

void Client::stop() {
  stop_.request_stop();
  post([] {});
  if (thread_.joinable()) thread_.join();
}

// --- from other threads ------------------------------------------------------------------------

void Client::post(std::function<void()> task) {
  {
    const std::lock_guard lock{mutex_};
    tasks_.push_back(std::move(task));
  }
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_, &one, sizeof one));  // full is awake, too
}

void Client::post_at(Clock::time_point when, std::function<void()> task) {
  const std::lock_guard lock{mutex_};
  timers_.emplace(when, std::move(task));
}

void Client::send(Element stanza) {
  post([this, stanza = std::move(stanza)]() mutable {
    if (in_session_ || resumption_) transmit(std::move(stanza), {});
  });
}

void Client::send_safely(Element stanza, Outbox::OnSettled on_settled) {
  post([this, stanza = std::move(stanza), on_settled = std::move(on_settled)]() mutable {
    if (is_over()) {
      on_settled("the session has ended");
    } else if (in_session_ || resumption_) {
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

// --- the loop ----------------------------------------------------------------------------------

void Client::run() {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);  // libstrophe's writes to a dead socket raise it
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  while (!is_over()) {
    try {
      attempt();
    } catch (const std::exception& error) {  // nothing else would end the process
      if (stream_) stream_->cut();
      in_session_ = false;
      ++failures_;
      listener_.on_trouble(error.what());
    }
    if (!is_over()) wait_before_next_attempt();
  }
  stream_.reset();
  negotiation_.reset();
  questions_.fail_all("the session has ended");
  for (auto& entry : parked_stanzas_) entry.on_settled("the session has ended");
  parked_stanzas_.clear();
  for (auto& entry : outbox_.restart(0)) {
    if (entry.on_settled) entry.on_settled("the session has ended before the server had it");
  }
  while (!stop_.stop_requested()) {  // ended, but tasks of callers have to be told so
    pollfd place{.fd = wake_, .events = POLLIN, .revents = 0};
    ::poll(&place, 1, static_cast<int>(longest_turn.count()));
    run_tasks();
  }
  run_tasks();
  questions_.fail_all("the session has ended");
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

/// One connection, from its attempt to its end.
void Client::attempt() {
  trouble_.clear();
  in_session_ = false;
  last_progress_ = Clock::now();
  StreamListener& listener = *this;
  stream_ = std::make_unique<StropheStream>(options_, account_, listener, stop_.get_token());
  LoginRequest request = listener_.login_request();
  if (poisoned_ || stored_spent_ || !options_.resumption) request.resumption.reset();
  if (!poisoned_ && options_.resumption && resumption_) {
    resumption_->received = received_;
    request.resumption = resumption_;
  }
  if (request.resumption) received_ = request.resumption->received;
  negotiation_ = std::make_unique<Negotiation>(
      *stream_, std::move(request), [this](LoginResult result) { on_login(std::move(result)); },
      [this](const LoginFailure& failure) { on_login_failure(failure); });
  const auto endpoint = next_endpoint();
  if (!endpoint) {
    trouble_ = "\"" + account_.domain + "\" says of no server (SRV)";
  } else if (stream_->connect(*endpoint)) {
    while (!stream_->is_closed() && !is_over()) {
      work(longest_turn);
      if (!stream_->is_closed()) check_time();
    }
  }
  if (stop_.stop_requested() && !stream_->is_closed()) end_orderly();
  stream_->cut();
  const bool was_in_session = std::exchange(in_session_, false);
  if (was_in_session && Clock::now() - session_began_ >= lasting_session) failures_ = 0;
  ++failures_;
  if (is_over()) return;
  if (trouble_.empty()) {
    trouble_ = !stream_->tls_problem().empty()
                   ? "the server's certificate is refused: " + stream_->tls_problem()
               : was_in_session          ? "the connection broke off"
               : negotiation_->is_over() ? "the connection broke off"
                                         : "the connection failed while waiting for " +
                                               std::string{negotiation_->waiting_for()};
  }
  log_.debug("XMPP {}: {}", account_.bare(), trouble_);
  listener_.on_trouble(trouble_);
}

void Client::work(milliseconds longest) {
  auto limit = longest;
  {
    const std::lock_guard lock{mutex_};
    if (!tasks_.empty()) limit = milliseconds{0};
    if (!timers_.empty()) {
      const auto until = std::chrono::ceil<milliseconds>(timers_.begin()->first - Clock::now());
      limit = std::clamp(until, milliseconds{0}, limit);
    }
  }
  stream_->wait(wake_, limit);
  run_tasks();
}

void Client::run_tasks() {
  std::uint64_t count = 0;
  static_cast<void>(!::read(wake_, &count, sizeof count));
  std::deque<std::function<void()>> tasks;
  {
    const std::lock_guard lock{mutex_};
    tasks.swap(tasks_);
    while (!timers_.empty() && timers_.begin()->first <= Clock::now()) {
      tasks.push_back(std::move(timers_.begin()->second));
      timers_.erase(timers_.begin());
    }
  }
  for (auto& task : tasks) {
    try {
      task();
    } catch (...) {  // nobody else's tasks are to suffer, nor the process
      listener_.on_error(std::current_exception());
    }
  }
}

void Client::check_time() {
  const auto now = Clock::now();
  if (!in_session_) {
    if (now - last_progress_ > options_.login_timeout) {
      trouble_ = "the server is silent; waiting for " + std::string{negotiation_->waiting_for()};
      stream_->cut();
    }
    return;
  }
  const auto silent = now - last_received_;
  if (silent > options_.silence * 2) {
    trouble_ = "the server has been silent for too long";
    stream_->cut();
  } else if (silent > options_.silence && !std::exchange(pinged_, true)) {
    ask_now(std::make_shared<Question>(ping()));
  }
}

void Client::wait_before_next_attempt() {
  const int exponent = std::min(failures_, 8) - 1;
  const auto longest = std::min(first_wait * (1 << exponent), longest_wait);
  std::mt19937 random{std::random_device{}()};
  std::uniform_int_distribution<milliseconds::rep> part{failures_ == 1 ? 0 : longest.count() / 2,
                                                        longest.count()};
  const auto until = Clock::now() + milliseconds{part(random)};
  while (!is_over() && Clock::now() < until) {
    pollfd place{.fd = wake_, .events = POLLIN, .revents = 0};
    const auto rest = std::chrono::ceil<milliseconds>(until - Clock::now());
    ::poll(&place, 1, static_cast<int>(std::min(rest, longest_turn).count()));
    run_tasks();
  }
}

void Client::end_orderly() {
  leaving_ = true;
  if (in_session_) {
    write(Element{"presence", ns::client}.set("type", "unavailable"));
    stream_->close();
    resumption_.reset();
    const auto until = Clock::now() + longest_farewell;
    while (!stream_->is_closed() && Clock::now() < until) stream_->wait(wake_, milliseconds{50});
    left_ = stream_->is_closed();
  }
}

void Client::end(LoginFailure::Kind kind, const std::string& why) {
  if (std::exchange(ended_, true)) return;
  resumption_.reset();
  listener_.on_ended(kind, why);
}

// --- the stream --------------------------------------------------------------------------------

void Client::on_connected() {
  last_progress_ = Clock::now();
  negotiation_->on_connected();
}

void Client::on_opened() {
  last_progress_ = Clock::now();
  negotiation_->on_opened();
}

void Client::on_element(Element element) {
  last_received_ = last_progress_ = Clock::now();
  pinged_ = false;
  if (!negotiation_->is_over()) {
    negotiation_->on_element(element);
  } else if (in_session_ && !leaving_) {
    on_session_element(element);
  }
}

void Client::on_closed() { last_progress_ = Clock::now(); }

void Client::on_login(LoginResult result) {
  in_session_ = true;
  left_ = false;
  session_began_ = Clock::now();
  endpoints_.clear();  // next time from the first
  stored_spent_ = true;
  pinged_ = false;
  full_jid_ = result.full_jid;
  stream_management_ = result.stream_management;
  std::deque<Outbox::Entry> unsettled;
  if (result.resumed) {
    if (!outbox_.acknowledge(*result.server_received)) {
      // Another process was the sender: its waiting calls are gone, the count goes on.
      outbox_.restart(*result.server_received);
    }
    std::vector<Element> again;
    outbox_.for_each([&](const Element& stanza) { again.push_back(stanza); });
    for (const Element& stanza : again) write(stanza);
    if (!again.empty()) write(Element{"r", ns::sm});
  } else {
    if (result.server_received) outbox_.acknowledge(*result.server_received);
    received_ = 0;
    unsettled = outbox_.restart(0);
    questions_.fail_sent("the connection was lost");
  }
  if (std::exchange(poisoned_, false)) {
    for (auto& entry : unsettled) {
      if (entry.on_settled) entry.on_settled("the server ended the stream when it got this");
    }
    unsettled.clear();
  }
  acknowledged_ = received_;
  resumption_.reset();
  if (!result.resumption_id.empty()) {
    resumption_ = Resumption{.id = result.resumption_id, .full_jid = full_jid_};
  }
  listener_.on_session(result, std::move(unsettled));
  listener_.on_alive();
  for (const auto& question : questions_.take_parked()) ask_now(question);
  for (auto& entry : std::exchange(parked_stanzas_, {})) {
    transmit(std::move(entry.stanza), std::move(entry.on_settled));
  }
}

void Client::on_login_failure(const LoginFailure& failure) {
  trouble_ = failure.text;
  if (!stream_->tls_problem().empty()) {
    trouble_ = "the server's certificate is refused: " + stream_->tls_problem();
  }
  if (failure.kind == LoginFailure::Kind::credentials) {
    end(failure.kind, failure.text);
  } else if (failure.kind == LoginFailure::Kind::resumption) {
    resumption_.reset();
    stored_spent_ = true;
    failures_ = 0;
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
    const std::string_view h = element.attr("h");
    std::uint32_t count = 0;
    const auto parsed = std::from_chars(h.data(), h.data() + h.size(), count);
    if (parsed.ptr != h.data() + h.size() || h.empty() || !outbox_.acknowledge(count)) {
      trouble_ = "the server acknowledged more than was sent";
      resumption_.reset();
      stream_->cut();
      return;
    }
  } else if (element.is("error", ns::stream)) {
    on_stream_error(element);
    return;
  } else if (is_stanza(element)) {
    ++received_;
    if (element.name != "iq" || !questions_.answer(element))
      listener_.on_stanza(element, received_);
  }
  listener_.on_alive();
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
    poisoned_ = true;
    resumption_.reset();
  }
}

void Client::transmit(Element stanza, Outbox::OnSettled on_settled) {
  if (in_session_) write(stanza);
  if (stream_management_) {
    const bool wait = static_cast<bool>(on_settled);
    outbox_.push(std::move(stanza), std::move(on_settled));
    if (in_session_ && (wait || outbox_.size() % 50 == 0)) write(Element{"r", ns::sm});
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
  if (!in_session_ || !stream_management_) return;
  const std::uint32_t pending = received_ - acknowledged_;
  if (count - acknowledged_ > pending) return;  // of a session that is over
  acknowledged_ = count;
  write(Element{"a", ns::sm}.set("h", std::to_string(count)));
}

}  // namespace wechaty::puppet_xmpp
