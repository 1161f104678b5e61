// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/engine/self_echo.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace wechaty::puppet {
namespace {

TEST(SelfEcho, AnIdIsClaimedOnceUntilItIsForgotten) {
  SelfEcho echo;
  EXPECT_TRUE(echo.claim("m1"));
  EXPECT_FALSE(echo.claim("m1"));
  EXPECT_TRUE(echo.claim("m2"));
  echo.clear();
  EXPECT_TRUE(echo.claim("m1"));
}

TEST(SelfEcho, OfManyThreadsOneGetsTheClaim) {
  SelfEcho echo;
  std::atomic<int> won = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) won += echo.claim(std::to_string(i)) ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(won, 500);
}

TEST(SelfEcho, KeepsTheLast16384Ids) {
  SelfEcho echo;
  for (int i = 0; i < 16'385; ++i) ASSERT_TRUE(echo.claim(std::to_string(i)));
  EXPECT_FALSE(echo.claim("1"));
  EXPECT_TRUE(echo.claim("0"));
}

TEST(SelfEcho, WaitsForTheSendsOfOtherThreadsThatAreUnderWay) {
  SelfEcho echo;
  EXPECT_FALSE(echo.wait_for_sends({}));
  std::promise<void> sending;
  std::promise<void> go;
  std::atomic<bool> returned = false;
  std::jthread other{[&] {
    const SelfEcho::Send send{echo};
    sending.set_value();
    go.get_future().wait();
    returned = true;
  }};
  sending.get_future().wait();
  std::future<bool> waiting =
      std::async(std::launch::async, [&] { return echo.wait_for_sends({}) && !returned; });
  // The send has not returned, so the wait must not either, however early or late it began.
  EXPECT_EQ(waiting.wait_for(std::chrono::milliseconds{50}), std::future_status::timeout);
  go.set_value();
  EXPECT_FALSE(waiting.get()) << "the wait ended before the send";
}

TEST(SelfEcho, DoesNotWaitForItsOwnSend) {
  SelfEcho echo;
  const SelfEcho::Send send{echo};
  EXPECT_FALSE(echo.wait_for_sends({}));
}

TEST(SelfEcho, StopEndsTheWait) {
  SelfEcho echo;
  std::promise<void> sending;
  std::promise<void> go;
  std::jthread other{[&] {
    const SelfEcho::Send send{echo};
    sending.set_value();
    go.get_future().wait();
  }};
  sending.get_future().wait();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(echo.wait_for_sends(stop.get_token()));
  go.set_value();
}

}  // namespace
}  // namespace wechaty::puppet
