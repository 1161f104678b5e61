// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/engine/strand.hpp"

#include <algorithm>
#include <utility>

namespace wechaty::puppet {

namespace {
/// Events delivered in one go before other users of the executor get their turn.
constexpr int events_per_turn = 64;
}  // namespace

Strand::Strand(std::shared_ptr<Executor> executor, Deliver deliver)
    : executor_{std::move(executor)}, deliver_{std::move(deliver)} {}

Strand::Ticket Strand::push(Delivery delivery) {
  Ticket ticket = 0;
  bool post = false;
  {
    const std::lock_guard lock{mutex_};
    ticket = ++last_ticket_;
    if (closed_) {
      last_taken_ = ticket;
      return ticket;
    }
    queue_.push_back(std::move(delivery));
    post = !std::exchange(drain_posted_, true);
  }
  if (post) executor_->post([self = shared_from_this()] { self->drain(); });
  changed_.notify_all();  // for a nested wait on the executor's own thread
  return ticket;
}

/// Takes the next event and delivers it with the lock released; false when there is none.
bool Strand::deliver_next(std::unique_lock<std::mutex>& lock) {
  if (queue_.empty() || closed_) return false;
  {
    const Delivery delivery = std::move(queue_.front());
    queue_.pop_front();
    delivering_.push_back(++last_taken_);
    lock.unlock();
    if (delivery.before) delivery.before();
    deliver_(*this, delivery.event);
    if (delivery.after) delivery.after();
  }
  lock.lock();
  delivering_.pop_back();
  changed_.notify_all();
  return true;
}

void Strand::drain() {
  std::unique_lock lock{mutex_};
  for (int i = 0; i < events_per_turn; ++i) {
    if (!deliver_next(lock)) break;
  }
  drain_posted_ = !queue_.empty();
  if (drain_posted_) {
    lock.unlock();
    executor_->post([self = shared_from_this()] { self->drain(); });
  }
}

bool Strand::is_delivered(Ticket ticket) const {
  return ticket <= last_taken_ &&
         std::find(delivering_.begin(), delivering_.end(), ticket) == delivering_.end();
}

void Strand::wait_until(const std::function<bool()>& done) {
  const bool on_executor = executor_->is_current();
  std::unique_lock lock{mutex_};
  while (!done()) {
    if (on_executor && deliver_next(lock)) continue;
    changed_.wait(lock);
  }
}

void Strand::wait_for(Ticket ticket) {
  wait_until([&] { return is_delivered(ticket); });
}

void Strand::poke() {
  { const std::lock_guard lock{mutex_}; }  // a waiter is either before its check or asleep
  changed_.notify_all();
}

bool Strand::is_delivering_here(Ticket ticket) const {
  if (!executor_->is_current()) return false;
  const std::lock_guard lock{mutex_};
  return std::find(delivering_.begin(), delivering_.end(), ticket) != delivering_.end();
}

void Strand::close() {
  std::deque<Delivery> dropped;
  std::unique_lock lock{mutex_};
  closed_ = true;
  dropped.swap(queue_);
  last_taken_ = last_ticket_;
  changed_.notify_all();
  if (!executor_->is_current()) {
    changed_.wait(lock, [&] { return delivering_.empty(); });
  }
  lock.unlock();
}

}  // namespace wechaty::puppet
