// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "wechaty/puppet/events/executor.hpp"

namespace wechaty::puppet {

/// One thread that runs tasks in order, and timers.
///
/// A process that hosts many puppets gives all of them the same loop through
/// PuppetOptions::executor. What a task throws is swallowed: tasks report their own failures.
/// Thread: any. The destructor ends the thread once the running task has returned; tasks and timers
/// that have not begun are dropped. Destroyed from within one of its own tasks, it lets the thread
/// end by itself right after that task.
class EventLoop final : public Executor {
 public:
  EventLoop();
  ~EventLoop() override;

  void post(Task task) override;
  TimerId call_at(Clock::time_point when, Task task) override;
  void cancel(TimerId timer) override;
  [[nodiscard]] bool is_current() const override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace wechaty::puppet
