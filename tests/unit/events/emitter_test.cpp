// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/events/emitter.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace wechaty::puppet {
namespace {

/// An emitter whose listeners write down what they hear.
class EmitterTest : public testing::Test {
 protected:
  void say(const std::string& data = "x") {
    emitter_->emit(EventDongPayload{.data = data},
                   [this](std::exception_ptr, std::string_view name) {
                     heard_.push_back("error of " + std::string{name});
                   });
  }
  auto note(const std::string& who) {
    return [this, who](const EventDongPayload& dong) { heard_.push_back(who + *dong.data); };
  }
  [[nodiscard]] std::size_t listeners() const {
    return emitter_->listener_count<EventDongPayload>();
  }

  std::unique_ptr<Emitter> emitter_ = std::make_unique<Emitter>();
  std::vector<std::string> heard_;
};
using Heard = std::vector<std::string>;

TEST_F(EmitterTest, ListenersAreCalledInTheOrderOfSubscription) {
  const auto a = emitter_->on<EventDongPayload>(note("a"));
  const auto b = emitter_->on<EventDongPayload>(note("b"));
  const auto other = emitter_->on<EventReadyPayload>([&](const auto&) { heard_.push_back("no"); });
  say("1");
  say("2");
  EXPECT_EQ(heard_, (Heard{"a1", "b1", "a2", "b2"}));
}

TEST_F(EmitterTest, AVariantGoesToTheListenersOfWhatIsInIt) {
  const auto a = emitter_->on<EventDongPayload>(note("a"));
  emitter_->emit(EventPayload{EventReadyPayload{}}, [](auto, auto) {});
  emitter_->emit(EventPayload{EventDongPayload{.data = "v"}}, [](auto, auto) {});
  EXPECT_EQ(heard_, Heard{"av"});
}

TEST_F(EmitterTest, OnceIsCalledOnceAndLeavesTheList) {
  const auto a = emitter_->once<EventDongPayload>(note("a"));
  EXPECT_TRUE(a.active());
  say("1");
  say("2");
  EXPECT_EQ(heard_, Heard{"a1"});
  EXPECT_FALSE(a.active());
  EXPECT_EQ(listeners(), 0U);
}

TEST_F(EmitterTest, OnceIsCalledOnceEvenIfItEmitsTheSameEvent) {
  const auto a = emitter_->once<EventDongPayload>([this](const auto&) {
    heard_.push_back("a");
    say("again");
  });
  say();
  EXPECT_EQ(heard_, Heard{"a"});
}

TEST_F(EmitterTest, AListenerMayEndItsOwnSubscription) {
  Subscription a;
  a = emitter_->on<EventDongPayload>([&](const auto&) {
    heard_.push_back("a");
    a.reset();
  });
  const auto b = emitter_->on<EventDongPayload>(note("b"));
  say("1");
  say("2");
  EXPECT_EQ(heard_, (Heard{"a", "b1", "b2"}));
}

TEST_F(EmitterTest, AListenerThatIsEndedByAnEarlierOneIsNotCalledAnyMore) {
  Subscription b;
  const auto a = emitter_->on<EventDongPayload>([&](const auto&) { b.reset(); });
  b = emitter_->on<EventDongPayload>(note("b"));
  say();
  EXPECT_EQ(heard_, Heard{});
  EXPECT_EQ(listeners(), 1U);
}

TEST_F(EmitterTest, AListenerAddedWhileEmittingHearsTheNextEvent) {
  Subscription late;
  const auto a = emitter_->on<EventDongPayload>([&](const auto&) {
    if (!late.active()) late = emitter_->on<EventDongPayload>(note("late"));
  });
  say("1");
  say("2");
  EXPECT_EQ(heard_, Heard{"late2"});
}

TEST_F(EmitterTest, AListenerThatThrowsStopsNobodyAndIsReported) {
  const auto a = emitter_->on<EventDongPayload>(
      [](const EventDongPayload&) { throw std::runtime_error{"oops"}; });
  const auto b = emitter_->on<EventDongPayload>(note("b"));
  say("1");
  EXPECT_EQ(heard_, (Heard{"error of dong", "b1"}));
}

TEST_F(EmitterTest, AOnceListenerThatThrowsIsOver) {
  const auto a = emitter_->once<EventDongPayload>(
      [](const EventDongPayload&) { throw std::runtime_error{"oops"}; });
  say();
  say();
  EXPECT_EQ(heard_, Heard{"error of dong"});
}

TEST_F(EmitterTest, ASubscriptionMayOutliveItsEmitter) {
  auto a = emitter_->on<EventDongPayload>(note("a"));
  emitter_.reset();
  EXPECT_FALSE(a.active());
  a.reset();
}

TEST_F(EmitterTest, ASubscriptionMovesAndDetaches) {
  auto a = emitter_->on<EventDongPayload>(note("a"));
  Subscription moved = std::move(a);
  EXPECT_FALSE(a.active());  // NOLINT(bugprone-use-after-move): what is left of it is empty
  moved = emitter_->on<EventDongPayload>(note("b"));
  say("1");
  EXPECT_EQ(heard_, Heard{"b1"});
  moved.detach();
  moved.reset();
  say("2");
  EXPECT_EQ(heard_, (Heard{"b1", "b2"}));
}

TEST_F(EmitterTest, WhatAListenerCapturedGoesWithItsSubscription) {
  const auto captured = std::make_shared<int>(1);
  auto a = emitter_->on<EventDongPayload>([captured](const auto&) {});
  EXPECT_EQ(captured.use_count(), 2);
  a.reset();
  EXPECT_EQ(captured.use_count(), 1);
}

TEST_F(EmitterTest, ResetReturnsOnlyWhenTheListenerHasReturned) {
  std::promise<void> entered;
  std::promise<void> go;
  std::atomic<bool> left = false;
  auto a = emitter_->on<EventDongPayload>([&, gone = go.get_future().share()](const auto&) {
    entered.set_value();
    gone.wait();
    left = true;
  });
  std::jthread emitting{[this] { say(); }};
  entered.get_future().wait();
  std::jthread opening{[&] { go.set_value(); }};
  a.reset();
  EXPECT_TRUE(left);
}

TEST_F(EmitterTest, ManyThreadsSubscribeAndLeaveWhileEventsAreEmitted) {
  constexpr int threads_count = 4;
  std::atomic<bool> stop = false;
  std::atomic<int> rounds = 0;
  std::atomic<bool> called_after_reset = false;
  const auto steady = emitter_->on<EventDongPayload>(note(""));
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < threads_count; ++t) {
      threads.emplace_back([&] {
        while (!stop) {
          std::atomic<bool> over = false;
          auto a = emitter_->on<EventDongPayload>([&](const auto&) {
            if (over) called_after_reset = true;
          });
          auto b = emitter_->once<EventDongPayload>([&](const auto&) {
            if (over) called_after_reset = true;
          });
          a.reset();
          b.reset();
          over = true;
          ++rounds;
        }
      });
    }
    for (int i = 0; i < 2'000 || rounds < 100; ++i) {
      say();
      if (heard_.size() > 10'000) heard_.clear();
    }
    stop = true;
  }
  EXPECT_FALSE(called_after_reset);
  EXPECT_EQ(listeners(), 1U);
}

}  // namespace
}  // namespace wechaty::puppet
