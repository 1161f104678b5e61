// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/ledger.hpp"

#include <gtest/gtest.h>

#include <future>

namespace wechaty::puppet_xmpp::test {
namespace {

Ledger::Position at(const std::string& id) { return {.archive = "me", .id = id}; }

TEST(XmppLedger, WhatIsNotDeliveredIsNotAcknowledged) {
  Ledger ledger;
  ledger.new_session();
  ledger.handled(1);
  ledger.reported("a", 2, at("A"));
  ledger.handled(2);
  ledger.handled(3);
  EXPECT_EQ(ledger.settled().received, 1U);
  EXPECT_EQ(ledger.position("me").id, "");
  ledger.delivered("a");
  EXPECT_EQ(ledger.settled().received, 3U);
  EXPECT_EQ(ledger.position("me").id, "A");
  EXPECT_EQ(ledger.settled().seen, std::deque<std::string>{"a"});
}

TEST(XmppLedger, ADeliveryCoversAllThatWasReportedBefore) {
  Ledger ledger;
  ledger.new_session();
  for (std::uint32_t i = 1; i <= 3; ++i) {
    ledger.reported("m" + std::to_string(i), i, at(std::to_string(i)));
    ledger.handled(i);
  }
  ledger.delivered("m2");  // the event of m1 was dropped: there is none to wait for
  EXPECT_EQ(ledger.settled().received, 2U);
  EXPECT_EQ(ledger.position("me").id, "2");
}

TEST(XmppLedger, AStanzaThatWaitsHoldsTheCountBack) {
  Ledger ledger;
  ledger.new_session();
  ledger.hold(1);
  ledger.handled(1);
  ledger.handled(2);
  EXPECT_EQ(ledger.settled().received, 0U);
  ledger.release(1);
  EXPECT_EQ(ledger.settled().received, 2U);
}

TEST(XmppLedger, APositionWithAGapBehindItStaysUntilTheNextCatchUp) {
  Ledger ledger;
  ledger.passed(at("1"));
  ledger.keep_position("me");
  ledger.passed(at("3"));
  ledger.reported("a", std::nullopt, at("4"));
  ledger.move_position("me");
  ledger.delivered("a");  // told of in front of the gap
  EXPECT_EQ(ledger.position("me").id, "1");
  ledger.passed(at("2"));
  EXPECT_EQ(ledger.position("me").id, "2");
}

TEST(XmppLedger, APlaceWithoutAnEventIsNotPassedBeforeWhatIsInFrontOfIt) {
  Ledger ledger;
  ledger.passed(at("1"));
  EXPECT_EQ(ledger.position("me").id, "1");
  ledger.reported("a", std::nullopt, at("2"));
  ledger.passed(at("3"));
  EXPECT_EQ(ledger.position("me").id, "1");
  ledger.delivered("a");
  EXPECT_EQ(ledger.position("me").id, "3");
}

TEST(XmppLedger, ANewSessionCountsAnew) {
  Ledger ledger;
  ledger.new_session();
  ledger.reported("a", 1, std::nullopt);
  ledger.handled(1);
  ledger.new_session();
  ledger.handled(1);
  EXPECT_EQ(ledger.settled().received, 1U);
  EXPECT_EQ(ledger.settled().session, 2U);
}

TEST(XmppLedger, WhatTheLastProcessHasSeenIsNotNew) {
  Ledger ledger;
  ledger.restore({{"me", "P"}}, {"old"});
  EXPECT_FALSE(ledger.is_new("old"));
  EXPECT_TRUE(ledger.is_new("new"));
  EXPECT_FALSE(ledger.is_new("new"));
  EXPECT_EQ(ledger.position("me").id, "P");
}

TEST(XmppLedger, TheRingForgetsTheOldest) {
  Ring ring{2};
  EXPECT_TRUE(ring.insert("a"));
  EXPECT_TRUE(ring.insert("b"));
  EXPECT_FALSE(ring.insert("a"));
  EXPECT_TRUE(ring.insert("c"));
  EXPECT_TRUE(ring.insert("a"));
}

TEST(XmppLedger, TheCountWrapsAt32Bits) {
  Ledger ledger;
  ledger.new_session();
  ledger.resumed_at(0xFFFFFFFFU);
  ledger.reported("a", 0, std::nullopt);
  ledger.handled(0);
  EXPECT_EQ(ledger.settled().received, 0xFFFFFFFFU);
  ledger.delivered("a");
  EXPECT_EQ(ledger.settled().received, 0U);
}

TEST(XmppLedger, AMessageThatSaysNothingTakesNoRoomBehindOneThatWaits) {
  Ledger ledger;
  ledger.reported("m1", 1, Ledger::Position{.archive = "a", .id = "1"});
  for (int i = 2; i <= 100; ++i) ledger.passed({.archive = "a", .id = std::to_string(i)});
  ledger.passed({.archive = "b", .id = "7"});
  EXPECT_EQ(ledger.position("a").id, "");
  ledger.delivered("m1");
  EXPECT_EQ(ledger.position("a").id, "100");
  EXPECT_EQ(ledger.position("b").id, "7");
}

TEST(XmppLedger, WhoFetchesWaitsForTheListeners) {
  Ledger ledger;
  for (const char* id : {"m1", "m2", "m3"}) ledger.reported(id, {}, {});
  ledger.delivered("m1");
  EXPECT_FALSE(ledger.wait_for_listeners(1, std::chrono::milliseconds{1}, {}));
  auto fetcher = std::async(std::launch::async, [&] {
    return ledger.wait_for_listeners(1, std::chrono::minutes{1}, {});
  });
  ledger.delivered("m2");
  EXPECT_EQ(fetcher.wait_for(std::chrono::seconds{20}), std::future_status::ready);
  EXPECT_TRUE(fetcher.get());
}

TEST(XmppLedger, NobodyWaitsForListenersForEver) {
  Ledger ledger;
  ledger.reported("m1", {}, {});
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_FALSE(ledger.wait_for_listeners(0, std::chrono::hours{1}, stopped.get_token()));
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
