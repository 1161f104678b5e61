// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include "contract/subject.hpp"
#include "support/manual_executor.hpp"

namespace wechaty::puppet::test {
namespace {

class R7LifeCycle : public ContractTest {};
INSTANTIATE_CONTRACT(R7LifeCycle);

TEST_P(R7LifeCycle, StartAndStopAreIdempotent) {
  log_in();
  puppet_->start();
  puppet_->start();
  flush();  // over a network `ready` may come before start() has returned
  EXPECT_EQ(log_->of("start").size(), 1U);
  puppet_->stop();
  puppet_->stop();
  EXPECT_EQ(log_->of("stop").size(), 1U);
  EXPECT_EQ(log_->of("logout").size(), 1U);
}

TEST_P(R7LifeCycle, StartAndStopMayBeCalledFromManyThreads) {
  make();
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 10; ++i) {
          try {
            (t + i) % 2 == 0 ? puppet_->start() : puppet_->stop();
          } catch (const CancelledError&) {  // a start that another thread's stop has cut short
          }
        }
      });
    }
  }
  puppet_->stop();
  EXPECT_EQ(log_->of("start").size(), log_->of("stop").size());
  EXPECT_EQ(puppet_->state(), ServiceMixin::State::stopped);
}

TEST_P(R7LifeCycle, AStartThatFailsThrowsAndLeavesThePuppetStopped) {
  subject_->fail_next("start");
  make();
  EXPECT_THROW(puppet_->start(), Error);
  EXPECT_EQ(puppet_->state(), ServiceMixin::State::stopped);
  ASSERT_TRUE(log_->wait_for("error"));
  puppet_->start();
  EXPECT_TRUE(log_->wait_for("ready"));
}

TEST_P(R7LifeCycle, StopCutsAStartShort) {
  make();
  subject_->delay_next("start", std::chrono::minutes{10});
  std::jthread starting{[&] { EXPECT_THROW(puppet_->start(), CancelledError); }};
  while (puppet_->state() != ServiceMixin::State::starting) std::this_thread::yield();
  puppet_->stop();
  starting.join();
  EXPECT_EQ(puppet_->state(), ServiceMixin::State::stopped);
}

TEST_P(R7LifeCycle, AStopThatFailsStopsAllTheSame) {
  log_in();
  subject_->fail_next("stop");
  puppet_->stop();
  EXPECT_EQ(log_->of("error").size(), 1U);
  EXPECT_EQ(log_->of("stop").size(), 1U);
}

TEST_P(R7LifeCycle, APuppetThatStopsBeatingIsReset) {
  const auto executor = std::make_shared<ManualExecutor>();
  make({.timeout = std::chrono::seconds{10}, .executor = executor});  // it beats every 15 s
  executor->run_in_thread([&] { puppet_->start(); });
  ASSERT_TRUE(executor->run_until([&] { return log_->place("ready") >= 0; }));
  executor->advance(std::chrono::seconds{11});
  ASSERT_TRUE(executor->run_until([&] { return log_->of("ready").size() == 2; }));
  EXPECT_LT(log_->place("error WatchdogAgent"), log_->place("reset"));
  EXPECT_LT(log_->place("reset"), log_->place("stop"));
  EXPECT_EQ(log_->of("start").size(), 2U);
  EXPECT_EQ(log_->of("reset").size(), 1U);
  executor->run_in_thread([&] { puppet_->stop(); });
}

TEST_P(R7LifeCycle, APuppetThatBeatsIsNotReset) {
  const auto executor = std::make_shared<ManualExecutor>();
  make({.timeout = std::chrono::seconds{60}, .executor = executor});
  executor->run_in_thread([&] { puppet_->start(); });
  ASSERT_TRUE(executor->run_until([&] { return log_->place("ready") >= 0; }));
  for (int i = 0; i < 600; ++i) executor->advance(std::chrono::seconds{1});
  EXPECT_EQ(log_->of("reset"), std::vector<std::string>{});
  EXPECT_GE(log_->of("heartbeat").size(), 40U);
  executor->run_in_thread([&] { puppet_->stop(); });
}

TEST_P(R7LifeCycle, ARestartThatFailsIsTriedAgainUntilItSucceeds) {
  const auto executor = std::make_shared<ManualExecutor>();
  make({.executor = executor});
  executor->run_in_thread([&] { puppet_->start(); });
  ASSERT_TRUE(executor->run_until([&] { return log_->place("ready") >= 0; }));
  subject_->fail_next("start", 3);
  executor->run_in_thread([&] { puppet_->reset("test"); });
  ASSERT_TRUE(executor->run_until([&] { return log_->of("error").size() == 1; }));
  for (std::size_t failures = 2; failures <= 3; ++failures) {
    ASSERT_TRUE(executor->run_until([&] {
      executor->advance(std::chrono::seconds{1});
      return log_->of("error").size() == failures;
    }));
  }
  ASSERT_TRUE(executor->run_until([&] {
    executor->advance(std::chrono::seconds{1});
    return log_->of("ready").size() == 2;
  }));
  executor->run_in_thread([&] { puppet_->stop(); });
}

TEST_P(R7LifeCycle, DingLeadsToDongWithTheSameData) {
  log_in();
  puppet_->ding("data");
  EXPECT_TRUE(log_->wait_for("dong data"));
}

TEST_P(R7LifeCycle, ASecondStartHasNoListenersOfTheFirst) {
  log_in();
  for (int i = 2; i <= 6; ++i) {
    puppet_->stop();
    puppet_->start();
    ASSERT_TRUE(log_->wait_for("ready", i));
  }
  const auto beats = log_->of("heartbeat").size();
  EXPECT_EQ(beats, 6U);
  EXPECT_EQ(log_->of("login").size(), 6U);
}

}  // namespace
}  // namespace wechaty::puppet::test
