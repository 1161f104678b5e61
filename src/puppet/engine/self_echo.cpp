// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/engine/self_echo.hpp"

#include <algorithm>
#include <chrono>

namespace wechaty::puppet {

SelfEcho::Send::Send(SelfEcho& owner) : owner_{owner} {
  const std::lock_guard lock{owner_.mutex_};
  number_ = ++owner_.last_send_;
  owner_.sends_.emplace(number_, std::this_thread::get_id());
}

SelfEcho::Send::~Send() {
  {
    const std::lock_guard lock{owner_.mutex_};
    owner_.sends_.erase(number_);
  }
  owner_.returned_.notify_all();
}

bool SelfEcho::claim(std::string_view message_id) {
  const std::lock_guard lock{mutex_};
  if (claimed_.find(message_id) != nullptr) return false;
  claimed_.put(message_id, '\0');
  return true;
}

void SelfEcho::release(std::string_view message_id) {
  const std::lock_guard lock{mutex_};
  claimed_.erase(message_id);
}

bool SelfEcho::wait_for_sends(const std::stop_token& stop) {
  const std::thread::id self = std::this_thread::get_id();
  std::unique_lock lock{mutex_};
  const std::uint64_t newest = last_send_;
  const auto none_left = [&] {
    return std::none_of(sends_.begin(), sends_.end(), [&](const auto& send) {
      return send.first <= newest && send.second != self;
    });
  };
  if (none_left()) return false;
  returned_.wait_for(lock, stop, std::chrono::seconds{30}, none_left);
  return true;
}

void SelfEcho::clear() {
  const std::lock_guard lock{mutex_};
  claimed_.clear();
}

}  // namespace wechaty::puppet
