// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/events/event_loop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace wechaty::puppet {
namespace {

using namespace std::chrono_literals;

/// Returns when everything posted before has run.
void flush(Executor& loop) {
  std::promise<void> done;
  loop.post([&] { done.set_value(); });
  done.get_future().wait();
}

TEST(EventLoop, RunsTasksInTheOrderOfTheirPostsOnOneThread) {
  EventLoop loop;
  std::vector<int> order;
  std::set<std::thread::id> threads;
  for (int i = 0; i < 1'000; ++i) {
    loop.post([&, i] {
      order.push_back(i);
      threads.insert(std::this_thread::get_id());
    });
  }
  flush(loop);
  ASSERT_EQ(order.size(), 1'000U);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_EQ(threads.size(), 1U);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
}

TEST(EventLoop, KeepsTheOrderOfEachOfManyThreads) {
  EventLoop loop;
  std::vector<std::vector<int>> seen(4);
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < seen.size(); ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 500; ++i) loop.post([&, t, i] { seen[t].push_back(i); });
      });
    }
  }
  flush(loop);
  for (const auto& one : seen) {
    EXPECT_EQ(one.size(), 500U);
    EXPECT_TRUE(std::is_sorted(one.begin(), one.end()));
  }
}

TEST(EventLoop, ATaskPostedFromWithinATaskRunsAfterIt) {
  EventLoop loop;
  std::vector<int> order;
  std::promise<void> done;
  loop.post([&] {
    loop.post([&] {
      order.push_back(2);
      done.set_value();
    });
    order.push_back(1);
  });
  done.get_future().wait();
  EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST(EventLoop, KnowsItsOwnThread) {
  EventLoop loop;
  EventLoop other;
  EXPECT_FALSE(loop.is_current());
  bool own = false;
  bool foreign = true;
  loop.post([&] {
    own = loop.is_current();
    foreign = other.is_current();
  });
  flush(loop);
  EXPECT_TRUE(own);
  EXPECT_FALSE(foreign);
}

TEST(EventLoop, TimersRunInTheOrderOfTheirTimesAndNotBefore) {
  EventLoop loop;
  const auto begin = loop.now();
  std::vector<int> order;
  std::vector<bool> early;
  std::promise<void> done;
  const auto at = [&](std::chrono::milliseconds when, int number) {
    loop.call_at(begin + when, [&, when, number] {
      order.push_back(number);
      early.push_back(loop.now() < begin + when);
      if (number == 3) done.set_value();
    });
  };
  at(30ms, 3);
  at(10ms, 1);
  at(20ms, 2);
  at(-10ms, 0);
  done.get_future().wait();
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3}));
  EXPECT_EQ(early, (std::vector<bool>(4, false)));
}

TEST(EventLoop, ATimerIsNotHeldUpByABusyQueue) {
  EventLoop loop;
  std::atomic<bool> rang = false;
  std::promise<int> done;
  int turns = 0;
  std::function<void()> busy = [&] {
    ++turns;
    if (rang || turns == 10'000'000) return done.set_value(turns);
    loop.post(busy);
  };
  loop.call_at(loop.now() + 5ms, [&] { rang = true; });
  loop.post(busy);
  EXPECT_LT(done.get_future().get(), 10'000'000);
}

TEST(EventLoop, ACancelledTimerDoesNotRunAndGivesBackWhatItHeld) {
  EventLoop loop;
  const auto held = std::make_shared<int>(0);
  const auto id = loop.call_at(loop.now() + 1h, [held] { ++*held; });
  EXPECT_NE(id, 0U);
  loop.cancel(id);
  EXPECT_EQ(held.use_count(), 1);
  loop.cancel(id);  // once more, and one that never was: nothing
  loop.cancel(12'345);
}

TEST(EventLoop, ATaskMayCancelATimerThatIsDueAlready) {
  EventLoop loop;
  std::atomic<bool> ran = false;
  std::promise<void> block;
  std::promise<void> blocked;
  Executor::TimerId id = 0;
  loop.post([&] {
    blocked.set_value();
    block.get_future().wait();
    loop.cancel(id);
  });
  blocked.get_future().wait();
  id = loop.call_at(loop.now() - 1ms, [&] { ran = true; });
  block.set_value();
  flush(loop);
  flush(loop);
  EXPECT_FALSE(ran);
}

TEST(EventLoop, ATaskThatThrowsDoesNotEndIt) {
  EventLoop loop;
  loop.post([] { throw std::runtime_error{"oops"}; });
  loop.post([] { throw 5; });  // NOLINT: anything can be thrown
  flush(loop);
}

TEST(EventLoop, ItsEndDropsWhatHasNotBegunAndWaitsForWhatHas) {
  auto loop = std::make_unique<EventLoop>();
  const auto held = std::make_shared<int>(0);
  std::promise<void> entered;
  std::atomic<bool> left = false;
  loop->post([&, raw = loop.get()] {
    entered.set_value();
    for (auto probe = held; probe.use_count() > 1;) {  // until its end has begun
      probe = std::make_shared<int>(0);
      raw->post([probe] {});
    }
    left = true;
  });
  entered.get_future().wait();
  loop->post([held] { ++*held; });
  loop->call_at(loop->now(), [held] { ++*held; });
  loop.reset();
  EXPECT_TRUE(left);
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(*held, 0);
}

TEST(EventLoop, MayBeDestroyedFromWithinItsOwnTask) {
  auto loop = std::make_shared<EventLoop>();
  std::promise<void> gone;
  const auto later = std::make_shared<int>(0);
  std::promise<void> go;
  loop->post([&loop, &gone, opened = go.get_future().share()]() mutable {
    opened.wait();
    loop.reset();
    gone.set_value();
  });
  loop->post([later] { ++*later; });
  std::weak_ptr<EventLoop> watched = loop;
  go.set_value();
  gone.get_future().wait();
  EXPECT_TRUE(watched.expired());
  EXPECT_EQ(*later, 0);
}

}  // namespace
}  // namespace wechaty::puppet
