// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/hook_pool.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace wechaty::puppet_service {

HookPool::HookPool(Options options) : options_{std::move(options)} {
  options_.usual_threads = std::min(options_.usual_threads, options_.max_threads);
  supervisor_ = std::thread{[this] { supervise(); }};
}

void HookPool::close() {
  std::map<Ticket, Waiting> dropped;
  std::map<std::thread::id, std::thread> running;
  {
    const std::lock_guard lock{mutex_};
    closed_ = true;
    dropped.swap(queue_);
    running.swap(threads_);
    for (auto& thread : retired_) running.emplace(thread.get_id(), std::move(thread));
  }
  wake_.notify_all();
  supervise_.notify_all();
  if (supervisor_.joinable()) supervisor_.join();
  for (auto& [id, thread] : running) thread.join();
}

HookPool::Ticket HookPool::post(Task task) {
  std::unique_lock lock{mutex_};
  if (closed_) return 0;
  const Ticket ticket = ++last_ticket_;
  queue_.emplace_hint(queue_.end(), ticket, Waiting{std::move(task), Clock::now()});
  // A thread counts as idle until it has woken: tasks that come meanwhile need threads, too.
  if (queue_.size() <= idle_) {
    wake_.notify_one();
  } else if (threads_.size() >= options_.usual_threads || !add_thread()) {
    supervise_.notify_one();
  }
  return ticket;
}

bool HookPool::forget(Ticket ticket) {
  Waiting dropped;  // destroyed without the lock
  const std::lock_guard lock{mutex_};
  const auto found = queue_.find(ticket);
  if (found == queue_.end()) return false;
  dropped = std::move(found->second);
  queue_.erase(found);
  return true;
}

std::size_t HookPool::threads() const {
  const std::lock_guard lock{mutex_};
  return threads_.size();
}

/// False when the system has no thread left: the tasks wait for those that there are, and the
/// supervisor tries again.
bool HookPool::add_thread() {
  try {
    std::thread thread = options_.make_thread([this] { work(); });
    const auto id = thread.get_id();
    threads_.emplace(id, std::move(thread));
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

void HookPool::work() {
  std::unique_lock lock{mutex_};
  while (!closed_) {
    if (queue_.empty()) {
      ++idle_;
      const bool woken =
          wake_.wait_for(lock, options_.idle_time, [this] { return closed_ || !queue_.empty(); });
      --idle_;
      if (closed_) return;
      if (!woken && threads_.size() > options_.usual_threads) {
        const auto self = threads_.find(std::this_thread::get_id());
        retired_.push_back(std::move(self->second));  // joined by the supervisor
        threads_.erase(self);
        supervise_.notify_one();
        return;
      }
      continue;
    }
    Task task = std::move(queue_.begin()->second.task);
    queue_.erase(queue_.begin());
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
}

void HookPool::join_retired(std::unique_lock<std::mutex>& lock) {
  std::vector<std::thread> retired = std::exchange(retired_, {});
  lock.unlock();
  for (auto& thread : retired) thread.join();
  lock.lock();
}

void HookPool::supervise() {
  std::unique_lock lock{mutex_};
  while (!closed_) {
    supervise_.wait(lock, [this] { return closed_ || !queue_.empty() || !retired_.empty(); });
    if (!retired_.empty()) join_retired(lock);
    if (closed_ || queue_.empty()) continue;
    const auto due = queue_.begin()->second.since + options_.patience;
    if (Clock::now() < due) {
      supervise_.wait_until(lock, due);
      continue;
    }
    if (idle_ > 0) {
      wake_.notify_all();
    } else if (threads_.size() < options_.max_threads) {
      const std::size_t room = options_.max_threads - threads_.size();
      const std::size_t twice = std::max<std::size_t>(threads_.size(), 1);
      for (std::size_t i = std::min({queue_.size(), room, twice}); i > 0 && add_thread(); --i) {
      }
    }
    supervise_.wait_for(lock, options_.patience);
  }
}

}  // namespace wechaty::puppet_service
