// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/client/connection.hpp"

#include <algorithm>
#include <utility>

#include "puppet_service/client/client_call.hpp"
#include "puppet_service/client/discovery.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/events/error_event.hpp"

namespace wechaty::puppet_service {
namespace {

using puppet::NetworkError;

/// How long the server may take to stop its puppet; the reference gives itself 15 s.
constexpr std::chrono::seconds stop_limit{15};

/// A server tells whoever connects at once that the account is logged in; see Owner::on_settled().
constexpr std::chrono::seconds settle_time{1};

bool is_a(const std::exception_ptr& error, puppet::ErrorCode code) {
  return puppet::error_info(error).name == puppet::error_name(code);
}

/// Whether another attempt may help a start().
bool may_pass(const std::exception_ptr& error) {
  return is_a(error, puppet::ErrorCode::network) || is_a(error, puppet::ErrorCode::conflict);
}

}  // namespace

Connection::Connection(Settings settings, std::chrono::milliseconds silence,
                       std::shared_ptr<puppet::Executor> executor, Owner& owner)
    : settings_{std::move(settings)},
      silence_{silence},
      executor_{std::move(executor)},
      owner_{owner},
      backoff_{settings_.options.first_pause} {}

// --- open and close --------------------------------------------------------------------------

void Connection::open(const std::stop_token& stop) {
  set_status(ConnectionState::connecting, "looking for " + settings_.where());
  const std::stop_callback ending{stop, [this] { stop_.request_stop(); }};
  post([this] { first_attempts(); });
  std::unique_lock lock{mutex_};
  changed_.wait(lock, stop, [this] { return opened_ || open_failure_; });
  if (open_failure_) std::rethrow_exception(open_failure_);
  if (!opened_) throw puppet::CancelledError{"start: stopped while looking for the server"};
}

/// Until it works or start() has waited long enough. Pauses here on the worker: start() may have
/// been called on the executor's thread, which then serves no timers.
void Connection::first_attempts() {
  const auto limit = std::chrono::steady_clock::now() + settings_.options.start_timeout;
  std::exception_ptr failure;
  while (true) {
    try {
      attempt(settings_.options.call_timeout);
      break;
    } catch (...) {
      failure = std::current_exception();
    }
    if (!may_pass(failure) || std::chrono::steady_clock::now() >= limit ||
        !pause(backoff_.next(settings_.options.longest_pause))) {
      const std::lock_guard lock{mutex_};
      open_failure_ = failure;
      changed_.notify_all();
      return;
    }
  }
  go_online();
  const std::lock_guard lock{mutex_};
  opened_ = true;
  changed_.notify_all();
}

void Connection::close(bool stop_puppet) {
  stop_.request_stop();
  worker_.close();
  std::shared_ptr<Link> link;
  {
    const std::lock_guard lock{mutex_};
    link.swap(link_);
  }
  set_status(ConnectionState::offline, "stopped");
  if (!link) return;
  link->close();  // the stream ends before the puppet is stopped, as with the reference
  if (!stop_puppet) return;
  grpc::ClientContext context;
  link->prepare(context,
                std::min<std::chrono::milliseconds>(settings_.options.call_timeout, stop_limit));
  pb::StopResponse answer;
  const grpc::Status status = link->stub().Stop(&context, pb::StopRequest{}, &answer);
  if (!status.ok()) throw_failure(link->without_token(status), "Stop");
}

// --- one attempt -----------------------------------------------------------------------------

void Connection::attempt(std::chrono::milliseconds start_limit) {
  const std::string address = settings_.endpoint.empty()
                                  ? discover("https://" + settings_.authority, settings_.token,
                                             settings_.options.connect_timeout, stop_.get_token())
                                  : settings_.endpoint;
  const std::uint64_t number = ++last_number_;
  Link::Receiver receiver{
      .on_event = [this, number](const pb::EventResponse& e) { owner_.on_event(e, number); },
      .on_end =
          [this, number](const grpc::Status& status) {
            post([this, number, reason = reason_of(status)] { lost(number, reason); });
          }};
  const auto link =
      std::make_shared<Link>(settings_, address, number, executor_, std::move(receiver));
  {
    const std::lock_guard lock{mutex_};
    link_ = link;  // listeners of the first events may ask for payloads already
  }
  bool start_is_asked = false;
  try {
    link->open_stream();
    const auto stream = link->wait_for_stream(settings_.options.connect_timeout, stop_.get_token());
    if (stopped()) throw puppet::CancelledError{"stopped while connecting to " + address};
    if (!stream) throw NetworkError{address + " does not answer"};
    if (*stream == Link::Stream::ended) throw_failure(link->end_status(), address);
    start_is_asked = true;
    start_puppet(*link, start_limit);
  } catch (...) {
    // A start that was cut short goes on at the server: close() needs the link to stop it.
    if (start_is_asked && stopped()) throw;
    drop_link(puppet::error_info(std::current_exception()).message);
    throw;
  }
}

/// A server that was restarted has to be told again; one that has started its puppet says OK.
void Connection::start_puppet(Link& link, std::chrono::milliseconds limit) {
  ClientCall call{link, limit, stop_.get_token()};
  pb::StartResponse answer;
  call.finish(link.stub().Start(&call.context(), pb::StartRequest{}, &answer), "Start");
}

void Connection::drop_link(const std::string& reason) {
  std::shared_ptr<Link> link;
  {
    const std::lock_guard lock{mutex_};
    link.swap(link_);
  }
  if (!link) return;
  link->give_up(reason);
  link->close();
}

// --- the machine -----------------------------------------------------------------------------

void Connection::go_online() {
  online_ = true;
  refusal_reported_ = false;
  backoff_.reset();
  owner_.on_online(last_number_);
  set_status(ConnectionState::online, {});
  watch(last_number_);
  at(executor_->now() + settle_time, [number = last_number_](Connection& self) {
    if (self.online_ && number == self.last_number_) self.owner_.on_settled(number);
  });
}

void Connection::lost(std::uint64_t number, const std::string& reason) {
  if (stopped() || !online_ || number != last_number_) return;
  online_ = false;
  const std::string text = "the connection to " + settings_.where() + " is lost: " + reason;
  drop_link(text);
  owner_.on_stale();
  set_status(ConnectionState::stale, reason);
  owner_.on_failure(std::make_exception_ptr(NetworkError{text}));
  try {
    // Long enough to find out whether the session goes on, no longer.
    attempt(settings_.options.connect_timeout);
    go_online();
  } catch (...) {
    if (stopped()) return;
    owner_.on_offline("connection lost: " + reason);
    failed(std::current_exception());
  }
}

void Connection::retry() {
  if (stopped() || online_) return;
  try {
    attempt(settings_.options.call_timeout);
    go_online();
  } catch (...) {
    if (!stopped()) failed(std::current_exception());
  }
}

void Connection::failed(std::exception_ptr error) {
  const bool refused = is_a(error, puppet::ErrorCode::authentication);
  set_status(ConnectionState::offline, puppet::error_info(error).message);
  if (refused && !std::exchange(refusal_reported_, true)) owner_.on_failure(error);
  const auto& options = settings_.options;
  const auto pause = backoff_.next(refused ? options.longest_refused_pause : options.longest_pause);
  at(executor_->now() + pause, [](Connection& self) { self.retry(); });
}

// --- doubt -----------------------------------------------------------------------------------

void Connection::watch(std::uint64_t number) {
  std::shared_ptr<Link> link;
  {
    const std::lock_guard lock{mutex_};
    link = link_;
  }
  if (!link || link->number() != number) return;
  at(link->last_heard() + silence_, [number](Connection& self) { self.look(number); });
}

void Connection::look(std::uint64_t number) {
  std::shared_ptr<Link> link;
  {
    const std::lock_guard lock{mutex_};
    link = link_;
  }
  if (!link || link->number() != number) return;
  if (executor_->now() < link->last_heard() + silence_) return watch(number);
  probe(number);
}

/// Asks for the version, which every server answers, if only that it does not know the call.
void Connection::probe(std::uint64_t number) {
  if (stopped() || !online_ || number != last_number_) return;
  const auto link = this->link();
  ClientCall call{*link, settings_.options.probe_timeout, stop_.get_token()};
  pb::VersionResponse answer;
  const grpc::Status status = link->stub().Version(&call.context(), pb::VersionRequest{}, &answer);
  if (stopped()) return;
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::UNAUTHENTICATED:
      return lost(number, "silence, and no answer to a question: " +
                              reason_of(link->without_token(status)));
    default: break;
  }
  link->heard();
  owner_.on_answer();
  watch(number);
}

// --- small things ----------------------------------------------------------------------------

std::shared_ptr<Link> Connection::link() const {
  const std::lock_guard lock{mutex_};
  if (link_) return link_;
  throw NetworkError{"not connected to " + settings_.where() +
                     (status_.reason.empty() ? "" : ": " + status_.reason)};
}

void Connection::set_status(ConnectionState state, std::string reason) {
  ConnectionStatus status;
  {
    const std::lock_guard lock{mutex_};
    if (status_.state == state && status_.reason == reason) return;
    status_.since =
        status_.state == state && status_.since != puppet::Timestamp{}
            ? status_.since
            : std::chrono::floor<puppet::Timestamp::duration>(std::chrono::system_clock::now());
    status_.state = state;
    status_.reason = std::move(reason);
    status = status_;
  }
  owner_.on_status(std::move(status));
}

/// One step of the machine after the others; not after close().
void Connection::post(std::function<void()> step) {
  worker_.post([this, step = std::move(step)] {
    try {
      step();
    } catch (...) {
      owner_.on_failure(std::current_exception());
    }
  });
}

/// A step at a time; not after close().
void Connection::at(Clock::time_point when, std::function<void(Connection&)> task) {
  executor_->call_at(when, [weak = weak_from_this(), task = std::move(task)] {
    if (const auto self = weak.lock()) {
      self->post([connection = self.get(), task] { task(*connection); });
    }
  });
}

/// @result false when it was cut short
bool Connection::pause(std::chrono::milliseconds time) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, stop_.get_token(), time, [] { return false; });
  return !stopped();
}

}  // namespace wechaty::puppet_service
