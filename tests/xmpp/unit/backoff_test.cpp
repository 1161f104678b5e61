// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/backoff.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace wechaty::puppet_xmpp::test {
namespace {

using std::chrono::milliseconds;

/// A client's life against one server, in a time that the test makes pass.
class XmppBackoff : public testing::Test {
 protected:
  /// An attempt that leads to a session of this length, or to none.
  /// @result how long the client waits after it
  milliseconds after(std::optional<milliseconds> session) {
    if (session) {
      backoff_.session_began(now_);
      now_ += *session;
    }
    backoff_.attempt_ended(now_);
    const milliseconds wait = backoff_.next_wait();
    now_ += wait;
    return wait;
  }

  Backoff::Time now_{std::chrono::hours{1}};
  Backoff backoff_{[](std::int64_t, std::int64_t to) { return to; }};
};

TEST_F(XmppBackoff, AServerThatIsAwayIsDialledEverMoreSeldomUpToAMinute) {
  std::vector<std::int64_t> waits;
  for (int i = 0; i < 9; ++i) waits.push_back(after({}).count());
  EXPECT_EQ(waits, (std::vector<std::int64_t>{500, 1'000, 2'000, 4'000, 8'000, 16'000, 32'000,
                                              60'000, 60'000}));
}

TEST_F(XmppBackoff, AServerThatAcceptsAndCutsAtOnceIsDialledEverMoreSeldom) {
  EXPECT_EQ(after(milliseconds{999}), milliseconds{500});
  EXPECT_EQ(after(milliseconds{0}), milliseconds{1'000});
  EXPECT_EQ(after(milliseconds{999}), milliseconds{2'000});
}

TEST_F(XmppBackoff, ASessionThatLastsEndsTheSeries) {
  for (int i = 0; i < 5; ++i) after({});
  EXPECT_EQ(after(std::chrono::seconds{1}), milliseconds{500});
}

TEST_F(XmppBackoff, ASessionInWhichSomethingIsSaidEndsTheSeriesHoweverShort) {
  for (int i = 0; i < 5; ++i) after({});
  backoff_.session_works();
  EXPECT_EQ(after(milliseconds{10}), milliseconds{500});
  EXPECT_EQ(after(milliseconds{10}), milliseconds{1'000}) << "the next one has to earn it itself";
}

TEST_F(XmppBackoff, ASessionOfLongAgoDoesNotExcuseALaterFailure) {
  after(std::chrono::hours{1});
  EXPECT_EQ(after({}), milliseconds{1'000});
  EXPECT_EQ(after({}), milliseconds{2'000});
}

TEST_F(XmppBackoff, AResetBeginsTheSeriesAnew) {
  for (int i = 0; i < 5; ++i) after({});
  backoff_.reset();
  EXPECT_EQ(after({}), milliseconds{500});
}

TEST_F(XmppBackoff, TheFirstWaitMayBeNoneAndLaterOnesAreHalfAtLeast) {
  backoff_ = Backoff{[](std::int64_t from, std::int64_t) { return from; }};
  EXPECT_EQ(after({}), milliseconds{0});
  EXPECT_EQ(after({}), milliseconds{500});
  EXPECT_EQ(after({}), milliseconds{1'000});
}

TEST_F(XmppBackoff, ClientsOfOneServerDoNotComeBackAllAtOnce) {
  std::vector<milliseconds> waits;
  for (int i = 0; i < 20; ++i) {
    Backoff one;
    one.attempt_ended(now_);
    waits.push_back(one.next_wait());
  }
  EXPECT_NE(std::vector(waits.size(), waits[0]), waits);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
