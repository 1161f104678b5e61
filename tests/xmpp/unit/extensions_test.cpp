// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "puppet_xmpp/session/requests.hpp"
#include "puppet_xmpp/xep/archive.hpp"
#include "puppet_xmpp/xep/bookmarks.hpp"
#include "puppet_xmpp/xep/disco.hpp"
#include "puppet_xmpp/xep/notes.hpp"
#include "puppet_xmpp/xep/profile.hpp"
#include "puppet_xmpp/xep/room_admin.hpp"
#include "puppet_xmpp/xep/roster.hpp"
#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

// --- roster --------------------------------------------------------------------------------------

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

// --- friend requests ---------------------------------------------------------------------------

class XmppRequests : public testing::Test {
 protected:
  XmppRequests() { memory_.load(); }

  FakeWire wire_;
  FakeHost host_;
  puppet::MemoryCard memory_;
  int saves_ = 0;
  std::optional<Requests> requests_;
  Requests& requests() {
    if (!requests_) requests_.emplace(wire_, host_, Card{memory_}, [this] { ++saves_; });
    return *requests_;
  }
};

TEST_F(XmppRequests, ARequestIsToldOnceUntilItIsAnswered) {
  const Element subscribe = stanza("presence", "alice@localhost", "subscribe")
                                .add(Element{"status", ns::client, "hello"});
  EXPECT_TRUE(requests().handle_presence(subscribe));
  EXPECT_TRUE(requests().handle_presence(subscribe));
  ASSERT_EQ(host_.friendships.size(), 1U);
  EXPECT_EQ(host_.friendships[0].hello, "hello");
  requests_.reset();  // another process, the same card
  EXPECT_TRUE(requests().handle_presence(subscribe));
  EXPECT_EQ(host_.friendships.size(), 1U);
  requests().accept_friendship(host_.friendships[0]);
  EXPECT_EQ(wire_.sent.size(), 2U);
  EXPECT_TRUE(requests().handle_presence(subscribe));
  EXPECT_EQ(host_.friendships.size(), 2U);
}

TEST_F(XmppRequests, AnAnsweredRequestIsConfirmed) {
  requests().handle_roster("alice@localhost", std::nullopt,
                           RosterItem{.jid = "alice@localhost", .asked = true});
  requests().handle_roster("alice@localhost", RosterItem{.jid = "alice@localhost", .asked = true},
                           RosterItem{.jid = "alice@localhost", .subscription = "to"});
  ASSERT_EQ(host_.friendships.size(), 2U);
  EXPECT_EQ(host_.friendships[0].type, puppet::FriendshipType::verify);
  EXPECT_EQ(host_.friendships[1].type, puppet::FriendshipType::confirm);
}

// --- archive
// ---------------------------------------------------------------------------------------

TEST(XmppArchive, OnlyResultsOfTheArchiveThatWasAskedAreTaken) {
  FakeWire wire;
  Archive archive{wire};
  wire.answers.push_back([&](const Element& iq) {
    const std::string query{iq.child("query", ns::mam)->attr("queryid")};
    for (const char* from : {"mallory@localhost", "room@c.localhost", "bot@localhost"}) {
      Element inner = stanza("message", "alice@localhost/x", "chat");
      Element forwarded = Element{"forwarded", ns::forward}.add(inner);
      archive.handle(stanza("message", from)
                         .add(Element{"result", ns::mam}
                                  .set("queryid", query)
                                  .set("id", std::string{"of "} + from)
                                  .add(forwarded)));
    }
    return FakeWire::result(iq).add(Element{"fin", ns::mam}.set("complete", "true"));
  });
  const auto page = archive.after("bot@localhost", "A1");
  ASSERT_EQ(page.messages.size(), 1U);
  EXPECT_EQ(page.messages[0].id, "of bot@localhost");
  EXPECT_TRUE(page.complete);
  EXPECT_NE(wire.asked[0].find("<after>A1</after>"), std::string::npos) << wire.asked[0];
}

TEST(XmppArchive, AForgottenPlaceIsNotFound) {
  FakeWire wire;
  Archive archive{wire};
  wire.expect_error("item-not-found");
  EXPECT_THROW(static_cast<void>(archive.after("bot@localhost", "gone")), puppet::NotFoundError);
}

// --- profile, notes, bookmarks, discovery, rooms
// -----------------------------------------------------

TEST(XmppProfiles, TheNickComesBeforeTheVCard) {
  FakeWire wire;
  Profiles profiles{wire};
  wire.expect(Element{"vCard", ns::vcard}
                  .add(Element{"FN", ns::vcard, "Alice Liddell"})
                  .add(Element{"NOTE", ns::vcard, "curious"}));
  wire.expect(Element{"pubsub", ns::pubsub}.add(Element{"items", ns::pubsub}.add(
      Element{"item", ns::pubsub}.add(Element{"nick", ns::nick, "Al"}))));
  const Profile profile = profiles.load("alice@localhost");
  EXPECT_EQ(profile.name, "Al");
  EXPECT_EQ(profile.description, "curious");
}

TEST(XmppProfiles, WhoShowsNothingHasAnEmptyProfile) {
  FakeWire wire;
  Profiles profiles{wire};
  wire.expect_error("service-unavailable");
  wire.expect_error("forbidden");
  EXPECT_EQ(profiles.load("stranger@localhost").name, "");
}

TEST(XmppProfiles, APictureThatDoesNotFitIsRefused) {
  FakeWire wire;
  Profiles profiles{wire};
  EXPECT_THROW(
      profiles.set_own_picture({.media_type = "image/png", .bytes = std::string(200'000, 'x')}),
      puppet::TooLargeError);
}

TEST(XmppNotes, ThereAndBack) {
  const Note note{.phones = {"1", "2"}, .corporation = "ACME", .description = "a\nb"};
  EXPECT_EQ(Notes::to_text(note), "phone: 1\nphone: 2\ncorporation: ACME\na\nb");
  EXPECT_EQ(Notes::parse(Notes::to_text(note)), note);
  EXPECT_EQ(Notes::parse("written by another client").description, "written by another client");
}

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

TEST(XmppDisco, QuestionsAreAnsweredAndUnknownOnesRefused) {
  FakeWire wire;
  Disco disco{wire};
  disco.answer(stanza("iq", "alice@localhost/x", "get")
                   .set("id", "1")
                   .add(Element{"query", ns::disco_info}));
  EXPECT_NE(wire.sent[0].find("urn:xmpp:avatar:metadata+notify"), std::string::npos);
  disco.answer(stanza("iq", "localhost", "get").set("id", "2").add(Element{"ping", ns::ping}));
  EXPECT_EQ(wire.sent[1], "<iq type=\"result\" id=\"2\" to=\"localhost\"/>");
  disco.answer(stanza("iq", "alice@localhost/x", "set").set("id", "3").add(Element{"query", "x"}));
  EXPECT_NE(wire.sent[2].find("service-unavailable"), std::string::npos);
}

TEST(XmppRoomAdmin, WhatIsNotShownIsEmpty) {
  FakeWire wire;
  Disco disco{wire};
  RoomAdmin admin{wire, disco};
  wire.expect(Element{"query", ns::muc_admin}.add(
      Element{"item", ns::muc_admin}.set("jid", "alice@localhost").set("affiliation", "owner")));
  wire.expect_error("forbidden");
  wire.expect_error("forbidden");
  const auto all = admin.affiliations("room@c.localhost");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.begin()->second, "owner");
}

TEST(XmppRequest, ErrorsAreThrownAsWhatTheyMean) {
  FakeWire wire;
  const auto ask = [&](const std::string& condition) {
    wire.expect_error(condition);
    static_cast<void>(request(wire, iq_get("alice@localhost"), "it"));
  };
  EXPECT_THROW(ask("item-not-found"), puppet::NotFoundError);
  EXPECT_THROW(ask("conflict"), puppet::ConflictError);
  EXPECT_THROW(ask("feature-not-implemented"), puppet::UnsupportedError);
  EXPECT_THROW(ask("bad-request"), puppet::InvalidArgumentError);
  try {
    ask("forbidden");
    FAIL();
  } catch (const puppet::Error& error) {
    EXPECT_STREQ(error.what(), "it: forbidden");
  }
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
