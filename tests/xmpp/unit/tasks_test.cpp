// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/tasks.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <stdexcept>
#include <string>

namespace wechaty::puppet_xmpp::test {
namespace {

using std::chrono::milliseconds;

class XmppTasks : public testing::Test {
 protected:
  Tasks::Task says(const std::string& word) {
    return [this, word] { said_ += word; };
  }
  bool is_awake() {
    pollfd place{.fd = tasks_.wake(), .events = POLLIN, .revents = 0};
    return ::poll(&place, 1, 0) > 0;
  }

  const Tasks::Time now_{std::chrono::hours{1}};
  std::string said_;
  int errors_ = 0;
  Tasks tasks_{[this](std::exception_ptr) { ++errors_; }};
};

TEST_F(XmppTasks, RunInTheOrderInWhichTheyWerePosted) {
  for (const char* word : {"a", "b", "c"}) tasks_.post(says(word));
  tasks_.run(now_);
  EXPECT_EQ(said_, "abc");
}

TEST_F(XmppTasks, WhatATaskPostsIsForTheNextRun) {
  tasks_.post([this] {
    said_ += "a";
    tasks_.post(says("b"));
  });
  tasks_.run(now_);
  EXPECT_EQ(said_, "a");
  EXPECT_TRUE(is_awake());
  tasks_.run(now_);
  EXPECT_EQ(said_, "ab");
}

TEST_F(XmppTasks, OneThatThrowsDoesNotKeepTheOthersFromRunning) {
  tasks_.post([] { throw std::runtime_error{"x"}; });
  tasks_.post(says("b"));
  tasks_.run(now_);
  EXPECT_EQ(said_, "b");
  EXPECT_EQ(errors_, 1);
}

TEST_F(XmppTasks, ATimedOneRunsWhenItIsDueAndNotBefore) {
  tasks_.post_at(now_ + milliseconds{20}, says("later"));
  tasks_.post_at(now_ + milliseconds{10}, says("soon "));
  tasks_.run(now_ + milliseconds{9});
  EXPECT_EQ(said_, "");
  tasks_.run(now_ + milliseconds{10});
  EXPECT_EQ(said_, "soon ");
  tasks_.run(now_ + milliseconds{30});
  tasks_.run(now_ + milliseconds{40});
  EXPECT_EQ(said_, "soon later");
}

TEST_F(XmppTasks, ThePostOfOneIsAWakeUpCallUntilItHasRun) {
  EXPECT_FALSE(is_awake());
  tasks_.post(says("a"));
  EXPECT_TRUE(is_awake());
  tasks_.run(now_);
  EXPECT_FALSE(is_awake());
}

TEST_F(XmppTasks, TheLoopRestsUntilTheFirstOneIsDue) {
  EXPECT_EQ(tasks_.rest(now_, milliseconds{100}), milliseconds{100});
  tasks_.post_at(now_ + milliseconds{200}, says("a"));
  EXPECT_EQ(tasks_.rest(now_, milliseconds{100}), milliseconds{100});
  tasks_.post_at(now_ + std::chrono::microseconds{7'500}, says("b"));
  EXPECT_EQ(tasks_.rest(now_, milliseconds{100}), milliseconds{8});
  EXPECT_EQ(tasks_.rest(now_ + milliseconds{9}, milliseconds{100}), milliseconds{0});
  tasks_.post(says("c"));
  EXPECT_EQ(tasks_.rest(now_, milliseconds{100}), milliseconds{0});
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
