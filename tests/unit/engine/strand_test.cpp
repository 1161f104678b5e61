// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/engine/strand.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/manual_executor.hpp"
#include "wechaty/puppet/events/event_loop.hpp"

namespace wechaty::puppet {
namespace {

using test::ManualExecutor;

Delivery dong(const std::string& data) {
  return {.event = EventDongPayload{.data = data}, .before = {}, .after = {}};
}

/// A strand that writes down what it delivers, on an executor that the test runs by hand.
class StrandTest : public testing::Test {
 protected:
  std::shared_ptr<Strand> make(const std::string& who = "") {
    return std::make_shared<Strand>(executor_, [this, who](Strand&, const EventPayload& event) {
      const auto& data = std::get<EventDongPayload>(event).data.value();
      seen_.push_back(who + data);
      if (const auto found = reactions_.find(data); found != reactions_.end()) found->second();
    });
  }

  std::shared_ptr<ManualExecutor> executor_ = std::make_shared<ManualExecutor>();
  std::vector<std::string> seen_;
  std::map<std::string, std::function<void()>> reactions_;  // what a listener does at that event
};
using Seen = std::vector<std::string>;

TEST_F(StrandTest, DeliversOnTheExecutorInTheOrderOfThePushes) {
  const auto strand = make();
  EXPECT_EQ(strand->push(dong("1")), 1U);
  EXPECT_EQ(strand->push(dong("2")), 2U);
  EXPECT_EQ(seen_, Seen{});
  executor_->run();
  EXPECT_EQ(seen_, (Seen{"1", "2"}));
}

TEST_F(StrandTest, BeforeAndAfterFrameTheListeners) {
  const auto strand = make();
  strand->push({.event = EventDongPayload{.data = "x"},
                .before = [this] { seen_.push_back("before"); },
                .after = [this] { seen_.push_back("after"); }});
  executor_->run();
  EXPECT_EQ(seen_, (Seen{"before", "x", "after"}));
}

TEST_F(StrandTest, ALongQueueTakesTurnsWithOthers) {
  const auto a = make("a");
  const auto b = make("b");
  for (int i = 0; i < 200; ++i) a->push(dong("x"));
  b->push(dong("x"));
  executor_->run();
  ASSERT_EQ(seen_.size(), 201U);
  const auto place = std::find(seen_.begin(), seen_.end(), "bx") - seen_.begin();
  EXPECT_EQ(place, 64);
}

TEST_F(StrandTest, WhatAListenerPushesComesAfterWhatWaits) {
  const auto strand = make();
  reactions_["1"] = [&] { strand->push(dong("3")); };
  strand->push(dong("1"));
  strand->push(dong("2"));
  executor_->run();
  EXPECT_EQ(seen_, (Seen{"1", "2", "3"}));
}

TEST_F(StrandTest, AListenerThatWaitsHasTheRestDeliveredMeanwhile) {
  const auto strand = make();
  reactions_["1"] = [&] {
    const auto ticket = strand->push(dong("3"));
    strand->wait_for(ticket);
    seen_.push_back("1 goes on");
  };
  strand->push(dong("1"));
  strand->push(dong("2"));
  executor_->run();
  EXPECT_EQ(seen_, (Seen{"1", "2", "3", "1 goes on"}));
}

TEST_F(StrandTest, ATicketIsBeingDeliveredHereOnlyWithinItsListeners) {
  const auto strand = make();
  bool own = false;
  bool next = true;
  reactions_["1"] = [&] {
    own = strand->is_delivering_here(1);
    next = strand->is_delivering_here(2);
    std::jthread{[&] { EXPECT_FALSE(strand->is_delivering_here(1)); }};
  };
  strand->push(dong("1"));
  strand->push(dong("2"));
  executor_->run();
  EXPECT_TRUE(own);
  EXPECT_FALSE(next);
  EXPECT_FALSE(strand->is_delivering_here(1));
}

TEST_F(StrandTest, CloseDropsWhatWaitsAndLetsWaitersGo) {
  const auto strand = make();
  const auto ticket = strand->push(dong("1"));
  std::jthread waiting{[&] { strand->wait_for(ticket); }};
  strand->close();
  waiting.join();
  EXPECT_EQ(strand->push(dong("2")), 2U);
  strand->wait_for(2);
  executor_->run();
  EXPECT_EQ(seen_, Seen{});
}

TEST_F(StrandTest, CloseFromWithinAListenerReturns) {
  const auto strand = make();
  reactions_["1"] = [&] { strand->close(); };
  strand->push(dong("1"));
  strand->push(dong("2"));
  executor_->run();
  EXPECT_EQ(seen_, Seen{"1"});
}

TEST(StrandThreads, CloseReturnsOnlyWhenTheListenerHasReturned) {
  std::promise<void> entered;
  std::promise<void> go;
  std::atomic<bool> left = false;
  const auto strand =
      std::make_shared<Strand>(std::make_shared<EventLoop>(), [&](Strand&, const EventPayload&) {
        entered.set_value();
        go.get_future().wait();
        left = true;
      });
  strand->push(dong("1"));
  entered.get_future().wait();
  std::jthread opening{[&] { go.set_value(); }};
  strand->close();
  EXPECT_TRUE(left);
}

TEST(StrandThreads, OneEventAtATimeInTheOrderOfEachThread) {
  constexpr int each = 300;
  std::atomic<int> inside = 0;
  bool overlapped = false;
  std::vector<std::string> seen;
  const auto strand = std::make_shared<Strand>(
      std::make_shared<EventLoop>(), [&](Strand&, const EventPayload& event) {
        if (++inside != 1) overlapped = true;
        seen.push_back(std::get<EventDongPayload>(event).data.value());
        --inside;
      });
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < each; ++i) {
          const auto ticket = strand->push(dong(std::to_string(t) + ":" + std::to_string(i)));
          if (i % 50 == 0) strand->wait_for(ticket);
        }
      });
    }
  }
  strand->wait_for(4 * each);
  strand->close();
  EXPECT_FALSE(overlapped);
  ASSERT_EQ(seen.size(), 4U * each);
  for (int t = 0; t < 4; ++t) {
    int next = 0;
    for (const auto& line : seen) {
      if (line.starts_with(std::to_string(t) + ":")) {
        EXPECT_EQ(line, std::to_string(t) + ":" + std::to_string(next++));
      }
    }
  }
}

TEST(StrandThreads, PokeWakesWhoWaitsForAConditionOfItsOwn) {
  const auto strand =
      std::make_shared<Strand>(std::make_shared<EventLoop>(), [](Strand&, const EventPayload&) {});
  std::atomic<bool> condition = false;
  std::atomic<bool> looked = false;
  std::jthread waiting{[&] {
    strand->wait_until([&] {
      looked = true;
      return condition.load();
    });
  }};
  while (!looked) std::this_thread::yield();
  condition = true;
  strand->poke();
  waiting.join();
}

}  // namespace
}  // namespace wechaty::puppet
