// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "xmpp/support/room_test.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using namespace wechaty::puppet;  // NOLINT: payloads

using XmppRoomInvitations = XmppRoomTest;

TEST_F(XmppRoomInvitations, AnInvitationIsAccepted) {
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

TEST_F(XmppRoomInvitations, TheRoomInvitesForAMember) {
  log_in();
  const std::string room = be_member_of_room_of_alice();
  EXPECT_EQ(puppet_->room_payload(room).member_id_list, (std::vector{alice(), bot()}));
  EXPECT_EQ(log_->of("room-invite").size(), 1U);
}

TEST_F(XmppRoomInvitations, AnInvitationByTheRoomTellsWhoInvites) {
  log_in();
  const std::string room = room_of_alice();
  invite_through(room, alice_, bot());
  const RoomInvitationPayload payload = puppet_->room_invitation_payload(invitation());
  EXPECT_EQ(payload.inviter_id, room + "/alice");  // all that it tells
  EXPECT_EQ(payload.invitation, "come in");
  EXPECT_EQ(puppet_->contact_payload(payload.inviter_id).name, "alice");
}

TEST_F(XmppRoomInvitations, APlainMemberInvitesThroughTheRoomWhereThatIsAllowed) {
  log_in();
  const std::string carol = this->carol();
  const std::string room = be_member_of_room_of_alice();
  try {
    puppet_->room_add(room, carol + "@localhost");
    ADD_FAILURE() << "the room lets nobody but its owner invite";
  } catch (const Error& error) {
    EXPECT_NE(std::string{error.what()}.find("forbidden"), std::string::npos) << error.what();
  }
  configure(room, {{"{http://prosody.im/protocol/muc}roomconfig_allowmemberinvites", "1"}});
  puppet_->room_add(room, carol + "@localhost");
  EXPECT_NE(peers().wait(carol, {"<invite", bot(), room}), "");
  peers().ask(carol, "quit");
}

TEST_F(XmppRoomInvitations, AnOwnerInvitesDirectlyAndMakesAMember) {
  log_in();
  const std::string carol = this->carol();
  const std::string room = room_with_alice();
  puppet_->room_add(room, carol + "@localhost");
  EXPECT_NE(peers().wait(carol, {"jabber:x:conference", bot(), room}), "");
  peers().ask(carol, "join", {{"room", room}, {"nick", "carol"}});
  flush();
  EXPECT_EQ(puppet_->room_member_payload(room, carol + "@localhost").room_alias, "carol");
  peers().ask(carol, "quit");
}

TEST_F(XmppRoomInvitations, AnInvitationTellsTheRoomsTopicAndSize) {
  log_in();
  const std::string room = room_of_alice();
  configure(room, {{"muc#roomconfig_roomname", "Tea room"}});
  invite(room);
  const RoomInvitationPayload invitation_payload = puppet_->room_invitation_payload(invitation());
  EXPECT_EQ(invitation_payload.topic, "Tea room");
  EXPECT_EQ(invitation_payload.member_count, 1);
}

TEST_F(XmppRoomInvitations, WhoIsPutOutIsInvitedAgain) {
  log_in();
  const std::string room = be_in_room_of_alice();
  set_member(room, "<item nick='" + bot_ + "' role='none'/>");
  ASSERT_TRUE(log_->wait_for("room-leave"));
  invite(room, "sorry");
  const std::string again = invitation(2);
  EXPECT_EQ(puppet_->room_invitation_payload(again).invitation, "sorry");
  puppet_->room_invitation_accept(again);
  EXPECT_EQ(puppet_->room_list(), std::vector{room});
}

TEST_F(XmppRoomInvitations, AnInvitationThatIsInTheArchiveOnlyIsTold) {
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

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
