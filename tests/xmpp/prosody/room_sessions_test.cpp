// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "xmpp/support/room_test.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using namespace wechaty::puppet;  // NOLINT: payloads

using XmppRoomSessions = XmppRoomTest;

TEST_F(XmppRoomSessions, TheOnlyOwnerWhoIsAloneDestroysTheRoomByQuitting) {
  log_in();
  const std::string room = puppet_->room_create({}, "Alone");
  puppet_->room_quit(room);
  EXPECT_EQ(puppet_->room_list(), std::vector<std::string>{});
  const std::string answer =
      ask_as_alice(room, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>");
  EXPECT_NE(answer.find("<gone"), std::string::npos) << answer;
}

TEST_F(XmppRoomSessions, TheOnlyOwnerHandsTheRoomOverByQuitting) {
  log_in();
  const std::string room = room_with_alice();
  puppet_->room_quit(room);
  EXPECT_EQ(puppet_->room_list(), std::vector<std::string>{});
  const std::string owners = members_as("owner", room);
  EXPECT_NE(owners.find(alice()), std::string::npos) << owners;
  EXPECT_EQ(owners.find("jid=\"" + bot()), std::string::npos) << owners;
}

TEST_F(XmppRoomSessions, OneOfSeveralOwnersJustQuits) {
  log_in();
  const std::string room = be_member_of_room_of_alice();
  set_member(room, "<item jid='" + bot() + "' affiliation='owner'/>");
  flush();
  puppet_->room_quit(room);
  const std::string owners = members_as("owner", room);
  EXPECT_NE(owners.find(alice()), std::string::npos) << owners;
  EXPECT_EQ(owners.find("jid=\"" + bot()), std::string::npos) << owners;
}

TEST_F(XmppRoomSessions, APlainMemberWhoQuitsIsAMemberNoMore) {
  log_in();
  const std::string room = be_member_of_room_of_alice();
  const std::string before = members_as("member", room);
  EXPECT_NE(before.find("jid=\"" + bot()), std::string::npos) << before;
  puppet_->room_quit(room);
  const std::string after = members_as("member", room);
  EXPECT_EQ(after.find("jid=\"" + bot()), std::string::npos) << after;
  puppet_->stop();
  log_in();
  EXPECT_EQ(puppet_->room_list(), std::vector<std::string>{});
}

TEST_F(XmppRoomSessions, WhereTheServerTakesNoBookmarksTheCardHasTheRooms) {
  const std::string answer = server().console(
      "> local st = require 'util.stanza'; local function refuse(e) if e.origin.username == '" +
      bot_ +
      "' then e.origin.send(st.error_reply(e.stanza, 'cancel', 'service-unavailable')) return true "
      "end end; prosody.hosts.localhost.events.add_handler("
      "'iq/bare/http://jabber.org/protocol/pubsub:pubsub', refuse, 1000)");
  ASSERT_EQ(answer.find("rror"), std::string::npos) << answer;
  log_in();
  const std::string room = room_with_alice("Kept");
  puppet_->stop();
  log_in();
  EXPECT_EQ(puppet_->room_list(), std::vector{room});
  puppet_->room_quit(room);
  puppet_->stop();
  log_in();
  EXPECT_EQ(puppet_->room_list(), std::vector<std::string>{});
}

TEST_F(XmppRoomSessions, ANickThatIsTakenKeepsTheBotOutOfNoRoom) {
  log_in();
  const std::string room = be_in_room_of_alice();
  puppet_->stop();
  const std::string carol = this->carol();
  peers().ask(carol, "join", {{"room", room}, {"nick", bot_}});
  log_in();
  EXPECT_EQ(puppet_->room_list(), std::vector{room});
  EXPECT_EQ(puppet_->room_member_payload(room, bot()).room_alias, bot_ + "_");
  peers().ask(carol, "quit");
}

TEST_F(XmppRoomSessions, WhatAnotherDeviceJoinsAndLeavesIsFollowed) {
  log_in();
  const std::string room = room_of_alice();
  const std::string device = bot_ + "'s phone";
  peers().login(device, bot_, server());
  const auto change = [&](const std::string& what) {
    const std::string answer = peers().ask(device, "ask",
                                           {{"xml",
                                             "<iq xmlns='jabber:client' type='set'><pubsub "
                                             "xmlns='http://jabber.org/protocol/pubsub'>" +
                                                 what + "</pubsub></iq>"}});
    ASSERT_NE(answer.find("result"), std::string::npos) << answer;
  };
  const auto bookmark = [&](const std::string& autojoin) {
    change("<publish node='urn:xmpp:bookmarks:1'><item id='" + room +
           "'><conference xmlns='urn:xmpp:bookmarks:1' autojoin='" + autojoin +
           "'><nick>tester</nick></conference></item></publish>");
  };
  bookmark("true");
  ASSERT_TRUE(log_->wait_for("room-join"));
  EXPECT_EQ(puppet_->room_list(), std::vector{room});
  EXPECT_EQ(puppet_->room_member_payload(room, bot()).room_alias, "tester");
  say(room, "hello", "groupchat");
  EXPECT_EQ(next_message().text, "hello");
  bookmark("false");
  ASSERT_TRUE(log_->wait_for("room-leave"));
  EXPECT_EQ(puppet_->room_list(), std::vector<std::string>{});
  bookmark("true");
  ASSERT_TRUE(log_->wait_for("room-join", 2));
  change("<retract node='urn:xmpp:bookmarks:1' notify='true'><item id='" + room + "'/></retract>");
  ASSERT_TRUE(log_->wait_for("room-leave", 2));
  EXPECT_EQ(puppet_->room_list(), std::vector<std::string>{});
  EXPECT_EQ(log_->of("error"), std::vector<std::string>{});
  peers().ask(device, "quit");
}

TEST_F(XmppRoomSessions, WhatTheBotItselfJoinsAndLeavesIsNoOtherDevices) {
  log_in();
  const std::string room = be_in_room_of_alice();
  puppet_->room_quit(room);
  invite(room, "again", "again");
  puppet_->room_invitation_accept(invitation(2));
  flush();
  EXPECT_EQ(puppet_->room_list(), std::vector{room});
  EXPECT_EQ(log_->of("room-leave").size(), 0U);
  EXPECT_EQ(log_->of("room-join").size(), 0U);
}

TEST_F(XmppRoomSessions, TheNextStartIsInTheSameRooms) {
  log_in();
  const std::string room = room_with_alice("Stays");
  puppet_->stop();
  say(room, "while you were away", "groupchat");
  peers().wait(alice_, {"while you were away"});
  log_in();
  EXPECT_EQ(puppet_->room_list(), std::vector{room});
  EXPECT_EQ(puppet_->room_payload(room).topic, "Stays");
  EXPECT_EQ(puppet_->room_payload(room).member_id_list, (std::vector{alice(), bot()}));
  EXPECT_EQ(next_message().text, "while you were away");
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
