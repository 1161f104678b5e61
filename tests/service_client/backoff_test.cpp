// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/client/backoff.hpp"

#include <gtest/gtest.h>

#include <set>

namespace wechaty::puppet_service::test {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, PausesDoubleUpToTheLongestEachShortenedByAtMostAHalf) {
  Backoff backoff{milliseconds{100}};
  for (const int full : {100, 200, 400, 800, 1'000, 1'000, 1'000}) {
    const auto pause = backoff.next(milliseconds{1'000});
    EXPECT_GE(pause, milliseconds{full / 2});
    EXPECT_LE(pause, milliseconds{full});
  }
}

TEST(Backoff, ManyClientsDoNotPauseTheSame) {
  std::set<milliseconds> pauses;
  for (unsigned seed = 0; seed < 100; ++seed) {
    Backoff backoff{milliseconds{1'000}, seed};
    pauses.insert(backoff.next(milliseconds{1'000}));
  }
  EXPECT_GT(pauses.size(), 50U);
}

TEST(Backoff, BeginsAgainAfterASuccessAndFollowsAShorterLimit) {
  Backoff backoff{milliseconds{100}};
  for (int i = 0; i < 10; ++i) static_cast<void>(backoff.next(milliseconds{60'000}));
  EXPECT_LE(backoff.next(milliseconds{1'000}), milliseconds{1'000});
  backoff.reset();
  EXPECT_LE(backoff.next(milliseconds{1'000}), milliseconds{100});
}

}  // namespace
}  // namespace wechaty::puppet_service::test
