// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/agents/watchdog.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "support/manual_executor.hpp"

namespace wechaty::puppet {
namespace {

using namespace std::chrono_literals;
using Bites = std::vector<std::string>;

class WatchdogTest : public testing::Test {
 protected:
  void wait(std::chrono::milliseconds time) { executor_->advance(time); }

  std::shared_ptr<test::ManualExecutor> executor_ = std::make_shared<test::ManualExecutor>();
  Bites bites_;
  std::unique_ptr<Watchdog> dog_ = std::make_unique<Watchdog>(
      executor_, 60s, [this](const std::string& food) { bites_.push_back(food); });
};

TEST_F(WatchdogTest, SleepsUntilItIsArmed) {
  dog_->feed("x");
  wait(1h);
  EXPECT_EQ(bites_, Bites{});
}

TEST_F(WatchdogTest, BitesOnceWhenItWasNeverFed) {
  dog_->arm();
  wait(59'999ms);
  EXPECT_EQ(bites_, Bites{});
  wait(1ms);
  EXPECT_EQ(bites_, Bites{""});
  wait(1h);
  EXPECT_EQ(bites_, Bites{""});
}

TEST_F(WatchdogTest, EachFoodIsGoodForTheWholeTime) {
  dog_->arm();
  for (int i = 0; i < 100; ++i) {
    wait(59s);
    dog_->feed(std::to_string(i));
  }
  EXPECT_EQ(bites_, Bites{});
  wait(59'999ms);
  EXPECT_EQ(bites_, Bites{});
  wait(1ms);
  EXPECT_EQ(bites_, Bites{"99"});
}

TEST_F(WatchdogTest, DisarmedItDoesNotBite) {
  dog_->arm();
  wait(30s);
  dog_->disarm();
  wait(1h);
  EXPECT_EQ(bites_, Bites{});
}

TEST_F(WatchdogTest, ArmedAgainItWaitsFromThenOnAndBitesOnce) {
  dog_->arm();
  dog_->feed("old");
  wait(50s);
  for (int i = 0; i < 6; ++i) dog_->arm();  // however often
  wait(59s);
  EXPECT_EQ(bites_, Bites{});
  wait(1s);
  EXPECT_EQ(bites_, Bites{""});
}

TEST_F(WatchdogTest, ItsCallbackMayArmItAgain) {
  dog_ = std::make_unique<Watchdog>(executor_, 60s, [this](const std::string& food) {
    bites_.push_back(food);
    dog_->arm();
  });
  dog_->arm();
  wait(180s);
  EXPECT_EQ(bites_.size(), 3U);
}

TEST_F(WatchdogTest, ATimerThatOutlivesItDoesNothing) {
  dog_->arm();
  dog_.reset();
  wait(1h);
  EXPECT_EQ(bites_, Bites{});
}

}  // namespace
}  // namespace wechaty::puppet
