// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/rooms.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using puppet::EventRoomJoinPayload;
using puppet::EventRoomLeavePayload;
using puppet::EventRoomTopicPayload;

constexpr const char* room = "room@c.localhost";

/// XEP-0045, as the bot sees it, whose nick is `bot`.
class XmppRooms : public testing::Test {
 protected:
  static Element presence(const std::string& nick, const std::string& jid,
                          const std::string& affiliation, std::vector<std::string> statuses = {},
                          const std::string& type = {}) {
    Element user{"x", ns::muc_user};
    user.add(Element{"item", ns::muc_user}.set("jid", jid).set("affiliation", affiliation));
    for (const auto& code : statuses) user.add(Element{"status", ns::muc_user}.set("code", code));
    return stanza("presence", std::string{room} + "/" + nick, type).add(std::move(user));
  }
  static Element subject(const std::string& by, const std::string& text) {
    return stanza("message", std::string{room} + by, "groupchat")
        .add(Element{"subject", ns::client, text});
  }
  void join(bool has_occupant_ids = false) {
    rooms_.enter(room, "bot", has_occupant_ids);
    rooms_.handle_presence(presence("alice", "alice@localhost/x", "owner"));
    rooms_.handle_presence(presence("bot", "bot@localhost/x", "member", {"110"}));
    rooms_.handle_message(subject("", "Tea"));
    EXPECT_FALSE(rooms_.wait_until_in(room, std::chrono::seconds{0}, {}));
    host_.events.clear();
  }
  Room known() { return rooms_.find(room).value_or(Room{}); }

  FakeWire wire_;
  FakeHost host_;
  std::vector<std::string> gone_;
  Rooms rooms_{wire_, host_, [this](const std::string& jid, bool put_out) {
                 gone_.push_back(jid + (put_out ? " put out" : ""));
               }};
};

TEST_F(XmppRooms, AreJoinedWithoutTheirPast) {
  join();
  EXPECT_NE(wire_.sent[0].find("maxstanzas=\"0\""), std::string::npos) << wire_.sent[0];
  EXPECT_EQ(rooms_.joined(), std::vector<std::string>{room});
  EXPECT_EQ(known().members(), (std::vector<std::string>{"alice@localhost", "bot@localhost"}));
  EXPECT_EQ(known().topic(), "Tea");
}

TEST_F(XmppRooms, WhoEverWasThereBeforeUsHasNotJustCome) {
  rooms_.enter(room, "bot");
  rooms_.handle_presence(presence("alice", "alice@localhost/x", "owner"));
  rooms_.handle_presence(presence("bot", "bot@localhost/x", "member", {"110"}));
  EXPECT_TRUE(host_.of<EventRoomJoinPayload>().empty());
}

TEST_F(XmppRooms, ARefusalIsThrownAsWhatItMeans) {
  rooms_.enter(room, "bot");
  rooms_.handle_presence(stanza("presence", std::string{room} + "/bot", "error")
                             .add(Element{"error", ns::client}
                                      .set("type", "cancel")
                                      .add(Element{"conflict", ns::stanza_errors})));
  EXPECT_THROW(static_cast<void>(rooms_.wait_until_in(room, std::chrono::seconds{0}, {})),
               puppet::ConflictError);
  EXPECT_FALSE(rooms_.knows(room));
}

TEST_F(XmppRooms, AWaitToBeLetInEndsWithTheSession) {
  rooms_.enter(room, "bot");
  rooms_.forget_presence();
  EXPECT_THROW(static_cast<void>(rooms_.wait_until_in(room, std::chrono::hours{1}, {})),
               puppet::Error);
  EXPECT_TRUE(rooms_.knows(room));  // the new session may be asking already
}

TEST_F(XmppRooms, WhoHasSomethingToSayWaitsForTheSessionToBeBack) {
  const auto is_in = [this](std::chrono::milliseconds limit) {
    return rooms_.wait_to_be_back(room, limit, {});
  };
  EXPECT_FALSE(is_in(std::chrono::hours{1}));
  join();
  EXPECT_TRUE(is_in(std::chrono::hours{1}));
  rooms_.forget_presence();
  EXPECT_FALSE(is_in(std::chrono::milliseconds{1}));
  std::jthread speaking{[&] { EXPECT_TRUE(is_in(std::chrono::hours{1})); }};
  join();
  speaking.join();
  rooms_.forget_presence();
  speaking = std::jthread{[&] { EXPECT_FALSE(is_in(std::chrono::hours{1})); }};
  rooms_.leave(room);
}

TEST_F(XmppRooms, WhoComesIsToldOnceAndNotAgainWhenBackOnline) {
  join();
  rooms_.handle_presence(presence("carol", "carol@localhost/x", "member"));
  rooms_.handle_presence(presence("carol", "carol@localhost/x", "member", {}, "unavailable"));
  rooms_.handle_presence(presence("carol", "carol@localhost/y", "member"));
  ASSERT_EQ(host_.of<EventRoomJoinPayload>().size(), 1U);
  EXPECT_EQ(host_.of<EventRoomJoinPayload>()[0].invitee_id_list,
            std::vector<std::string>{"carol@localhost"});
  EXPECT_TRUE(host_.of<EventRoomLeavePayload>().empty());  // a member who is offline stays one
}

TEST_F(XmppRooms, ANickThatChangesIsNoComingOrGoing) {
  join();
  Element renamed = presence("alice", "alice@localhost/x", "owner", {"303"}, "unavailable");
  renamed.children[0].children[0].set("nick", "queen");
  rooms_.handle_presence(renamed);
  rooms_.handle_presence(presence("queen", "alice@localhost/x", "owner"));
  EXPECT_EQ(known().nick_of("alice@localhost"), "queen");
  EXPECT_TRUE(host_.of<EventRoomJoinPayload>().empty());
  EXPECT_TRUE(host_.of<EventRoomLeavePayload>().empty());
}

Element with_id(Element presence, const std::string& occupant_id) {
  return std::move(presence.add(Element{"occupant-id", ns::occupant_id}.set("id", occupant_id)));
}

TEST_F(XmppRooms, AHiddenMemberIsItsOccupantIdUnderWhateverNick) {
  join(true);
  rooms_.handle_presence(with_id(presence("one", "", "none"), "o1"));
  EXPECT_EQ(known().id_of("one"), std::string{room} + "/o1");
  rooms_.handle_presence(with_id(presence("one", "", "none", {}, "unavailable"), "o1"));
  rooms_.handle_presence(with_id(presence("one", "", "none"), "o2"));
  rooms_.handle_presence(with_id(presence("two", "", "none"), "o1"));
  EXPECT_EQ(known().id_of("one"), std::string{room} + "/o2");
  EXPECT_EQ(known().id_of("two"), std::string{room} + "/o1");
  EXPECT_EQ(rooms_.name_of(room, std::string{room} + "/o1"), "two");
}

TEST_F(XmppRooms, AnOccupantIdIsBelievedOnlyWhereTheRoomGivesThem) {
  join();
  rooms_.handle_presence(with_id(presence("mallory", "", "none"), "victim"));
  EXPECT_EQ(known().id_of("mallory"), std::string{room} + "/mallory");
  const Element said = with_id(stanza("message", std::string{room} + "/mallory"), "another");
  EXPECT_EQ(rooms_.speaker(said), std::string{room} + "/mallory");
}

TEST_F(XmppRooms, WhatWeSayIsOursWhenTheRoomTellsOnlyLaterOfItsOccupantIds) {
  rooms_.enter(room, "bot");
  rooms_.handle_presence(with_id(presence("bot", "bot@localhost/x", "owner", {"110"}), "me"));
  rooms_.update(room, [](Room& known) { known.has_occupant_ids = true; });
  const Element said = with_id(stanza("message", std::string{room} + "/bot"), "me");
  EXPECT_EQ(rooms_.speaker(said), "bot@localhost");
}

TEST_F(XmppRooms, WhoHasLeftIsStillKnownByWhatItSaid) {
  join(true);
  const Element said = with_id(stanza("message", std::string{room} + "/one"), "o1");
  EXPECT_EQ(rooms_.speaker(said), std::string{room} + "/o1");
  EXPECT_EQ(rooms_.name_of(room, std::string{room} + "/o1"), "one");
}

TEST_F(XmppRooms, AnotherDeviceOfOursIsUs) {
  rooms_.enter(room, "bot", true);
  rooms_.handle_presence(with_id(presence("phone", "", "none"), "me"));
  rooms_.handle_presence(with_id(presence("bot", "", "none", {"110"}), "me"));
  EXPECT_EQ(known().members(), std::vector<std::string>{"bot@localhost"});
  rooms_.handle_presence(with_id(presence("tablet", "", "none"), "me"));
  EXPECT_EQ(known().id_of("tablet"), "bot@localhost");
}

TEST_F(XmppRooms, WithoutOccupantIdsANickThatWasLeftIsSomebodyNew) {
  join();
  rooms_.handle_presence(presence("one", "", "none"));
  const std::string first = known().id_of("one");
  rooms_.handle_presence(presence("one", "", "none"));  // says that it is away
  EXPECT_EQ(known().id_of("one"), first);
  rooms_.handle_presence(presence("one", "", "none", {}, "unavailable"));
  rooms_.handle_presence(presence("one", "", "none"));
  const std::string second = known().id_of("one");
  EXPECT_NE(second, first);
  rooms_.forget_presence();
  join();
  rooms_.handle_presence(presence("one", "", "none"));
  EXPECT_NE(known().id_of("one"), first);
  EXPECT_NE(known().id_of("one"), second);
  EXPECT_EQ(rooms_.name_of(room, known().id_of("one")), "one");
}

TEST_F(XmppRooms, WithoutOccupantIdsANickThatWasChangedIsFreeForSomebodyNew) {
  join();
  rooms_.handle_presence(presence("one", "", "none"));
  Element renamed = presence("one", "", "none", {"303"}, "unavailable");
  renamed.children[0].children[0].set("nick", "two");
  rooms_.handle_presence(renamed);
  rooms_.handle_presence(presence("two", "", "none"));
  rooms_.handle_presence(presence("one", "", "none"));
  EXPECT_EQ(known().id_of("two"), std::string{room} + "/one");
  EXPECT_NE(known().id_of("one"), std::string{room} + "/one");
  rooms_.forget_presence();
  join();
  rooms_.handle_presence(presence("one", "", "none"));
  EXPECT_NE(known().id_of("one"), std::string{room} + "/one");
}

TEST_F(XmppRooms, WhoPutsUsOutIsToldAndTheRoomIsGone) {
  join();
  Element kick = presence("bot", "bot@localhost/x", "none", {"110", "307"}, "unavailable");
  kick.children[0].children[0].add(Element{"actor", ns::muc_user}.set("nick", "alice"));
  rooms_.handle_presence(kick);
  ASSERT_EQ(host_.of<EventRoomLeavePayload>().size(), 1U);
  EXPECT_EQ(host_.of<EventRoomLeavePayload>()[0].removee_id_list,
            std::vector<std::string>{"bot@localhost"});
  EXPECT_EQ(host_.of<EventRoomLeavePayload>()[0].remover_id, "alice@localhost");
  EXPECT_EQ(gone_, std::vector<std::string>{std::string{room} + " put out"});
  EXPECT_FALSE(rooms_.knows(room));
}

TEST_F(XmppRooms, AServiceThatShutsDownPutsNobodyOut) {
  join();
  rooms_.handle_presence(presence("bot", "bot@localhost/x", "none", {"110", "332"}, "unavailable"));
  EXPECT_EQ(gone_, std::vector<std::string>{room});
}

TEST_F(XmppRooms, TheRoomAloneSpeaksOfItsMembers) {
  join();
  const auto news = [](const std::string& from) {
    return stanza("message", from)
        .add(Element{"x", ns::muc_user}.add(Element{"item", ns::muc_user}
                                                .set("jid", "carol@localhost")
                                                .set("affiliation", "member")));
  };
  rooms_.handle_message(news(std::string{room} + "/alice"));
  rooms_.handle_message(news("mallory@localhost/x"));
  EXPECT_FALSE(known().is_member("carol@localhost"));
  rooms_.handle_message(news(room));
  EXPECT_TRUE(known().is_member("carol@localhost"));
}

TEST_F(XmppRooms, AChangeOfTheTopicIsToldAndThatAfterTheJoinIsNot) {
  join();
  rooms_.handle_message(subject("/alice", "Coffee"));
  rooms_.handle_message(subject("/alice", "Coffee"));
  const auto topics = host_.of<EventRoomTopicPayload>();
  ASSERT_EQ(topics.size(), 1U);
  EXPECT_EQ(topics[0].old_topic, "Tea");
  EXPECT_EQ(topics[0].new_topic, "Coffee");
  EXPECT_EQ(topics[0].changer_id, "alice@localhost");
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
