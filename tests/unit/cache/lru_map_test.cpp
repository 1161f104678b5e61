// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/cache/lru_map.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wechaty::puppet {
namespace {

std::string keys(const LruMap<int>& map) {
  std::string text;
  for (const auto& [key, value] : map) text += key + std::to_string(value) + " ";
  return text;
}

TEST(LruMap, ForgetsWhatWasNotUsedForTheLongestTime) {
  LruMap<int> map{2};
  map.put("a", 1);
  map.put("b", 2);
  EXPECT_NE(map.find("a"), nullptr);  // used: now "b" is the oldest
  map.put("c", 3);
  EXPECT_EQ(keys(map), "c3 a1 ");
  EXPECT_EQ(map.find("b"), nullptr);
}

TEST(LruMap, ReplacingIsAUseAndTakesNoPlace) {
  LruMap<int> map{2};
  map.put("a", 1);
  map.put("b", 2);
  map.put("a", 3);
  EXPECT_EQ(keys(map), "a3 b2 ");
  EXPECT_EQ(map.size(), 2U);
}

TEST(LruMap, ErasesAndClears) {
  LruMap<int> map{3};
  map.put("a", 1);
  map.put("b", 2);
  EXPECT_TRUE(map.erase("a"));
  EXPECT_FALSE(map.erase("a"));
  EXPECT_EQ(keys(map), "b2 ");
  map.clear();
  EXPECT_EQ(map.size(), 0U);
  map.put("a", 4);
  EXPECT_EQ(keys(map), "a4 ");
}

TEST(LruMap, NeverHoldsMoreThanItsCapacity) {
  LruMap<int> map{10};
  for (int i = 0; i < 1'000; ++i) {
    map.put(std::to_string(i % 37), i);
    ASSERT_LE(map.size(), 10U);
  }
  EXPECT_EQ(*map.find(std::to_string(999 % 37)), 999);
}

}  // namespace
}  // namespace wechaty::puppet
