// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/pubsub.hpp"

#include <gtest/gtest.h>

#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

TEST(XmppPubsub, ItemsAreReadWithTheirIdsAndEmptyOnesLeftOut) {
  FakeWire wire;
  wire.expect(Element{"pubsub", ns::pubsub}.add(
      Element{"items", ns::pubsub}
          .add(Element{"item", ns::pubsub}.set("id", "1").add(Element{"x", "urn:x"}))
          .add(Element{"item", ns::pubsub}.set("id", "2"))
          .add(Element{"retract", ns::pubsub}.set("id", "3"))));
  const auto items = pubsub_items(wire, "alice@localhost", "urn:x", 2);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].id, "1");
  EXPECT_TRUE(items[0].payload.is("x", "urn:x"));
  EXPECT_EQ(wire.asked.at(0),
            "<iq type=\"get\" to=\"alice@localhost\"><pubsub "
            "xmlns=\"http://jabber.org/protocol/pubsub\"><items node=\"urn:x\" max_items=\"2\"/>"
            "</pubsub></iq>");
}

TEST(XmppPubsub, ANodeThatIsNotThereIsEmptyAndOneThatIsHiddenIsAnError) {
  FakeWire wire;
  wire.expect_error("item-not-found");
  EXPECT_TRUE(pubsub_items(wire, "", "urn:x").empty());
  wire.expect_error("forbidden");
  EXPECT_THROW(static_cast<void>(pubsub_items(wire, "", "urn:x")), puppet::Error);
  wire.expect_ok();
  EXPECT_TRUE(pubsub_items(wire, "", "urn:x").empty());
}

TEST(XmppPubsub, APublicationHasOptionsOnlyIfThereAreAny) {
  FakeWire wire;
  wire.expect_ok();
  pubsub_publish(wire, "urn:x", {.id = "1", .payload = Element{"x", "urn:x"}});
  EXPECT_EQ(wire.asked.at(0).find("publish-options"), std::string::npos);
  EXPECT_NE(wire.asked[0].find("<item id=\"1\"><x xmlns=\"urn:x\"/></item>"), std::string::npos);
  wire.expect_error("conflict");
  EXPECT_THROW(pubsub_publish(wire, "urn:x", {.id = "1", .payload = Element{"x", "urn:x"}},
                              {{"pubsub#access_model", "open"}}),
               puppet::ConflictError);
  EXPECT_NE(wire.asked.at(1).find("<field var=\"pubsub#access_model\"><value>open</value>"),
            std::string::npos);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
