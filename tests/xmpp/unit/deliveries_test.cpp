// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/deliveries.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
