// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/vigil.hpp"

#include <gtest/gtest.h>

namespace wechaty::puppet_xmpp::test {
namespace {

using std::chrono::milliseconds;
using Verdict = Vigil::Verdict;

class XmppVigil : public testing::Test {
 protected:
  XmppVigil() { vigil_.heard(begin_); }
  Verdict after(int ms, bool in_session = true) {
    return vigil_.check(begin_ + milliseconds{ms}, in_session);
  }

  const Vigil::Time begin_{std::chrono::hours{1}};
  Vigil vigil_{milliseconds{20}, milliseconds{100}};
};

TEST_F(XmppVigil, ALoginThatMakesNoStepInTimeIsGivenUp) {
  EXPECT_EQ(after(20, false), Verdict::fine);
  EXPECT_EQ(after(21, false), Verdict::dead);
}

TEST_F(XmppVigil, ASilentServerIsPingedOnceAndThenGivenUp) {
  EXPECT_EQ(after(100), Verdict::fine);
  EXPECT_EQ(after(101), Verdict::ping);
  EXPECT_EQ(after(150), Verdict::fine);
  EXPECT_EQ(after(200), Verdict::fine);
  EXPECT_EQ(after(201), Verdict::dead);
}

TEST_F(XmppVigil, WhateverComesBeginsTheTimeAnew) {
  EXPECT_EQ(after(101), Verdict::ping);
  vigil_.heard(begin_ + milliseconds{150});
  EXPECT_EQ(after(250), Verdict::fine);
  EXPECT_EQ(after(251), Verdict::ping);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
