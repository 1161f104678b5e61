// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/service_mixin.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace wechaty::puppet {

namespace {
constexpr std::chrono::seconds longest_retry_wait{60};
}  // namespace

ServiceMixin::ServiceMixin(PuppetCore& core, MemoryMixin& memory, LoginMixin& login)
    : core_{core}, memory_{memory}, login_{login} {
  core_.set_stopper([this] { stop(); });
  core_.set_on_bite([this](const std::string& last_food) {
    core_.report_error("WatchdogAgent reset: lastFood: \"" + last_food + "\"");
    reset("no heartbeat from the service");
  });
  // Two clients with one session would throw each other out: log in again only with the lease.
  memory_.set_on_lease_lost([this](const std::string& why) {
    core_.report_error(why);
    reset(why);
  });
}

void ServiceMixin::start() {
  core_.exclusive().run(
      [this] {
        if (state_ == State::started) return;
        retry_wait_ = std::chrono::seconds{1};
        start_steps();
      },
      [](std::exception_ptr) {});  // start_steps() has reported it
}

void ServiceMixin::start_steps() {
  ++round_;
  core_.renew_stop_token();
  state_ = State::starting;
  try {
    memory_.load_session();
    core_.session().set_accepting(true);
    core_.watchdog().arm();
    if (core_.is_shut_down()) throw CancelledError{"start: the puppet is being destroyed"};
    do_start();
  } catch (...) {
    core_.report_error(std::current_exception(), "start");
    stop_steps(false);
    throw;
  }
  state_ = State::started;
  core_.session().announce({.event = EventStartPayload{}, .before = {}, .after = {}});
}

void ServiceMixin::stop() {
  if (state_ == State::starting) core_.request_stop();  // do not wait for the network's patience
  core_.exclusive().run(
      [this] {
        ++round_;  // also a restart that is waiting for its time is off
        if (state_ != State::stopped) stop_steps(true);
      },
      [this](std::exception_ptr error) { core_.report_error(error, "stop"); });
}

void ServiceMixin::stop_steps(bool was_started) {
  ++round_;
  state_ = State::stopping;
  core_.watchdog().disarm();
  core_.request_stop();
  login_.set_stopping(true);
  try {
    if (!core_.is_shut_down()) do_stop();
  } catch (...) {
    core_.report_error(std::current_exception(), "stop");
  }
  login_.end_for_stop("puppet stop()");
  core_.session().set_accepting(false);
  login_.set_stopping(false);
  try {
    memory_.save_session();
  } catch (...) {
    core_.report_error(std::current_exception(), "stop: the session is not saved");
  }
  memory_.release_session();
  state_ = State::stopped;
  if (!was_started) return;
  core_.exclusive().wait_for(
      core_.session().announce({.event = EventStopPayload{}, .before = {}, .after = {}}));
}

void ServiceMixin::reset(std::string_view reason) {
  core_.exclusive().run([this, reason = std::string{reason}] { reset_steps(reason); },
                        [this](std::exception_ptr error) { core_.report_error(error, "reset"); });
}

void ServiceMixin::reset_steps(const std::string& reason) {
  if (state_ == State::stopped) return;
  core_.report(EventResetPayload{.data = reason});
  stop_steps(true);
  retry_wait_ = std::chrono::seconds{1};
  restart();
}

void ServiceMixin::restart() {
  try {
    start_steps();
  } catch (...) {
    const auto wait = std::exchange(retry_wait_, std::min(retry_wait_ * 2, longest_retry_wait));
    core_.log().warn("{}: the restart failed; the next try is in {} s", core_.name(), wait.count());
    core_.call_on_worker_at(core_.executor().now() + wait, [this, round = round_.load()] {
      core_.exclusive().run(
          [this, round] {
            if (round == round_) restart();
          },
          [](std::exception_ptr) {});
    });
  }
}

void ServiceMixin::heartbeat(std::string_view data) {
  core_.report(EventHeartbeatPayload{.data = data.empty() ? std::nullopt
                                                          : std::optional{std::string{data}}});
}

void ServiceMixin::heartbeat_every(std::chrono::milliseconds interval) {
  if (interval <= std::chrono::milliseconds::zero()) {
    throw InvalidArgumentError{"heartbeat_every: the interval must be positive, got " +
                               std::to_string(interval.count()) + " ms"};
  }
  beat(round_, interval);
}

void ServiceMixin::beat(std::uint64_t round, std::chrono::milliseconds interval) {
  if (round != round_) return;
  heartbeat();
  core_.call_at(core_.executor().now() + interval,
                [this, round, interval] { beat(round, interval); });
}

void ServiceMixin::feed_watchdog(std::string_view food) {
  core_.watchdog().feed(std::string{food});
}

void ServiceMixin::pause_watchdog() { core_.watchdog().disarm(); }

void ServiceMixin::resume_watchdog() {
  core_.watchdog().arm();
  // stop() may have come in between: it sets the state first, then disarms.
  const State state = state_;
  if (state == State::stopping || state == State::stopped) core_.watchdog().disarm();
}

void ServiceMixin::end_without_hooks() {
  core_.forbid_hooks();  // before anything that takes time: the worker may be about to call one
  ++round_;
  if (state_ != State::stopped) {
    core_.log().error(
        "{} is destroyed without stop(): the destructor of a concrete puppet has to call it",
        core_.name());
  }
  core_.shut_down();
  memory_.release_session();
}

}  // namespace wechaty::puppet
