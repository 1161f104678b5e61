// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace wechaty::puppet_service {

/// Runs what may block, away from gRPC's own threads.
///
/// A few threads serve quick tasks, in order. When a task has waited for longer than `patience`,
/// because those before it block, more threads are made, up to a limit; they end when they have had
/// nothing to do for a while. So a slow hook holds up nobody else.
/// Thread: every function may be called from any thread. Tasks must not throw.
class HookPool {
 public:
  using Task = std::function<void()>;
  using Ticket = std::uint64_t;

  struct Options {
    std::size_t usual_threads = 4;
    std::size_t max_threads = 256;
    std::chrono::milliseconds patience{2};
    std::chrono::milliseconds idle_time{5'000};
    /// How a thread is made; what it throws is borne. For tests.
    std::function<std::thread(std::function<void()>)> make_thread = [](std::function<void()> run) {
      return std::thread{std::move(run)};
    };
  };

  explicit HookPool(Options options);
  HookPool(const HookPool&) = delete;
  HookPool& operator=(const HookPool&) = delete;
  ~HookPool() { close(); }
  /// Drops what has not begun and waits for what has; nothing is run afterwards.
  void close();

  /// Does not block. @result for forget()
  Ticket post(Task task);
  /// Drop a task that has not begun. @result whether it had not
  bool forget(Ticket ticket);

  /// How many threads there are; for tests.
  [[nodiscard]] std::size_t threads() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Waiting {
    Task task;
    Clock::time_point since;
  };

  void work();
  void supervise();
  bool add_thread();
  void join_retired(std::unique_lock<std::mutex>& lock);

  Options options_;  // not changed later

  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable wake_;
  std::condition_variable supervise_;
  std::map<Ticket, Waiting> queue_;  // by age
  Ticket last_ticket_ = 0;
  std::map<std::thread::id, std::thread> threads_;
  std::vector<std::thread> retired_;
  std::size_t idle_ = 0;
  bool closed_ = false;
  std::thread supervisor_;
};

}  // namespace wechaty::puppet_service
