// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "wechaty/puppet/events/executor.hpp"

namespace wechaty::puppet {

/// Calls back when it was not fed for a time (contract R7).
///
/// Source: npm watchdog; wechaty-puppet src/agents/watchdog-agent.ts.
/// Differs: it waits from arm() on, not only from the first feed(); so a puppet that never beats is
/// noticed too. It is armed again by every start.
/// Thread: any. The callback runs on the executor.
class Watchdog {
 public:
  using Duration = Executor::Clock::duration;
  /// @param last_food  what the last feed() brought; "" when there was none
  using Bite = std::function<void(const std::string& last_food)>;

  Watchdog(std::shared_ptr<Executor> executor, Duration timeout, Bite on_timeout);
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog();

  /// Begin to wait. It bites once, then sleeps until it is armed again.
  void arm();
  void disarm();
  /// The service is alive.
  void feed(std::string food);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace wechaty::puppet
