// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/engine/worker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace wechaty::puppet {
namespace {

/// Returns when everything posted before has run.
void flush(Worker& worker) {
  std::promise<void> done;
  worker.post([&] { done.set_value(); });
  done.get_future().wait();
}

TEST(Worker, RunsTasksInOrderOnAThreadOfItsOwn) {
  Worker worker;
  std::vector<int> order;
  bool own = false;
  for (int i = 0; i < 100; ++i) {
    worker.post([&, i] {
      order.push_back(i);
      own = worker.is_current();
    });
  }
  flush(worker);
  ASSERT_EQ(order.size(), 100U);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_TRUE(own);
  EXPECT_FALSE(worker.is_current());
}

TEST(Worker, TakesTasksFromManyThreadsAndAfterHavingBeenIdle) {
  Worker worker;
  std::atomic<int> ran = 0;
  for (int round = 0; round < 20; ++round) {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 10; ++i) worker.post([&] { ++ran; });
      });
    }
    threads.clear();
    flush(worker);
    EXPECT_EQ(ran, 40 * (round + 1));
  }
}

TEST(Worker, CloseDropsWhatHasNotBegunAndWaitsForWhatHas) {
  Worker worker;
  const auto held = std::make_shared<int>(0);
  std::promise<void> entered;
  std::atomic<bool> left = false;
  worker.post([&] {
    entered.set_value();
    for (auto probe = held; probe.use_count() > 1;) {  // until close() has begun
      probe = std::make_shared<int>(0);
      worker.post([probe] {});
    }
    left = true;
  });
  worker.post([held] { ++*held; });
  entered.get_future().wait();
  worker.close();
  EXPECT_TRUE(left);
  EXPECT_EQ(*held, 0);
  worker.post([held] { ++*held; });
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Worker, WhatATaskThrowsIsHandedOnAndEndsNothing) {
  std::vector<std::string> failures;
  Worker worker{[&](std::exception_ptr error) {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& known) {
      failures.emplace_back(known.what());
    }
  }};
  worker.post([] { throw std::runtime_error{"oops"}; });
  bool ran = false;
  worker.post([&] { ran = true; });
  flush(worker);
  EXPECT_TRUE(ran);
  EXPECT_EQ(failures, std::vector<std::string>{"oops"});
}

}  // namespace
}  // namespace wechaty::puppet
