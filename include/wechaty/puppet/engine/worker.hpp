// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace wechaty::puppet {

/// Runs blocking tasks of one puppet in order, on a thread that exists only while there are some.
///
/// The executor's thread may be shared by a thousand puppets and must never wait for a service; an
/// idle puppet must not cost a thread. Hence this: preparing a login, saving a card and restarting
/// happen here.
/// Thread: any.
class Worker {
 public:
  using Task = std::function<void()>;

  /// @param on_failure  gets what a task throws, on the worker's thread; must not throw. No
  /// exception
  ///                    leaves a thread of the library (contract R8).
  explicit Worker(std::function<void(std::exception_ptr)> on_failure = {})
      : on_failure_{std::move(on_failure)} {}
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  /// Drops what has not begun and waits for the task under way.
  ~Worker() { close(); }

  /// Run `task` after those posted before. Dropped after close().
  void post(Task task);

  /// Drop what has not begun, wait for the task under way, accept nothing more. Called from within
  /// a task it does not wait.
  void close();

  /// Whether the calling thread is running a task of this worker.
  [[nodiscard]] bool is_current();

 private:
  void run();

  const std::function<void(std::exception_ptr)> on_failure_;
  std::mutex mutex_;  // guards everything below
  std::deque<Task> tasks_;
  std::thread thread_;
  bool running_ = false;
  bool closed_ = false;
};

}  // namespace wechaty::puppet
