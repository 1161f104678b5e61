// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace wechaty::puppet {

/// Runs blocking tasks of one puppet in order, on a thread that exists only while there are some.
///
/// The executor's thread may be shared by a thousand puppets and must never wait for a service; an
/// idle puppet must not cost a thread. Hence this: preparing a login, saving a card and restarting
/// happen here. Tasks must not throw.
/// Thread: any.
class Worker {
 public:
  using Task = std::function<void()>;

  Worker() = default;
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

  std::mutex mutex_;  // guards everything below
  std::deque<Task> tasks_;
  std::thread thread_;
  bool running_ = false;
  bool closed_ = false;
};

}  // namespace wechaty::puppet
