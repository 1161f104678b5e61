// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <thread>

#include "puppet_xmpp/bytes.hpp"
#include "xmpp/support/room_test.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using namespace wechaty::puppet;  // NOLINT: payloads

using XmppRooms = XmppRoomTest;

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

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
