// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/client/echoes.hpp"

#include <algorithm>
#include <utility>

namespace wechaty::puppet_service {

void Echoes::heard(const std::string& message_id) {
  {
    const std::lock_guard lock{mutex_};
    if (heard_.size() == limit) heard_.pop_front();
    heard_.push_back({.number = ++last_number_, .message_id = message_id});
  }
  changed_.notify_all();
}

std::uint64_t Echoes::mark() const {
  const std::lock_guard lock{mutex_};
  return last_number_;
}

std::string Echoes::find(std::uint64_t mark, std::chrono::milliseconds timeout,
                         const std::stop_token& stop,
                         const std::function<bool(const std::string&)>& fits) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  std::unique_lock lock{mutex_};
  while (true) {
    const bool more = changed_.wait_until(lock, stop, end, [&] { return last_number_ > mark; });
    if (!more) return {};
    const auto next = std::find_if(heard_.begin(), heard_.end(),
                                   [&](const auto& one) { return one.number > mark; });
    if (next == heard_.end()) return {};
    mark = next->number;
    if (next->found) continue;
    const std::string id = next->message_id;
    lock.unlock();
    const bool it_is = fits(id);
    lock.lock();
    if (!it_is) continue;
    const auto same = std::find_if(heard_.begin(), heard_.end(),
                                   [&](const auto& one) { return one.number == mark; });
    if (same == heard_.end() || std::exchange(same->found, true)) continue;
    return id;
  }
}

}  // namespace wechaty::puppet_service
