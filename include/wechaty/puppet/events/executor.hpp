// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace wechaty::puppet {

/// Where a puppet's listeners run: ordered tasks and timers on one thread at a time.
///
/// EventLoop is the one that comes with the library; derive from this to let listeners run in a
/// GUI's or a server's own loop, or under a fake clock in tests. One executor may serve any number
/// of puppets (contract R9).
///
/// Requirements: tasks run one at a time, in the order in which they were posted, never inside
/// post() itself. Tasks of this library never throw.
/// Thread: every function may be called from any thread, also from within a task.
class Executor {
 public:
  using Clock = std::chrono::steady_clock;
  using Task = std::function<void()>;
  using TimerId = std::uint64_t;

  Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  virtual ~Executor() = default;

  /// Run `task` after all tasks posted before it.
  virtual void post(Task task) = 0;

  /// Run `task` once, at `when` or as soon as possible after it.
  ///
  /// @result an id for cancel(), never 0
  virtual TimerId call_at(Clock::time_point when, Task task) = 0;

  /// Forget a timer. Does nothing when it has run or never existed; a task that is running at this
  /// moment on the executor's thread still runs to its end.
  virtual void cancel(TimerId timer) = 0;

  /// Whether the calling thread is running a task of this executor.
  [[nodiscard]] virtual bool is_current() const = 0;

  /// The time by which call_at() goes; a fake executor has a fake time.
  [[nodiscard]] virtual Clock::time_point now() const { return Clock::now(); }
};

}  // namespace wechaty::puppet
