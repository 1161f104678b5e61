// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "wechaty/puppet/events/executor.hpp"

namespace wechaty::puppet::test {

/// An executor whose time stands still until a test moves it. Tasks run on the thread of the test,
/// within run(), run_until(), run_in_thread() and advance().
class ManualExecutor final : public Executor {
 public:
  void post(Task task) override {
    {
      const std::lock_guard lock{mutex_};
      tasks_.push_back(std::move(task));
    }
    changed_.notify_all();
  }
  TimerId call_at(Clock::time_point when, Task task) override {
    const std::lock_guard lock{mutex_};
    const TimerId id = ++last_timer_;
    timers_.emplace(std::pair{when, id}, std::move(task));
    changed_.notify_all();
    return id;
  }
  void cancel(TimerId timer) override {
    const std::lock_guard lock{mutex_};
    std::erase_if(timers_, [&](const auto& entry) { return entry.first.second == timer; });
  }
  [[nodiscard]] bool is_current() const override {
    const std::lock_guard lock{mutex_};
    return runner_ == std::this_thread::get_id();
  }
  [[nodiscard]] Clock::time_point now() const override {
    const std::lock_guard lock{mutex_};
    return now_;
  }

  /// Run everything that is due.
  void run() {
    while (run_one()) {
    }
  }

  /// Move the time on and run what becomes due, in its order.
  void advance(Clock::duration duration) {
    const auto target = now() + duration;
    while (true) {
      run();
      const std::lock_guard lock{mutex_};
      if (timers_.empty() || timers_.begin()->first.first > target) {
        now_ = target;
        break;
      }
      now_ = timers_.begin()->first.first;
    }
    run();
  }

  /// Run what is due, and wait for more from other threads, until `done()`; false after 20 s.
  bool run_until(const std::function<bool()>& done) {
    const auto limit = Clock::now() + std::chrono::seconds{20};
    while (Clock::now() < limit) {
      run();
      if (done()) return true;
      std::unique_lock lock{mutex_};
      changed_.wait_for(lock, std::chrono::milliseconds{5}, [this] { return !tasks_.empty(); });
    }
    return false;
  }

  /// Call something that waits for this executor on a thread of its own, and run until it returns.
  void run_in_thread(const std::function<void()>& call) {
    bool returned = false;
    std::thread thread{[&] {
      call();
      const std::lock_guard lock{mutex_};
      returned = true;
    }};
    run_until([&] {
      const std::lock_guard lock{mutex_};
      return returned;
    });
    thread.join();
  }

 private:
  bool run_one() {
    Task task;
    {
      const std::lock_guard lock{mutex_};
      if (!timers_.empty() && timers_.begin()->first.first <= now_) {
        task = std::move(timers_.begin()->second);
        timers_.erase(timers_.begin());
      } else if (!tasks_.empty()) {
        task = std::move(tasks_.front());
        tasks_.pop_front();
      } else {
        return false;
      }
      runner_ = std::this_thread::get_id();
    }
    task();
    const std::lock_guard lock{mutex_};
    runner_ = {};
    return true;
  }

  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  std::map<std::pair<Clock::time_point, TimerId>, Task> timers_;
  TimerId last_timer_ = 0;
  Clock::time_point now_{std::chrono::hours{1}};
  std::thread::id runner_;
};

}  // namespace wechaty::puppet::test
