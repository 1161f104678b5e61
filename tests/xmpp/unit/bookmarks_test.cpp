// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/bookmarks.hpp"

#include <gtest/gtest.h>

#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

TEST(XmppBookmarks, RoomsToBeInAreFound) {
  FakeWire wire;
  Bookmarks bookmarks{wire};
  wire.expect(Element{"pubsub", ns::pubsub}.add(
      Element{"items", ns::pubsub}
          .add(Element{"item", ns::pubsub}
                   .set("id", "Room@c.localhost")
                   .add(Element{"conference", ns::bookmarks}
                            .set("autojoin", "1")
                            .add(Element{"nick", ns::bookmarks, "me"})))
          .add(Element{"item", ns::pubsub}.set("id", "x@y").add(Element{"conference", "other"}))));
  EXPECT_EQ(bookmarks.load(),
            std::vector{(Bookmark{.room = "room@c.localhost", .nick = "me", .autojoin = true})});
}

TEST(XmppBookmarks, ThereMayBeNone) {
  FakeWire wire;
  Bookmarks bookmarks{wire};
  wire.expect_error("item-not-found");
  EXPECT_TRUE(bookmarks.load().empty());
  wire.expect_error("forbidden");
  EXPECT_THROW(static_cast<void>(bookmarks.load()), puppet::Error);
}

TEST(XmppBookmarks, OneIsPutWhereNobodyElseSeesItAndAllAreKept) {
  FakeWire wire;
  Bookmarks bookmarks{wire};
  wire.expect_ok();
  bookmarks.put({.room = "r@c.localhost", .name = "Tea & Co", .nick = "me", .autojoin = true});
  const std::string& asked = wire.asked.at(0);
  for (const char* const part :
       {"<item id=\"r@c.localhost\"><conference xmlns=\"urn:xmpp:bookmarks:1\" "
        "name=\"Tea &amp; Co\" autojoin=\"true\"><nick>me</nick></conference></item>",
        "<field var=\"pubsub#access_model\"><value>whitelist</value>",
        "<field var=\"pubsub#max_items\"><value>max</value>"}) {
    EXPECT_NE(asked.find(part), std::string::npos) << asked;
  }
}

TEST(XmppBookmarks, ARemovalIsToldToOthersAndOneThatIsNotThereIsRemovedToo) {
  FakeWire wire;
  Bookmarks bookmarks{wire};
  wire.expect_ok();
  bookmarks.remove("r@c.localhost");
  EXPECT_NE(wire.asked.at(0).find("<item id=\"r@c.localhost\"/>"), std::string::npos);
  EXPECT_NE(wire.asked.at(0).find("notify=\"true\""), std::string::npos);
  wire.expect_error("item-not-found");
  EXPECT_NO_THROW(bookmarks.remove("r@c.localhost"));
  wire.expect_error("forbidden");
  EXPECT_THROW(bookmarks.remove("r@c.localhost"), puppet::Error);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
