// SPDX-License-Identifier: Apache-2.0
#include "puppet/engine/fan_out.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

namespace wechaty::puppet {
namespace {

TEST(FanOut, EachNumberIsWorkedOnOnce) {
  for (const std::size_t count : {0U, 1U, 3U, 1'000U}) {
    std::vector<std::atomic<int>> times(count);
    fan_out(count, 8, [&](std::size_t i) { ++times[i]; });
    for (const auto& one : times) EXPECT_EQ(one, 1);
  }
}

TEST(FanOut, SoManyAreUnderWayAtOnceAndNoMore) {
  std::latch all_inside{4};  // nobody leaves before four are inside
  std::atomic<int> inside = 0;
  std::atomic<bool> too_many = false;
  fan_out(20, 4, [&](std::size_t i) {
    if (++inside > 4) too_many = true;
    if (i < 4) all_inside.arrive_and_wait();
    --inside;
  });
  EXPECT_FALSE(too_many);
}

TEST(FanOut, OneAtATimeStaysOnTheCallingThread) {
  bool elsewhere = false;
  fan_out(5, 1, [&, self = std::this_thread::get_id()](std::size_t) {
    elsewhere = elsewhere || std::this_thread::get_id() != self;
  });
  EXPECT_FALSE(elsewhere);
}

}  // namespace
}  // namespace wechaty::puppet
