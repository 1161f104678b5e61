// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/deliveries.hpp"

#include <gtest/gtest.h>

#include <future>

#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

constexpr const char* me = "bot@localhost";

Element refusal(std::string_view from) {
  return stanza("message", from, "error")
      .set("id", "m1")
      .add(Element{"error", ns::client}.add(Element{"item-not-found", ns::stanza_errors}));
}

/// Whether an error from there ends a message to that address.
bool ends(std::string_view from, const std::string& to) {
  Deliveries deliveries;
  deliveries.begin("m1", to, false);
  const bool is_for_it = deliveries.refused(refusal(from), me);
  EXPECT_EQ(deliveries.is_waiting("m1"), !is_for_it);
  return is_for_it;
}

TEST(XmppDeliveries, ARefusalComesFromTheReceiverOrTheOwnServer) {
  for (const char* from : {"alice@example.org", "Alice@example.org/phone", "localhost", me, ""}) {
    EXPECT_TRUE(ends(from, "alice@example.org")) << from;
  }
}

TEST(XmppDeliveries, NobodyElseCanPassAMessageOffAsFailed) {
  for (const char* from : {"mallory@example.org", "mallory@example.org/alice@example.org",
                           "bot@localhost/other", "example.org", "mallory@localhost", "/"}) {
    EXPECT_FALSE(ends(from, "alice@example.org")) << from;
  }
}

TEST(XmppDeliveries, OfARoomTheRoomRefuses) {
  const std::string room = "room@conference.localhost";
  EXPECT_TRUE(ends(room, room));
  EXPECT_TRUE(ends(room + "/alice", room + "/alice"));
  EXPECT_TRUE(ends(room, room + "/alice"));
  EXPECT_FALSE(ends("alice@localhost/phone", room));  // a member, who has seen the id
}

TEST(XmppDeliveries, WhoWaitsGetsWhatTheRefusalMeans) {
  Deliveries deliveries;
  deliveries.begin("m1", "alice@example.org", false);
  EXPECT_TRUE(deliveries.refused(refusal("alice@example.org"), me));
  EXPECT_THROW(deliveries.wait_for("m1", "x", std::chrono::milliseconds{0}, {}),
               puppet::NotFoundError);
}

constexpr std::chrono::milliseconds soon{1};
constexpr std::chrono::minutes never{5};

class XmppDeliveriesWait : public testing::Test {
 protected:
  void wait(const std::string& id, std::chrono::milliseconds limit = soon) {
    deliveries_.wait_for(id, "send", limit, stop_.get_token());
  }
  Deliveries deliveries_;
  std::stop_source stop_;
};

TEST_F(XmppDeliveriesWait, AMessageToAPersonIsThereWhenTheServerHasIt) {
  deliveries_.begin("m1", "alice@example.org", false);
  EXPECT_TRUE(deliveries_.is_waiting("m1"));
  EXPECT_THROW(wait("m1"), puppet::TimeoutError);
  EXPECT_FALSE(deliveries_.is_waiting("m1"));  // forgotten in any case
  deliveries_.begin("m1", "alice@example.org", false);
  deliveries_.settled("m1", "");
  EXPECT_NO_THROW(wait("m1"));
}

TEST_F(XmppDeliveriesWait, AMessageToARoomIsThereWhenTheRoomHasReflectedIt) {
  deliveries_.begin("m1", "alice@example.org", true);
  deliveries_.settled("m1", "");
  EXPECT_TRUE(deliveries_.is_waiting("m1"));
  EXPECT_THROW(wait("m1"), puppet::TimeoutError);
  deliveries_.begin("m2", "alice@example.org", true);
  EXPECT_TRUE(deliveries_.came_back("m2"));
  EXPECT_NO_THROW(wait("m2"));
  EXPECT_FALSE(deliveries_.came_back("m2"));  // of which nobody waits any more
}

TEST_F(XmppDeliveriesWait, WhatCameBackWasSentWhateverTheConnectionSays) {
  deliveries_.begin("m1", "alice@example.org", false);
  deliveries_.settled("m1", "the connection is lost");
  EXPECT_TRUE(deliveries_.came_back("m1"));
  EXPECT_NO_THROW(wait("m1"));
}

TEST_F(XmppDeliveriesWait, AProblemIsAnErrorThatSaysWhat) {
  deliveries_.begin("m1", "alice@example.org", true);
  deliveries_.settled("m1", "the connection is lost");
  try {
    wait("m1");
    FAIL();
  } catch (const puppet::Error& error) {
    EXPECT_STREQ(error.what(), "send: the connection is lost");
  }
}

TEST_F(XmppDeliveriesWait, WhoWaitsIsWokenByTheServerAndByAStop) {
  deliveries_.begin("m1", "alice@example.org", false);
  auto sender = std::async(std::launch::async, [&] { wait("m1", never); });
  deliveries_.settled("m1", "");
  EXPECT_EQ(sender.wait_for(std::chrono::seconds{20}), std::future_status::ready);
  sender.get();
  deliveries_.begin("m2", "alice@example.org", false);
  sender = std::async(std::launch::async, [&] { wait("m2", never); });
  stop_.request_stop();
  EXPECT_EQ(sender.wait_for(std::chrono::seconds{20}), std::future_status::ready);
  EXPECT_THROW(sender.get(), puppet::CancelledError);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
