// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/inbox.hpp"

#include <gtest/gtest.h>

#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using puppet::MessageType;

constexpr const char* me = "bot@localhost";
constexpr const char* friend_of_mine = "alice@localhost";
constexpr const char* room = "room@conference.localhost";

class XmppInbox : public testing::Test {
 protected:
  XmppInbox() {
    inbox_.set_gives_ids(me, true);
    inbox_.open(me);
  }

  Element text(std::string_view from, std::string_view body, std::string_view id,
               std::string_view archive_id = {}, std::string_view by = me) {
    Element message = stanza("message", from, "chat").set("id", id).set("to", me);
    message.add(Element{"body", ns::client, body});
    if (!archive_id.empty()) {
      message.add(Element{"stanza-id", ns::stanza_id}.set("id", archive_id).set("by", by));
    }
    return message;
  }
  static Element carbon(std::string_view from, std::string_view kind, Element inner) {
    return stanza("message", from)
        .add(Element{kind, ns::carbons}.add(
            Element{"forwarded", ns::forward}.add(std::move(inner))));
  }
  void enter_room() {
    rooms_.enter(room, "bot");
    for (const auto& [nick, jid] : {std::pair{"alice", friend_of_mine}, std::pair{"bot", me}}) {
      Element user = Element{"x", ns::muc_user}.add(
          Element{"item", ns::muc_user}.set("jid", jid).set("affiliation", "member"));
      if (jid == std::string{me}) user.add(Element{"status", ns::muc_user}.set("code", "110"));
      rooms_.handle_presence(stanza("presence", std::string{room} + "/" + nick).add(user));
    }
    inbox_.set_gives_ids(room, true);
    inbox_.open(room);
  }
  Element said(std::string_view nick, std::string_view body, std::string_view id,
               std::string_view archive_id) {
    return text(std::string{room} + "/" + std::string{nick}, body, id, archive_id, room)
        .set("type", "groupchat");
  }
  void come(const Element& message) {
    inbox_.handle(message, ++number_);
    ledger_.handled(number_);
  }

  FakeWire wire_;
  FakeHost host_;
  Rooms rooms_{wire_, host_, [](const std::string&, bool) {}};
  Ledger ledger_;
  Deliveries deliveries_;
  MessageStore store_;
  Inbox inbox_{{.self = me,
                .wire = wire_,
                .host = host_,
                .rooms = rooms_,
                .ledger = ledger_,
                .deliveries = deliveries_,
                .store = store_,
                .is_trusted = [](std::string_view jid) { return jid == friend_of_mine; },
                .max_waiting_bytes = 20'000}};
  std::uint32_t number_ = 0;
};

TEST_F(XmppInbox, ATextIsReportedOnceByTheArchivesId) {
  come(text("alice@localhost/phone", "hi", "x1", "A1"));
  come(text("alice@localhost/phone", "hi", "x1", "A1"));
  ASSERT_EQ(host_.messages.size(), 1U);
  EXPECT_EQ(host_.messages[0].id, "A1");
  EXPECT_EQ(host_.messages[0].talker_id, friend_of_mine);
  EXPECT_EQ(host_.messages[0].listener_id, me);
}

TEST_F(XmppInbox, AnArchivesIdOfSomebodyElseIsNotBelieved) {
  come(text("mallory@localhost/x", "first", "x1", "A1", "mallory@localhost"));
  come(text("alice@localhost/phone", "second", "x2", "A1"));
  ASSERT_EQ(host_.messages.size(), 2U);
  EXPECT_NE(host_.messages[0].id, "A1");
  EXPECT_EQ(host_.messages[1].id, "A1");
}

TEST_F(XmppInbox, AnArchivesIdIsBelievedOnlyWhereTheServerSaysThatItGivesThem) {
  enter_room();
  inbox_.set_gives_ids(me, false);
  inbox_.set_gives_ids(room, false);
  come(text("alice@localhost/phone", "hi", "x1", "A1"));
  come(said("alice", "hi", "x2", "R1"));
  ASSERT_EQ(host_.messages.size(), 2U);
  EXPECT_NE(host_.messages[0].id, "A1");
  EXPECT_NE(host_.messages[1].id, "R1");
  ledger_.settle_all();
  EXPECT_EQ(ledger_.position(me).id, "");
  inbox_.archived(room, {.id = "R2", .stamp = {}, .message = said("alice", "old", "x3", {})});
  EXPECT_EQ(host_.messages.back().id, "R2");  // the archive itself says so
}

TEST_F(XmppInbox, WhoSaidNothingYetIsBelievedIfThereWasAPlaceInTheArchive) {
  Inbox resumed{{.self = me,
                 .wire = wire_,
                 .host = host_,
                 .rooms = rooms_,
                 .ledger = ledger_,
                 .deliveries = deliveries_,
                 .store = store_,
                 .is_trusted = [](std::string_view) { return false; }}};
  resumed.open(me);
  resumed.handle(text("alice@localhost/phone", "hi", "x1", "A1"), 1);
  EXPECT_NE(host_.messages.back().id, "A1");
  ledger_.restore({{me, std::string{Ledger::beginning}}}, {});  // it was empty
  resumed.handle(text("alice@localhost/phone", "hi", "x2", "A2"), 2);
  EXPECT_EQ(host_.messages.back().id, "A2");
  enter_room();
  resumed.open(room);
  ledger_.restore({{room, std::string{Ledger::beginning}}}, {});  // or there is none
  resumed.handle(said("alice", "hi", "x3", "R3"), 3);
  EXPECT_NE(host_.messages.back().id, "R3");
  ledger_.restore({{room, "R0"}}, {});
  resumed.handle(said("alice", "hi", "x4", "R4"), 4);
  EXPECT_EQ(host_.messages.back().id, "R4");
}

TEST_F(XmppInbox, OfSeveralIdsOfOurArchiveTheServersIsTheLast) {
  Element message = text("mallory@localhost/x", "first", "x1", "forged");
  message.add(Element{"stanza-id", ns::stanza_id}.set("id", "A1").set("by", me));
  come(message);
  ASSERT_EQ(host_.messages.size(), 1U);
  EXPECT_EQ(host_.messages[0].id, "A1");
}

TEST_F(XmppInbox, AnIdThatCannotBeKeptIsNotUsed) {
  for (const std::string& id : {std::string{"a b"}, std::string{"a\nb"}, std::string(300, 'x')}) {
    come(text("alice@localhost/phone", "hi", "s" + id, id));
    EXPECT_EQ(host_.messages.back().id.size(), 40U);
    EXPECT_EQ(host_.messages.back().id.find_first_of(" \n"), std::string::npos);
  }
  EXPECT_EQ(host_.messages.size(), 3U);
}

TEST_F(XmppInbox, WithoutAnArchiveIdsOfDifferentPeopleDoNotCollide) {
  come(text("alice@localhost/phone", "one", "same"));
  come(text("mallory@localhost/x", "two", "same"));
  EXPECT_EQ(host_.messages.size(), 2U);
}

TEST_F(XmppInbox, ACarbonOfTheOwnAccountIsAMessageOfOneself) {
  come(carbon(me, "sent",
              text("bot@localhost/phone", "typed there", "p1", "A2").set("to", "alice@localhost")));
  ASSERT_EQ(host_.messages.size(), 1U);
  EXPECT_EQ(host_.messages[0].id, "p1");
  EXPECT_EQ(host_.messages[0].talker_id, me);
  EXPECT_EQ(host_.messages[0].listener_id, friend_of_mine);
}

TEST_F(XmppInbox, ACarbonOfAnybodyElseIsForged) {
  for (const char* from : {"mallory@localhost/x", "mallory@localhost", "localhost", ""}) {
    come(carbon(from, "sent",
                text("bot@localhost", "I never said that", "p1").set("to", "alice@localhost")));
    come(carbon(from, "received", text("alice@localhost", "nor she", "p2")));
  }
  EXPECT_TRUE(host_.messages.empty());
}

TEST_F(XmppInbox, TheReflectionOfAMessageUnderWayEndsItsSending) {
  enter_room();
  deliveries_.begin("m1", room, true);
  come(said("bot", "mine", "m1", "R1"));
  EXPECT_TRUE(host_.messages.empty());  // the base makes the event when the send returns
  EXPECT_FALSE(deliveries_.is_waiting("m1"));
  come(said("bot", "of another device", "m2", "R2"));
  ASSERT_EQ(host_.messages.size(), 1U);
  EXPECT_EQ(host_.messages[0].id, "m2");
}

TEST_F(XmppInbox, InARoomNobodyCanSpeakAsAnother) {
  enter_room();
  Element forged = said("alice", "pay him", "x1", "R1");
  forged.add(Element{"x", ns::muc_user}.add(
      Element{"item", ns::muc_user}.set("jid", me).set("affiliation", "owner")));
  come(forged);
  ASSERT_EQ(host_.messages.size(), 1U);
  EXPECT_EQ(host_.messages[0].talker_id, friend_of_mine);
  come(stanza("message", "mallory@localhost/x", "groupchat")
           .add(Element{"body", ns::client, "from no room"}));
  EXPECT_EQ(host_.messages.size(), 1U);
}

TEST_F(XmppInbox, NorInItsArchiveWhoseOwnWordIsTheLast) {
  enter_room();
  const auto says_who = [](const char* jid) {
    return Element{"x", ns::muc_user}.add(
        Element{"item", ns::muc_user}.set("jid", jid).set("affiliation", "member"));
  };
  for (const char* pretended : {me, friend_of_mine}) {
    Element forged = said("mallory", "pay him", pretended, {});
    forged.add(says_who(pretended)).add(says_who("mallory@localhost/x"));
    const ArchivedMessage archived{
        .id = std::string{"A-"} + pretended, .stamp = {}, .message = forged};
    EXPECT_EQ(inbox_.read(room, archived)->payload.talker_id, "mallory@localhost");
    inbox_.archived(room, archived);
    EXPECT_EQ(host_.messages.back().talker_id, "mallory@localhost");
    EXPECT_EQ(host_.messages.back().id, archived.id);
  }
}

TEST_F(XmppInbox, WhatComesDuringTheCatchUpWaitsAndKeepsTheOrder) {
  inbox_.close_all();
  come(text("alice@localhost/phone", "3", "x3", "A3"));
  come(text("alice@localhost/phone", "4", "x4", "A4"));
  EXPECT_TRUE(host_.messages.empty());
  EXPECT_EQ(ledger_.settled().received, 0U);
  for (const char* n : {"1", "2", "3"}) {
    inbox_.archived(me, {.id = std::string{"A"} + n,
                         .stamp = {},
                         .message = text("alice@localhost/phone", n, std::string{"x"} + n)});
  }
  inbox_.open(me);
  ASSERT_EQ(host_.messages.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(host_.messages[i].text, std::to_string(i + 1));
    ledger_.delivered(host_.messages[i].id);
  }
  EXPECT_EQ(ledger_.settled().received, 2U);
  EXPECT_EQ(ledger_.position(me).id, "A4");
}

TEST_F(XmppInbox, WhatIsTooMuchToWaitIsLeftToTheArchive) {
  inbox_.close_all();
  const std::string long_text(8'000, 'x');
  const auto message = [&](int n) {
    return text("alice@localhost/phone", n == 4 ? "short" : long_text, "x" + std::to_string(n),
                "A" + std::to_string(n));
  };
  for (int n = 1; n <= 4; ++n) come(message(n));
  EXPECT_TRUE(inbox_.take_overflow(me));
  EXPECT_FALSE(inbox_.take_overflow(me));
  EXPECT_TRUE(host_.messages.empty());
  for (int n = 1; n <= 4; ++n) {  // it is caught up with once more
    inbox_.archived(me, {.id = "A" + std::to_string(n), .stamp = {}, .message = message(n)});
  }
  inbox_.open(me);
  ASSERT_EQ(host_.messages.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(host_.messages[i].id, "A" + std::to_string(i + 1));
  }
}

TEST_F(XmppInbox, BehindWhatWasLeftNothingWaitsEvenIfThereIsRoom) {
  enter_room();
  inbox_.close_all();
  come(said("alice", std::string(12'000, 'x'), "r1", "R1"));
  come(text("alice@localhost/phone", std::string(12'000, 'x'), "x1", "A1"));  // does not fit
  inbox_.open(room);
  come(text("alice@localhost/phone", "later", "x2", "A2"));  // would fit
  EXPECT_TRUE(inbox_.take_overflow(me));
  inbox_.open(me);
  EXPECT_EQ(host_.messages.size(), 1U);
}

TEST_F(XmppInbox, WhatNoArchiveHasIsReportedRatherThanLeft) {
  inbox_.close_all();
  for (int n = 1; n <= 3; ++n) {
    come(text("alice@localhost/phone", std::string(8'000, 'x'), "x" + std::to_string(n)));
  }
  EXPECT_EQ(host_.messages.size(), 1U);
  EXPECT_FALSE(inbox_.take_overflow(me));
  inbox_.open(me);
  EXPECT_EQ(host_.messages.size(), 3U);
}

TEST_F(XmppInbox, ARetractionNamesTheMessageThatIsGone) {
  come(text("alice@localhost/phone", "oops", "x1", "A1"));
  Element retraction = stanza("message", "alice@localhost/phone", "chat").set("id", "x2");
  retraction.add(Element{"retract", ns::retract}.set("id", "x1"));
  come(retraction);
  ASSERT_EQ(host_.messages.size(), 2U);
  EXPECT_EQ(host_.messages[1].type, MessageType::recalled);
  EXPECT_EQ(host_.messages[1].text, "A1");
  EXPECT_EQ(store_.find("A1")->payload.type, MessageType::recalled);
  ASSERT_EQ(host_.of<puppet::EventDirtyPayload>().size(), 1U);
  EXPECT_EQ(host_.of<puppet::EventDirtyPayload>()[0].payload_id, "A1");
}

TEST_F(XmppInbox, NobodyRetractsOrCorrectsTheMessageOfAnother) {
  enter_room();
  come(said("alice", "mine", "x1", "R1"));
  Element retraction = stanza("message", std::string{room} + "/mallory", "groupchat");
  retraction.set("id", "x2").add(Element{"retract", ns::retract}.set("id", "R1"));
  come(retraction);
  Element correction = said("mallory", "yours", "x3", "R3");
  correction.add(Element{"replace", ns::correct}.set("id", "x1"));
  come(correction);
  EXPECT_EQ(store_.find("R1")->payload.type, MessageType::text);
  EXPECT_EQ(store_.find("R1")->payload.text, "mine");
}

TEST_F(XmppInbox, ACorrectionChangesThePayload) {
  come(text("alice@localhost/phone", "helo", "x1", "A1"));
  Element correction = text("alice@localhost/phone", "hello", "x2", "A2");
  correction.add(Element{"replace", ns::correct}.set("id", "x1"));
  come(correction);
  EXPECT_EQ(host_.messages.size(), 1U);
  EXPECT_EQ(store_.find("A1")->payload.text, "hello");
  EXPECT_EQ(host_.of<puppet::EventDirtyPayload>().size(), 1U);
}

TEST_F(XmppInbox, InTheArchiveOfARoomNobodyRevisesTheMessageOfAnother) {
  enter_room();
  const auto later = [&](std::string_view nick, Element what) {
    Element message = said(nick, "changed", "x9", {});
    return ArchivedMessage{.id = "R9", .stamp = {}, .message = message.add(std::move(what))};
  };
  const auto original =
      inbox_.read(room, {.id = "R1", .stamp = {}, .message = said("alice", "mine", "x1", {})});
  const Element correction = Element{"replace", ns::correct}.set("id", "x1");
  const Element retraction = Element{"retract", ns::retract}.set("id", "R1");
  StoredMessage message = *original;
  inbox_.revise(message, room, later("mallory", correction));
  inbox_.revise(message, room, later("mallory", retraction));
  EXPECT_EQ(message.payload, original->payload);
  inbox_.revise(message, room, later("alice", correction));
  EXPECT_EQ(message.payload.text, "changed");
  inbox_.revise(message, room, later("alice", retraction));
  EXPECT_EQ(message.payload.type, MessageType::recalled);
  inbox_.revise(message, room, later("alice", correction));
  EXPECT_EQ(message.payload.type, MessageType::recalled);
}

TEST_F(XmppInbox, ReceiptsGoToThoseWhoMaySeeUs) {
  Element asking = text("alice@localhost/phone", "hi", "x1", "A1");
  come(asking.add(Element{"request", ns::receipts}));
  ASSERT_EQ(wire_.sent.size(), 1U);
  EXPECT_NE(wire_.sent[0].find("<received xmlns=\"urn:xmpp:receipts\" id=\"x1\"/>"),
            std::string::npos);
  Element stranger = text("mallory@localhost/x", "hi", "x2", "A2");
  come(stranger.add(Element{"request", ns::receipts}));
  EXPECT_EQ(wire_.sent.size(), 1U);
}

TEST_F(XmppInbox, TheTimeIsBelievedFromOurServerOnly) {
  Element message = text("alice@localhost/phone", "late", "x1", "A1");
  message.add(Element{"delay", ns::delay}
                  .set("from", "alice@localhost")
                  .set("stamp", "1999-01-01T00:00:00Z"));
  message.add(
      Element{"delay", ns::delay}.set("from", "localhost").set("stamp", "2026-01-01T00:00:00Z"));
  come(message);
  ASSERT_EQ(host_.messages.size(), 1U);
  EXPECT_EQ(host_.messages[0].timestamp,
            puppet::Timestamp{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}});
}

TEST_F(XmppInbox, MentionsAreIdsByReferenceOrByNick) {
  enter_room();
  Element message = said("alice", "@bot look", "x1", "R1");
  come(message);
  EXPECT_EQ(host_.messages.at(0).mention_id_list, std::vector<std::string>{me});
  Element referred = said("alice", "you there", "x2", "R2");
  referred.add(
      Element{"reference", ns::reference}.set("type", "mention").set("uri", "xmpp:Bot@localhost"));
  come(referred);
  EXPECT_EQ(host_.messages.at(1).mention_id_list, std::vector<std::string>{me});
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
