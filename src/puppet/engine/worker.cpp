// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/engine/worker.hpp"

#include <utility>

namespace wechaty::puppet {

void Worker::post(Task task) {
  std::thread finished;  // joined after the lock is released: it has nothing left to do
  {
    const std::lock_guard lock{mutex_};
    if (closed_) return;
    tasks_.push_back(std::move(task));
    if (running_) return;
    running_ = true;
    finished = std::move(thread_);
    thread_ = std::thread{[this] { run(); }};
  }
  if (finished.joinable()) finished.join();
}

void Worker::run() {
  std::unique_lock lock{mutex_};
  while (!tasks_.empty()) {
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    try {
      task();
    } catch (...) {
      if (on_failure_) on_failure_(std::current_exception());
    }
    task = nullptr;
    lock.lock();
  }
  running_ = false;
}

bool Worker::is_current() {
  const std::lock_guard lock{mutex_};
  return thread_.get_id() == std::this_thread::get_id();
}

void Worker::close() {
  std::deque<Task> dropped;
  std::thread last;
  {
    const std::lock_guard lock{mutex_};
    closed_ = true;
    dropped.swap(tasks_);
    last = std::move(thread_);
  }
  if (!last.joinable()) return;
  if (last.get_id() == std::this_thread::get_id()) {
    last.detach();  // closed from within its own task; it ends when that returns
  } else {
    last.join();
  }
}

}  // namespace wechaty::puppet
