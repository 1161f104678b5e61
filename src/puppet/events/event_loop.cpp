// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/events/event_loop.hpp"

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace wechaty::puppet {

struct EventLoop::State {
  using Timers = std::multimap<Clock::time_point, std::pair<TimerId, Task>>;

  void run();
  bool take(std::vector<Task>& batch);

  std::mutex mutex;  // guards everything below but thread
  std::condition_variable wake;
  std::vector<Task> tasks;
  Timers timers;
  std::map<TimerId, Timers::iterator> timer_by_id;
  TimerId next_timer = 1;
  bool idle = false;
  std::atomic<bool> stopping{false};  // written under the mutex, read also without
  std::thread thread;
};

/// Waits for work and moves it to `batch`; false when the loop is to end.
bool EventLoop::State::take(std::vector<Task>& batch) {
  std::unique_lock lock{mutex};
  while (true) {
    if (stopping) return false;
    // One timer a round, before the tasks: a due timer is not held up by a busy queue, and a
    // cancel() by an earlier task still reaches the later timer.
    if (!timers.empty() && timers.begin()->first <= Clock::now()) {
      const auto due = timers.begin();
      timer_by_id.erase(due->second.first);
      batch.push_back(std::move(due->second.second));
      timers.erase(due);
      return true;
    }
    if (!tasks.empty()) {
      batch.swap(tasks);
      return true;
    }
    idle = true;
    if (timers.empty()) {
      wake.wait(lock);
    } else {
      const Clock::time_point until = timers.begin()->first;
      wake.wait_until(lock, until);
    }
    idle = false;
  }
}

void EventLoop::State::run() {
  std::vector<Task> batch;
  while (take(batch)) {
    for (Task& task : batch) {
      if (stopping) break;
      try {
        task();
      } catch (...) {  // no exception leaves a thread of the library (contract R8)
      }
      task = nullptr;  // what it captured goes before the next one runs
    }
    batch.clear();
  }
}

EventLoop::EventLoop() : state_{std::make_shared<State>()} {
  state_->thread = std::thread{[state = state_] { state->run(); }};
}

EventLoop::~EventLoop() {
  std::vector<Task> dropped;
  State::Timers dropped_timers;
  {
    const std::lock_guard lock{state_->mutex};
    state_->stopping = true;
    dropped.swap(state_->tasks);
    dropped_timers.swap(state_->timers);
    state_->timer_by_id.clear();
  }
  state_->wake.notify_all();
  if (is_current()) {
    state_->thread.detach();  // a thread cannot join itself; it holds its own share of the state
  } else {
    state_->thread.join();
  }
}

void EventLoop::post(Task task) {
  bool wake = false;
  {
    const std::lock_guard lock{state_->mutex};
    if (state_->stopping) return;
    state_->tasks.push_back(std::move(task));
    wake = std::exchange(state_->idle, false);
  }
  if (wake) state_->wake.notify_one();
}

Executor::TimerId EventLoop::call_at(Clock::time_point when, Task task) {
  TimerId id = 0;
  {
    const std::lock_guard lock{state_->mutex};
    id = state_->next_timer++;
    if (state_->stopping) return id;
    const auto place = state_->timers.emplace(when, std::pair{id, std::move(task)});
    state_->timer_by_id.emplace(id, place);
  }
  state_->wake.notify_one();
  return id;
}

void EventLoop::cancel(TimerId timer) {
  Task dropped;  // destroyed without the lock: it may own anything
  const std::lock_guard lock{state_->mutex};
  const auto found = state_->timer_by_id.find(timer);
  if (found == state_->timer_by_id.end()) return;
  dropped = std::move(found->second->second.second);
  state_->timers.erase(found->second);
  state_->timer_by_id.erase(found);
}

bool EventLoop::is_current() const { return state_->thread.get_id() == std::this_thread::get_id(); }

}  // namespace wechaty::puppet
