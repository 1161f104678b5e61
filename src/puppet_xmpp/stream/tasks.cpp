// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/tasks.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

using std::chrono::milliseconds;

Tasks::Tasks(std::function<void(std::exception_ptr)> on_error)
    : on_error_{std::move(on_error)}, wake_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
  if (wake_ < 0) throw puppet::Error{"no eventfd: too many open files?"};
}

Tasks::~Tasks() { ::close(wake_); }

void Tasks::post(Task task) {
  {
    const std::lock_guard lock{mutex_};
    posted_.push_back(std::move(task));
  }
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_, &one, sizeof one));  // full is awake, too
}

void Tasks::post_at(Time when, Task task) {
  const std::lock_guard lock{mutex_};
  timers_.emplace(when, std::move(task));
}

milliseconds Tasks::rest(Time now, milliseconds longest) const {
  const std::lock_guard lock{mutex_};
  if (!posted_.empty()) return milliseconds{0};
  if (timers_.empty()) return longest;
  return std::clamp(std::chrono::ceil<milliseconds>(timers_.begin()->first - now), milliseconds{0},
                    longest);
}

void Tasks::run(Time now) {
  std::uint64_t count = 0;
  static_cast<void>(!::read(wake_, &count, sizeof count));
  std::deque<Task> tasks;
  {
    const std::lock_guard lock{mutex_};
    tasks.swap(posted_);
    while (!timers_.empty() && timers_.begin()->first <= now) {
      tasks.push_back(std::move(timers_.begin()->second));
      timers_.erase(timers_.begin());
    }
  }
  for (auto& task : tasks) {
    try {
      task();
    } catch (...) {  // nobody else's tasks are to suffer, nor the process
      on_error_(std::current_exception());
    }
  }
}

}  // namespace wechaty::puppet_xmpp
