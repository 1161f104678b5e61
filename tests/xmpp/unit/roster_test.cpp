// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/roster.hpp"

#include <gtest/gtest.h>

#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

class XmppRoster : public testing::Test {
 protected:
  static Element item(std::string_view jid, std::string_view subscription) {
    return Element{"item", ns::roster}.set("jid", jid).set("subscription", subscription);
  }
  static Element push(std::string_view from, Element item) {
    return stanza("iq", from, "set")
        .set("id", "p")
        .add(Element{"query", ns::roster}.add(std::move(item)));
  }

  FakeWire wire_;
  std::vector<std::string> changes_;
  Roster roster_{wire_, [this](const std::string& jid, const auto& was, const auto& is) {
                   changes_.push_back(jid + " " + (was ? was->subscription : "-") + " " +
                                      (is ? is->subscription : "-"));
                 }};
};

TEST_F(XmppRoster, LoadedAgainItTellsWhatHasChanged) {
  const auto load = [&](std::vector<Element> items) {
    Element query{"query", ns::roster};
    for (auto& one : items) query.add(std::move(one));
    wire_.expect(std::move(query));
    roster_.load();
  };
  load({item("alice@localhost", "both"), item("bob@localhost", "none"),
        item("carol@localhost", "to")});
  EXPECT_TRUE(changes_.empty());
  load({item("alice@localhost", "both"), item("bob@localhost", "to"),
        item("dave@localhost", "from")});
  EXPECT_EQ(changes_, (std::vector<std::string>{"bob@localhost none to", "dave@localhost - from",
                                                "carol@localhost to -"}));
}

TEST_F(XmppRoster, IsLoadedAndFollowsPushes) {
  wire_.expect(Element{"query", ns::roster}.add(item("Alice@localhost", "both")));
  roster_.load();
  EXPECT_TRUE(roster_.find("alice@localhost")->is_friend());
  EXPECT_TRUE(roster_.handle(push("", item("carol@localhost", "from"))));
  EXPECT_TRUE(roster_.handle(push("bot@localhost", item("alice@localhost", "remove"))));
  EXPECT_EQ(changes_,
            (std::vector<std::string>{"carol@localhost - from", "alice@localhost both -"}));
  EXPECT_EQ(wire_.sent.size(), 2U);  // answers
}

TEST_F(XmppRoster, PushesOfOthersAreNotHeard) {
  EXPECT_FALSE(roster_.handle(push("mallory@localhost/x", item("mallory@localhost", "both"))));
  EXPECT_EQ(roster_.items().size(), 0U);
}

TEST_F(XmppRoster, AChangeKeepsTheRestOfTheEntry) {
  wire_.expect(Element{"query", ns::roster}.add(
      item("alice@localhost", "both").set("name", "Al").add(Element{"group", ns::roster, "a"})));
  roster_.load();
  wire_.expect_ok();
  roster_.change("alice@localhost", [](RosterItem& entry) { entry.groups.push_back("b & c"); });
  EXPECT_EQ(wire_.asked.back(),
            "<iq type=\"set\"><query xmlns=\"jabber:iq:roster\"><item jid=\"alice@localhost\" "
            "name=\"Al\"><group>a</group><group>b &amp; c</group></item></query></iq>");
  EXPECT_EQ(roster_.find("alice@localhost")->groups.size(), 2U);
  EXPECT_EQ(roster_.find("alice@localhost")->subscription, "both");
}

TEST_F(XmppRoster, WhatWeChangeIsNoNewsButWhatFollowsIs) {
  wire_.answers.push_back([&](const Element& iq) {  // the push comes before the answer
    roster_.handle(push("", item("bob@localhost", "none").set("name", "Bobby")));
    return FakeWire::result(iq);
  });
  roster_.change("bob@localhost", [](RosterItem& entry) { entry.name = "Bobby"; });
  EXPECT_TRUE(changes_.empty());
  roster_.handle(push("", item("bob@localhost", "none").set("name", "Bobby")));  // or again
  EXPECT_TRUE(changes_.empty());
  roster_.handle(push("", item("bob@localhost", "to").set("name", "Bobby")));
  EXPECT_EQ(changes_, std::vector<std::string>{"bob@localhost none to"});
}

TEST_F(XmppRoster, AnEntryIsTakenOffWithItsSubscriptions) {
  roster_.handle(push("", item("bob@localhost", "both")));
  wire_.expect_ok();
  roster_.remove("bob@localhost");
  EXPECT_NE(wire_.asked.back().find("subscription=\"remove\""), std::string::npos);
  EXPECT_FALSE(roster_.find("bob@localhost"));
}

TEST_F(XmppRoster, WhatTheServerRefusesChangesNothing) {
  roster_.handle(push("", item("bob@localhost", "both").set("name", "Bob")));
  wire_.expect_error("not-allowed");
  EXPECT_THROW(roster_.change("bob@localhost", [](RosterItem& entry) { entry.name = "B"; }),
               puppet::Error);
  EXPECT_EQ(roster_.find("bob@localhost")->name, "Bob");
  wire_.expect_error("item-not-found");
  EXPECT_THROW(roster_.remove("bob@localhost"), puppet::NotFoundError);
  EXPECT_TRUE(roster_.find("bob@localhost"));
}

TEST_F(XmppRoster, EntriesWithoutAnAddressAreNone) {
  EXPECT_TRUE(roster_.handle(push("", item("", "both"))));
  EXPECT_TRUE(roster_.handle(push("", item("@localhost", "both"))));
  EXPECT_TRUE(roster_.items().empty());
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
