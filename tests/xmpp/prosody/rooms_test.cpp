// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "xmpp/support/network.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using namespace wechaty::puppet;  // NOLINT: payloads

class XmppRooms : public XmppTest {
 protected:
  /// A room of Alice's with the server's own settings: open, and it hides addresses.
  std::string room_of_alice() {
    const std::string room = "made-by-" + alice_ + "@conference.localhost";
    peers().ask(alice_, "join", {{"room", room}, {"nick", "alice"}});
    configure(room, {{"muc#roomconfig_persistentroom", "1"}});
    return room;
  }
  /// Alice, who owns a room, sets it up.
  void configure(const std::string& room, const std::map<std::string, std::string>& fields) {
    std::string xml = "<iq xmlns='jabber:client' type='set' to='" + room +
                      "'><query xmlns='http://jabber.org/protocol/muc#owner'>"
                      "<x xmlns='jabber:x:data' type='submit'>"
                      "<field var='FORM_TYPE'>"
                      "<value>http://jabber.org/protocol/muc#roomconfig</value></field>";
    for (const auto& [name, value] : fields) {
      xml += "<field var='" + name + "'><value>" + value + "</value></field>";
    }
    const std::string answer = peers().ask(alice_, "ask", {{"xml", xml + "</x></query></iq>"}});
    ASSERT_NE(answer.find("result"), std::string::npos) << answer;
  }
  void invite(const std::string& room, const std::string& reason = "come in",
              const std::string& id = {}) {
    peers().send(alice_, "<message xmlns='jabber:client' id='" + id + "' to='" + bot() +
                             "'><x xmlns='jabber:x:conference' jid='" + room + "' reason='" +
                             reason + "'/></message>");
  }
  /// Wait for the so-manieth invitation. @result its id
  std::string invitation(int count = 1) {
    EXPECT_TRUE(log_->wait_for("room-invite", count));
    return log_->of("room-invite ").back().substr(std::string{"room-invite "}.size());
  }
  /// The bot in a room of Alice's.
  std::string be_in_room_of_alice() {
    const std::string room = room_of_alice();
    invite(room);
    puppet_->room_invitation_accept(invitation());
    return room;
  }
};

TEST_F(XmppRooms, ARoomIsMadeWithItsMembersAndTopic) {
  log_in();
  const std::string room = room_with_alice("Tea room");
  const RoomPayload payload = puppet_->room_payload(room);
  EXPECT_EQ(payload.topic, "Tea room");
  EXPECT_EQ(payload.owner_id, bot());
  EXPECT_EQ(payload.member_id_list, (std::vector{alice(), bot()}));
  EXPECT_EQ(puppet_->room_list(), std::vector{room});
  EXPECT_NE(peers().wait(alice_, {"jabber:x:conference", room}), "");
  flush();
  EXPECT_EQ(puppet_->room_member_payload(room, alice()).room_alias, "alice");
}

TEST_F(XmppRooms, TextsGoBothWaysOnce) {
  log_in();
  const std::string room = room_with_alice();
  say(room, "hello all", "groupchat");
  const MessagePayload message = next_message();
  EXPECT_EQ(message.text, "hello all");
  EXPECT_EQ(message.room_id, room);
  EXPECT_EQ(message.talker_id, alice());
  const auto id = puppet_->message_send_text(room, "@alice hi", {.mention_id_list = {alice()}});
  const std::string seen = peers().wait(alice_, {id, "@alice hi"});
  EXPECT_NE(seen.find("xmpp:" + alice()), std::string::npos) << seen;
  flush();
  EXPECT_EQ(log_->count("message " + id), 1);
  EXPECT_EQ(log_->of("message").size(), 2U);
}

TEST_F(XmppRooms, ATopicThatIsChangedIsToldOnce) {
  log_in();
  const std::string room = room_with_alice("Before");
  puppet_->set_room_topic(room, "After");
  ASSERT_TRUE(log_->wait_for("room-topic After"));
  EXPECT_EQ(puppet_->room_topic(room), "After");
  peers().send(alice_, "<message xmlns='jabber:client' type='groupchat' to='" + room +
                           "'><subject>By Alice</subject></message>");
  ASSERT_TRUE(log_->wait_for("room-topic By Alice"));
  EXPECT_EQ(puppet_->room_payload(room).topic, "By Alice");
}

TEST_F(XmppRooms, WhoComesAndGoesIsTold) {
  log_in();
  const std::string room = room_with_alice();
  std::vector<EventRoomLeavePayload> left;
  const auto listening = puppet_->on<EventRoomLeavePayload>(
      [&](const EventRoomLeavePayload& event) { left.push_back(event); });
  puppet_->room_del(room, alice());
  ASSERT_TRUE(log_->wait_for("room-leave"));
  EXPECT_EQ(left[0].removee_id_list, std::vector{alice()});
  EXPECT_EQ(left[0].remover_id, bot());
  EXPECT_EQ(puppet_->room_member_list(room), std::vector{bot()});
  puppet_->room_add(room, alice());
  flush();
  EXPECT_EQ(puppet_->room_member_list(room), (std::vector{alice(), bot()}));
  peers().ask(alice_, "join", {{"room", room}, {"nick", "again"}});
  flush();
  EXPECT_EQ(log_->of("room-join").size(), 2U);  // at room_create, too
  EXPECT_EQ(puppet_->room_member_payload(room, alice()).room_alias, "again");
}

TEST_F(XmppRooms, AnAnnouncementIsTheRoomsDescription) {
  log_in();
  const std::string room = room_with_alice();
  puppet_->set_room_announce(room, "No smoking");
  EXPECT_EQ(puppet_->room_announce(room), "No smoking");
  EXPECT_EQ(puppet_->room_qr_code(room), "xmpp:" + room + "?join");
}

TEST_F(XmppRooms, AnInvitationIsAccepted) {
  log_in();
  const std::string room = room_of_alice();
  invite(room);
  const std::string id = invitation();
  EXPECT_EQ(puppet_->room_invitation_payload(id).inviter_id, alice());
  EXPECT_EQ(puppet_->room_invitation_payload(id).invitation, "come in");
  puppet_->room_invitation_accept(id);
  EXPECT_EQ(puppet_->room_list(), std::vector{room});
  say(room, "welcome", "groupchat");
  EXPECT_EQ(next_message().text, "welcome");
  puppet_->room_quit(room);
  EXPECT_EQ(puppet_->room_list(), std::vector<std::string>{});
}

TEST_F(XmppRooms, AnInvitationTellsTheRoomsTopicAndSize) {
  log_in();
  const std::string room = room_of_alice();
  configure(room, {{"muc#roomconfig_roomname", "Tea room"}});
  invite(room);
  const RoomInvitationPayload invitation_payload = puppet_->room_invitation_payload(invitation());
  EXPECT_EQ(invitation_payload.topic, "Tea room");
  EXPECT_EQ(invitation_payload.member_count, 1);
}

TEST_F(XmppRooms, WhoIsPutOutIsInvitedAgain) {
  log_in();
  const std::string room = be_in_room_of_alice();
  peers().ask(alice_, "ask",
              {{"xml", "<iq xmlns='jabber:client' type='set' to='" + room +
                           "'><query xmlns='http://jabber.org/protocol/muc#admin'>"
                           "<item nick='" +
                           bot_ + "' role='none'/></query></iq>"}});
  ASSERT_TRUE(log_->wait_for("room-leave"));
  invite(room, "sorry");
  const std::string again = invitation(2);
  EXPECT_EQ(puppet_->room_invitation_payload(again).invitation, "sorry");
  puppet_->room_invitation_accept(again);
  EXPECT_EQ(puppet_->room_list(), std::vector{room});
}

TEST_F(XmppRooms, AnInvitationThatIsInTheArchiveOnlyIsTold) {
  log_in();
  const std::string room = room_of_alice();
  puppet_->stop();
  const std::string device = bot_ + "'s phone";  // which is there, so that nothing is put aside
  peers().login(device, bot_, server());
  invite(room, "while you were away", "an-id");
  peers().wait(device, {"while you were away"});
  peers().ask(device, "quit");
  log_in();
  EXPECT_EQ(puppet_->room_invitation_payload(invitation()).invitation, "while you were away");
  puppet_->stop();
  log_in();
  flush();
  EXPECT_EQ(log_->of("room-invite").size(), 0U);  // and once is enough
}

TEST_F(XmppRooms, AHiddenMemberIsTheSameUnderAnotherNickAndInTheNextProcess) {
  log_in();
  const std::string room = be_in_room_of_alice();
  say(room, "one", "groupchat");
  const std::string id = next_message().talker_id;
  EXPECT_NE(id, room + "/alice");
  EXPECT_EQ(puppet_->room_member_list(room).size(), 2U);
  EXPECT_EQ(puppet_->contact_payload(id).name, "alice");
  const std::string carol = "carol" + bot_;
  server().add_account(carol);
  peers().login(carol, carol, server());
  peers().send(alice_, "<presence xmlns='jabber:client' to='" + room + "/queen'/>");
  peers().wait(alice_, {room + "/queen", "110"});
  peers().ask(carol, "join", {{"room", room}, {"nick", "alice"}});
  say(room, "two", "groupchat");
  EXPECT_EQ(next_message().talker_id, id);
  EXPECT_EQ(puppet_->contact_payload(id).name, "queen");
  peers().say(carol, room, "three", "groupchat");
  const std::string other = next_message().talker_id;
  EXPECT_NE(other, id);
  const auto whisper = puppet_->message_send_text(id, "psst");
  EXPECT_NE(peers().wait(alice_, {whisper, "psst"}), "");
  EXPECT_EQ(next_message().talker_id, bot());
  say(room + "/" + bot_, "what?");
  EXPECT_EQ(next_message().talker_id, id);
  puppet_->stop();
  say(room, "four", "groupchat");
  peers().wait(alice_, {"four"});
  peers().send(alice_,
               "<presence xmlns='jabber:client' type='unavailable' to='" + room + "/queen'/>");
  peers().count(alice_, {});
  log_in();
  messages_ = 0;
  const MessagePayload away = next_message();
  EXPECT_EQ(away.text, "four");
  EXPECT_EQ(away.talker_id, id);
  EXPECT_EQ(puppet_->contact_payload(id).name, "queen");
  EXPECT_EQ(puppet_->room_member_payload(room, other).room_alias, "alice");
  peers().ask(carol, "quit");
}

TEST_F(XmppRooms, TheNextStartIsInTheSameRooms) {
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
