// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/engine/exclusive.hpp"

#include <utility>

namespace wechaty::puppet {

Exclusive::Turn Exclusive::acquire() {
  const bool on_executor = strand_->executor().is_current();
  std::unique_lock lock{mutex_};
  while (busy_ && !closed_) {
    if (owner_ == std::this_thread::get_id()) return Turn::later;
    if (!on_executor) {
      released_.wait(lock);
      continue;
    }
    // Others may wait for listeners that only this thread can run: deliver meanwhile, unless the
    // one waited for is the one that has called us.
    const auto awaited = awaited_;
    lock.unlock();
    if (awaited && strand_->is_delivering_here(*awaited)) return Turn::later;
    strand_->wait_until([&] {
      const std::lock_guard guard{mutex_};
      return !busy_ || closed_ || awaited_ != awaited;
    });
    lock.lock();
  }
  if (closed_) return Turn::never;
  busy_ = true;
  owner_ = std::this_thread::get_id();
  return Turn::mine;
}

void Exclusive::release() {
  std::deque<Operation> late;
  {
    const std::lock_guard lock{mutex_};
    busy_ = false;
    owner_ = {};
    late.swap(put_off_);
  }
  released_.notify_all();
  strand_->poke();
  for (Operation& operation : late) worker_->post(std::move(operation));
}

bool Exclusive::run(const Operation& operation,
                    const std::function<void(std::exception_ptr)>& on_late_failure) {
  switch (acquire()) {
    case Turn::never: return false;
    case Turn::later: {
      const std::lock_guard lock{mutex_};
      put_off_.emplace_back([this, operation, on_late_failure] {
        try {
          run(operation, on_late_failure);
        } catch (...) {
          on_late_failure(std::current_exception());
        }
      });
      return false;
    }
    case Turn::mine: break;
  }
  struct Release {
    Exclusive& exclusive;
    ~Release() { exclusive.release(); }
  } const release_at_end{*this};
  operation();
  return true;
}

void Exclusive::wait_for(Strand::Ticket ticket) {
  {
    const std::lock_guard lock{mutex_};
    awaited_ = ticket;
  }
  strand_->poke();
  strand_->wait_for(ticket);
  const std::lock_guard lock{mutex_};
  awaited_.reset();
}

void Exclusive::close() {
  {
    const std::lock_guard lock{mutex_};
    closed_ = true;
    put_off_.clear();
  }
  released_.notify_all();
  strand_->poke();
}

}  // namespace wechaty::puppet
