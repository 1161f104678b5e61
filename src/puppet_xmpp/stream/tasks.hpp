// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <mutex>

namespace wechaty::puppet_xmpp {

/// What the loop is to run: now, in the order in which it was posted, or later.
///
/// Thread: post() and post_at() any; the others the loop's.
class Tasks {
 public:
  using Task = std::function<void()>;
  using Time = std::chrono::steady_clock::time_point;

  /// @param on_error  told of what a task throws; the others are run all the same
  explicit Tasks(std::function<void(std::exception_ptr)> on_error);
  ~Tasks();
  Tasks(const Tasks&) = delete;
  Tasks& operator=(const Tasks&) = delete;

  void post(Task task);
  void post_at(Time when, Task task);

  /// A file descriptor that is readable when something was posted since the last run().
  [[nodiscard]] int wake() const { return wake_; }
  /// How long the loop may sleep: until the first task, at most `longest`.
  [[nodiscard]] std::chrono::milliseconds rest(Time now, std::chrono::milliseconds longest) const;
  /// Run what was posted, and then what is due. What they post in turn is for the next run.
  void run(Time now);

 private:
  const std::function<void(std::exception_ptr)> on_error_;
  const int wake_;  // an eventfd

  mutable std::mutex mutex_;  // guards everything below
  std::deque<Task> posted_;
  std::multimap<Time, Task> timers_;
};

}  // namespace wechaty::puppet_xmpp
