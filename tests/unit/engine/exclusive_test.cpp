// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/engine/exclusive.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "wechaty/puppet/events/event_loop.hpp"

namespace wechaty::puppet {
namespace {

/// Operations of a puppet whose only listener is `listener_`.
class ExclusiveTest : public testing::Test {
 protected:
  ~ExclusiveTest() override {
    exclusive_.close();
    worker_->close();
    strand_->close();
  }
  bool run(const std::function<void()>& operation) {
    return exclusive_.run(operation, [this](std::exception_ptr) { ++late_failures_; });
  }
  Strand::Ticket push(const std::string& data = "x") {
    return strand_->push({.event = EventDongPayload{.data = data}, .before = {}, .after = {}});
  }
  void flush() { strand_->wait_for(push("flush")); }

  std::function<void()> listener_ = [] {};
  std::atomic<int> late_failures_ = 0;
  std::shared_ptr<Worker> worker_ = std::make_shared<Worker>();
  std::shared_ptr<Strand> strand_ = std::make_shared<Strand>(
      std::make_shared<EventLoop>(), [this](Strand&, const EventPayload& event) {
        if (std::get<EventDongPayload>(event).data == "x") listener_();
      });
  Exclusive exclusive_{strand_, worker_};
};

TEST_F(ExclusiveTest, OneOperationAtATime) {
  std::atomic<int> inside = 0;
  std::atomic<int> ran = 0;
  std::atomic<bool> overlapped = false;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) {
          EXPECT_TRUE(run([&] {
            if (++inside != 1) overlapped = true;
            std::this_thread::yield();
            --inside;
            ++ran;
          }));
        }
      });
    }
  }
  EXPECT_FALSE(overlapped);
  EXPECT_EQ(ran, 400);
}

TEST_F(ExclusiveTest, WhatAnOperationThrowsReachesItsCallerAndFreesTheTurn) {
  EXPECT_THROW(run([] { throw std::runtime_error{"oops"}; }), std::runtime_error);
  EXPECT_TRUE(run([] {}));
}

TEST_F(ExclusiveTest, AnOperationWithinAnOperationIsPutOffToTheWorker) {
  std::promise<bool> late;
  EXPECT_TRUE(run([&] { EXPECT_FALSE(run([&] { late.set_value(worker_->is_current()); })); }));
  EXPECT_TRUE(late.get_future().get());
}

TEST_F(ExclusiveTest, AListenerThatTheOperationWaitsForIsNotWaitedForByIt) {
  std::promise<void> late;
  std::atomic<bool> put_off = false;
  listener_ = [&] { put_off = !run([&] { late.set_value(); }); };
  EXPECT_TRUE(run([&] { exclusive_.wait_for(push()); }));
  late.get_future().wait();
  EXPECT_TRUE(put_off);
}

TEST_F(ExclusiveTest, AListenerWaitsForItsTurnAndOthersAreToldMeanwhile) {
  // The operation waits for an event that is queued behind the listener which wants its turn.
  std::promise<void> listening;
  std::promise<void> under_way;
  std::atomic<bool> own_turn = false;
  listener_ = [&, first = true]() mutable {
    if (!std::exchange(first, false)) return;
    listening.set_value();
    under_way.get_future().wait();
    own_turn = run([] {});
  };
  push();
  listening.get_future().wait();
  run([&] {
    const auto ticket = push();
    under_way.set_value();
    exclusive_.wait_for(ticket);
  });
  flush();
  EXPECT_TRUE(own_turn);
}

TEST_F(ExclusiveTest, WhatALateOperationThrowsIsHandedOn) {
  run([&] { run([] { throw std::runtime_error{"oops"}; }); });
  std::promise<void> done;
  worker_->post([&] { done.set_value(); });
  done.get_future().wait();
  EXPECT_EQ(late_failures_, 1);
}

TEST_F(ExclusiveTest, CloseLetsWaitersGoWithoutTheirTurn) {
  std::promise<void> entered;
  std::promise<void> go;
  std::jthread busy{[&] {
    run([&] {
      entered.set_value();
      go.get_future().wait();
    });
  }};
  entered.get_future().wait();
  std::atomic<bool> ran = false;
  auto waiting = std::async(std::launch::async, [&] { return run([&] { ran = true; }); });
  exclusive_.close();
  EXPECT_FALSE(waiting.get());
  go.set_value();
  EXPECT_FALSE(run([&] { ran = true; }));
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace wechaty::puppet
