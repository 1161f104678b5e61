// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/agents/watchdog.hpp"

#include <cstdint>
#include <mutex>
#include <utility>

namespace wechaty::puppet {

/// Shared with the timers' tasks, which may outlive the watchdog on a shared executor.
struct Watchdog::State : std::enable_shared_from_this<State> {
  State(std::shared_ptr<Executor> executor_, Duration timeout_, Bite on_timeout_)
      : executor{std::move(executor_)}, timeout{timeout_}, on_timeout{std::move(on_timeout_)} {}

  void wait_until(Executor::Clock::time_point when) {
    timer =
        executor->call_at(when, [self = shared_from_this(), round = round] { self->look(round); });
  }

  /// A timer went off. feed() moves no timer: it is called often, and this is called seldom.
  void look(std::uint64_t timer_round) {
    std::unique_lock lock{mutex};
    if (timer_round != round) return;
    if (const auto due = last_fed + timeout; executor->now() < due) return wait_until(due);
    ++round;
    const std::string food = last_food;
    lock.unlock();
    on_timeout(food);
  }

  const std::shared_ptr<Executor> executor;
  const Duration timeout;
  const Bite on_timeout;

  std::mutex mutex;         // guards everything below
  std::uint64_t round = 0;  // grows with every arm and disarm: a timer of an older one does nothing
  Executor::TimerId timer = 0;
  Executor::Clock::time_point last_fed;
  std::string last_food;
};

Watchdog::Watchdog(std::shared_ptr<Executor> executor, Duration timeout, Bite on_timeout)
    : state_{std::make_shared<State>(std::move(executor), timeout, std::move(on_timeout))} {}

Watchdog::~Watchdog() { disarm(); }

void Watchdog::arm() {
  const std::lock_guard lock{state_->mutex};
  state_->executor->cancel(state_->timer);
  ++state_->round;
  state_->last_fed = state_->executor->now();
  state_->last_food.clear();
  state_->wait_until(state_->last_fed + state_->timeout);
}

void Watchdog::disarm() {
  const std::lock_guard lock{state_->mutex};
  state_->executor->cancel(state_->timer);
  ++state_->round;
}

void Watchdog::feed(std::string food) {
  const std::lock_guard lock{state_->mutex};
  state_->last_fed = state_->executor->now();
  state_->last_food = std::move(food);
}

}  // namespace wechaty::puppet
