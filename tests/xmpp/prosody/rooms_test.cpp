// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <stdexcept>
#include <thread>

#include "puppet_xmpp/bytes.hpp"
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
    if (!log_->wait_for("room-invite", count)) throw std::runtime_error{"no invitation"};
    return log_->of("room-invite ").back().substr(std::string{"room-invite "}.size());
  }
  /// What the room answers to Alice, who owns it.
  std::string ask_as_alice(const std::string& room, const std::string& type,
                           const std::string& content) {
    return peers().ask(alice_, "ask",
                       {{"xml", "<iq xmlns='jabber:client' type='" + type + "' to='" + room + "'>" +
                                    content + "</iq>"}});
  }
  /// The list of a room, as Alice sees it.
  std::string members_as(const std::string& affiliation, const std::string& room) {
    return ask_as_alice(room, "get",
                        "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='" +
                            affiliation + "'/></query>");
  }
  /// Alice changes a member.
  void set_member(const std::string& room, const std::string& item) {
    const std::string answer = ask_as_alice(
        room, "set", "<query xmlns='http://jabber.org/protocol/muc#admin'>" + item + "</query>");
    ASSERT_NE(answer.find("result"), std::string::npos) << answer;
  }
  /// The bot in a members-only room of Alice's, invited by the room.
  std::string be_member_of_room_of_alice() {
    const std::string room = room_of_alice();
    configure(room, {{"muc#roomconfig_membersonly", "1"}, {"muc#roomconfig_whois", "anyone"}});
    invite_through(room, alice_, bot());
    puppet_->room_invitation_accept(invitation());
    return room;
  }
  void invite_through(const std::string& room, const std::string& inviter,
                      const std::string& invitee) {
    peers().send(inviter, "<message xmlns='jabber:client' to='" + room +
                              "'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='" +
                              invitee + "'><reason>come in</reason></invite></x></message>");
  }
  /// One more person who is online. @result the name
  std::string carol() {
    const std::string name = "carol" + bot_;
    server().add_account(name);
    peers().login(name, name, server());
    return name;
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

TEST_F(XmppRooms, FilesGoBothWaysAndAreForwarded) {
  log_in();
  const std::string room = room_with_alice();
  const auto id = puppet_->message_send_file(room, FileBox::from_buffer("tea", "tea.txt"));
  const std::string url =
      attribute_in(peers().wait(alice_, {id, "groupchat"}), "<url-data", "target");
  EXPECT_EQ(peers().ask(alice_, "fetch", {{"url", url}}), "tea");
  EXPECT_EQ(next_message().room_id, room);
  const auto upload = [&](const std::string& to, const std::string& type) {
    peers().ask(alice_, "upload",
                {{"to", to},
                 {"name", "milk.txt"},
                 {"media_type", "text/plain"},
                 {"base64_text", to_base64("milk")},
                 {"type", type}});
    return next_message();
  };
  const MessagePayload in_room = upload(room, "groupchat");
  EXPECT_EQ(in_room.type, MessageType::attachment);
  EXPECT_EQ(in_room.room_id, room);
  EXPECT_EQ(in_room.talker_id, alice());
  EXPECT_EQ(puppet_->message_file(in_room.id).to_text(), "milk");
  const MessagePayload direct = upload(bot(), "chat");
  const auto copy = puppet_->message_forward(room, direct.id);
  const std::string copied = peers().wait(alice_, {copy, "groupchat"});
  EXPECT_NE(copied.find("milk.txt"), std::string::npos) << copied;
  EXPECT_EQ(puppet_->message_file(copy).to_text(), "milk");
}

TEST_F(XmppRooms, LinksPlacesCardsAndMentionsGoBothWays) {
  log_in();
  const std::string room = room_with_alice();
  const auto hear = [&](const std::string& content) {
    peers().send(alice_, "<message xmlns='jabber:client' type='groupchat' to='" + room + "'>" +
                             content + "</message>");
    return next_message();
  };
  const auto seen = [&](const std::string& id) {
    EXPECT_EQ(next_message().id, id);
    return peers().wait(alice_, {id, "groupchat"});
  };
  const UrlLinkPayload link{.title = "t", .url = "https://example.org/"};
  const LocationPayload place{.latitude = 1.5, .longitude = 2.5, .name = "here"};
  const std::string link_seen = seen(puppet_->message_send_url(room, link));
  EXPECT_NE(link_seen.find("https://example.org/"), std::string::npos) << link_seen;
  const std::string place_seen = seen(puppet_->message_send_location(room, place));
  EXPECT_NE(place_seen.find("<lat>1.5</lat>"), std::string::npos) << place_seen;
  const std::string card_seen = seen(puppet_->message_send_contact(room, "carol@localhost"));
  EXPECT_NE(card_seen.find("carol@localhost"), std::string::npos) << card_seen;
  MessagePayload message = hear(
      "<body>T\nhttps://example.org/p</body><x xmlns='jabber:x:oob'>"
      "<url>https://example.org/p</url><desc>T</desc></x>");
  EXPECT_EQ(message.room_id, room);
  EXPECT_EQ(puppet_->message_url(message.id).url, "https://example.org/p");
  message = hear(
      "<body>geo:3,4</body><geoloc xmlns='http://jabber.org/protocol/geoloc'>"
      "<lat>3</lat><lon>4</lon></geoloc>");
  EXPECT_EQ(puppet_->message_location(message.id).longitude, 4);
  message = hear(
      "<body>xmpp:carol@localhost</body><x xmlns='http://jabber.org/protocol/rosterx'>"
      "<item action='add' jid='carol@localhost'/></x>");
  EXPECT_EQ(puppet_->message_contact(message.id), "carol@localhost");
  EXPECT_EQ(hear("<body>@" + bot_ + ": hi</body>").mention_id_list, std::vector{bot()});
  EXPECT_TRUE(hear("<body>@" + bot_ + "x: hi</body>").mention_id_list.empty());
  EXPECT_EQ(hear("<body>you</body><reference xmlns='urn:xmpp:reference:0' type='mention' "
                 "uri='xmpp:" +
                 bot() + "'/>")
                .mention_id_list,
            std::vector{bot()});
}

TEST_F(XmppRooms, TopicsSetAtTheSameTimeEachGetTheirAnswer) {
  log_in();
  const std::string room = room_with_alice("Before");
  std::vector<std::jthread> setting;
  for (const std::string name : {"A", "B", "C"}) {
    setting.emplace_back([&, name] {
      for (int i = 0; i < 5; ++i) {
        EXPECT_NO_THROW(puppet_->set_room_topic(room, name + std::to_string(i)));
      }
    });
  }
  setting.clear();
  flush();
  EXPECT_EQ(log_->of("room-topic").size(), 15U);
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
  flush();  // the log is told before the other listener
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

TEST_F(XmppRooms, TheRoomInvitesForAMember) {
  log_in();
  const std::string room = be_member_of_room_of_alice();
  EXPECT_EQ(puppet_->room_payload(room).member_id_list, (std::vector{alice(), bot()}));
  EXPECT_EQ(log_->of("room-invite").size(), 1U);
}

TEST_F(XmppRooms, AnInvitationByTheRoomTellsWhoInvites) {
  log_in();
  const std::string room = room_of_alice();
  invite_through(room, alice_, bot());
  const RoomInvitationPayload payload = puppet_->room_invitation_payload(invitation());
  EXPECT_EQ(payload.inviter_id, room + "/alice");  // all that it tells
  EXPECT_EQ(payload.invitation, "come in");
  EXPECT_EQ(puppet_->contact_payload(payload.inviter_id).name, "alice");
}

TEST_F(XmppRooms, APlainMemberInvitesThroughTheRoomWhereThatIsAllowed) {
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

TEST_F(XmppRooms, AnOwnerInvitesDirectlyAndMakesAMember) {
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

TEST_F(XmppRooms, TheOnlyOwnerWhoIsAloneDestroysTheRoomByQuitting) {
  log_in();
  const std::string room = puppet_->room_create({}, "Alone");
  puppet_->room_quit(room);
  EXPECT_EQ(puppet_->room_list(), std::vector<std::string>{});
  const std::string answer =
      ask_as_alice(room, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>");
  EXPECT_NE(answer.find("<gone"), std::string::npos) << answer;
}

TEST_F(XmppRooms, TheOnlyOwnerHandsTheRoomOverByQuitting) {
  log_in();
  const std::string room = room_with_alice();
  puppet_->room_quit(room);
  EXPECT_EQ(puppet_->room_list(), std::vector<std::string>{});
  const std::string owners = members_as("owner", room);
  EXPECT_NE(owners.find(alice()), std::string::npos) << owners;
  EXPECT_EQ(owners.find("jid=\"" + bot()), std::string::npos) << owners;
}

TEST_F(XmppRooms, OneOfSeveralOwnersJustQuits) {
  log_in();
  const std::string room = be_member_of_room_of_alice();
  set_member(room, "<item jid='" + bot() + "' affiliation='owner'/>");
  flush();
  puppet_->room_quit(room);
  const std::string owners = members_as("owner", room);
  EXPECT_NE(owners.find(alice()), std::string::npos) << owners;
  EXPECT_EQ(owners.find("jid=\"" + bot()), std::string::npos) << owners;
}

TEST_F(XmppRooms, APlainMemberWhoQuitsIsAMemberNoMore) {
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

TEST_F(XmppRooms, WhereTheServerTakesNoBookmarksTheCardHasTheRooms) {
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

TEST_F(XmppRooms, ANickThatIsTakenKeepsTheBotOutOfNoRoom) {
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

TEST_F(XmppRooms, WhatAnotherDeviceJoinsAndLeavesIsFollowed) {
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

TEST_F(XmppRooms, WhatTheBotItselfJoinsAndLeavesIsNoOtherDevices) {
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
  set_member(room, "<item nick='" + bot_ + "' role='none'/>");
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
  const std::string carol = this->carol();
  peers().send(alice_, "<presence xmlns='jabber:client' to='" + room + "/queen'/>");
  peers().wait(alice_, {room + "/queen", "110"});
  peers().ask(carol, "join", {{"room", room}, {"nick", "alice"}});
  say(room, "two", "groupchat");
  EXPECT_EQ(next_message().talker_id, id);
  EXPECT_EQ(puppet_->contact_payload(id).name, "queen");
  peers().say(carol, room, "three", "groupchat");
  const std::string other = next_message().talker_id;
  EXPECT_NE(other, id);
  EXPECT_THROW(puppet_->room_add(room, id), NotFoundError);  // nobody has that address
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
