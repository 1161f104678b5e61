// SPDX-License-Identifier: Apache-2.0
#include "puppet/engine/fan_out.hpp"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

namespace wechaty::puppet {

void fan_out(std::size_t count, std::size_t width, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  const auto take_turns = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> helpers;
  try {
    for (std::size_t i = 1; i < std::min(width, count); ++i) helpers.emplace_back(take_turns);
  } catch (const std::system_error&) {
    // No more threads to be had: those that are there do it all.
  }
  take_turns();
}

}  // namespace wechaty::puppet
