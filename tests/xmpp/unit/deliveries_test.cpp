// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/deliveries.hpp"

#include <gtest/gtest.h>

#include <future>

#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

constexpr std::chrono::milliseconds soon{1};
constexpr std::chrono::minutes never{5};

class XmppDeliveries : public testing::Test {
 protected:
  void wait(const std::string& id, std::chrono::milliseconds limit = soon) {
    deliveries_.wait_for(id, "send", limit, stop_.get_token());
  }
  static Element refusal(std::string_view condition) {
    return stanza("message", "alice@localhost", "error")
        .add(Element{"error", ns::client}.add(Element{condition, ns::stanza_errors}));
  }
  Deliveries deliveries_;
  std::stop_source stop_;
};

TEST_F(XmppDeliveries, AMessageToAPersonIsThereWhenTheServerHasIt) {
  deliveries_.begin("m1", false);
  EXPECT_TRUE(deliveries_.is_waiting("m1"));
  EXPECT_THROW(wait("m1"), puppet::TimeoutError);
  EXPECT_FALSE(deliveries_.is_waiting("m1"));  // forgotten in any case
  deliveries_.begin("m1", false);
  deliveries_.settled("m1", "");
  EXPECT_NO_THROW(wait("m1"));
}

TEST_F(XmppDeliveries, AMessageToARoomIsThereWhenTheRoomHasReflectedIt) {
  deliveries_.begin("m1", true);
  deliveries_.settled("m1", "");
  EXPECT_TRUE(deliveries_.is_waiting("m1"));
  EXPECT_THROW(wait("m1"), puppet::TimeoutError);
  deliveries_.begin("m2", true);
  EXPECT_TRUE(deliveries_.came_back("m2"));
  EXPECT_NO_THROW(wait("m2"));
  EXPECT_FALSE(deliveries_.came_back("m2"));  // of which nobody waits any more
}

TEST_F(XmppDeliveries, WhatCameBackWasSentWhateverTheConnectionSays) {
  deliveries_.begin("m1", false);
  deliveries_.settled("m1", "the connection is lost");
  EXPECT_TRUE(deliveries_.came_back("m1"));
  EXPECT_NO_THROW(wait("m1"));
}

TEST_F(XmppDeliveries, AProblemAndARefusalAreErrorsThatSayWhat) {
  deliveries_.begin("m1", true);
  deliveries_.settled("m1", "the connection is lost");
  try {
    wait("m1");
    FAIL();
  } catch (const puppet::Error& error) {
    EXPECT_STREQ(error.what(), "send: the connection is lost");
  }
  deliveries_.begin("m2", true);
  EXPECT_TRUE(deliveries_.refused("m2", refusal("item-not-found")));
  EXPECT_THROW(wait("m2"), puppet::NotFoundError);
  EXPECT_FALSE(deliveries_.refused("m3", refusal("item-not-found")));
}

TEST_F(XmppDeliveries, WhoWaitsIsWokenByTheServerAndByAStop) {
  deliveries_.begin("m1", false);
  auto sender = std::async(std::launch::async, [&] { wait("m1", never); });
  deliveries_.settled("m1", "");
  EXPECT_EQ(sender.wait_for(std::chrono::seconds{20}), std::future_status::ready);
  sender.get();
  deliveries_.begin("m2", false);
  sender = std::async(std::launch::async, [&] { wait("m2", never); });
  stop_.request_stop();
  EXPECT_EQ(sender.wait_for(std::chrono::seconds{20}), std::future_status::ready);
  EXPECT_THROW(sender.get(), puppet::CancelledError);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
