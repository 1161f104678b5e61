// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <future>

#include "support/event_log.hpp"
#include "wechaty/puppet_mock.hpp"

namespace wechaty::puppet_mock {
namespace {

using namespace wechaty::puppet;  // NOLINT: its payloads
using puppet::test::EventLog;

class Mock : public testing::Test {
 protected:
  void SetUp() override {
    puppet.start();
    ASSERT_TRUE(log.wait_for("ready"));
  }

  /// Everything that was reported has been delivered, to all listeners.
  void flush() {
    const std::string data = "flush " + std::to_string(++flushes_);
    std::promise<void> heard;
    const auto listening = puppet.on<EventDongPayload>([&](const EventDongPayload& dong) {
      if (dong.data == data) heard.set_value();
    });
    puppet.ding(data);
    heard.get_future().wait();
  }

  std::shared_ptr<World> world = World::parse(R"({"self":"bot",
    "contacts":[{"id":"alice","name":"Alice","phone":["123"],"handle":"ali"},{"id":"carol"}],
    "rooms":[{"id":"lobby","topic":"Lobby","memberIdList":["alice","bot"]}]})");
  PuppetMock puppet{world};
  EventLog log{puppet};
  int flushes_ = 0;
};

TEST_F(Mock, WhatTheBotChangesSticks) {
  puppet.set_contact_alias("alice", "al");
  puppet.set_contact_description("alice", "nice");
  const std::vector<std::string> phones{"1", "2"};
  puppet.set_contact_phone("alice", phones);
  puppet.set_contact_corporation_remark("alice", "Acme");
  puppet.set_contact_self_name("Robot");
  puppet.set_contact_self_signature("beep");
  const auto alice = puppet.contact_payload("alice");
  EXPECT_EQ(alice.alias, "al");
  EXPECT_EQ(puppet.contact_alias("alice"), "al");
  EXPECT_EQ(alice.description, "nice");
  EXPECT_EQ(alice.phone, phones);
  EXPECT_EQ(alice.corporation, "Acme");
  EXPECT_EQ(puppet.contact_payload("bot").name, "Robot");
  EXPECT_EQ(puppet.contact_payload("bot").signature, "beep");
  EXPECT_EQ(puppet.contact_self_qr_code(), "mock://contact/bot");
}

TEST_F(Mock, RoomsChangeWithTheBotAsActor) {
  const std::vector<std::string> members{"alice"};
  const auto room = puppet.room_create(members, "Party");
  ASSERT_TRUE(log.wait_for("room-join " + room));
  std::string changer;
  const auto listening = puppet.on<EventRoomTopicPayload>(
      [&](const EventRoomTopicPayload& topic) { changer = topic.changer_id; });
  std::string inviter;
  const auto joining = puppet.on<EventRoomJoinPayload>(
      [&](const EventRoomJoinPayload& join) { inviter = join.inviter_id; });
  std::string remover;
  const auto leaving = puppet.on<EventRoomLeavePayload>(
      [&](const EventRoomLeavePayload& leave) { remover = leave.remover_id; });
  puppet.set_room_topic(room, "New");
  puppet.room_add(room, "carol");
  flush();
  EXPECT_EQ(changer, "bot");
  EXPECT_EQ(inviter, "bot");
  EXPECT_EQ(puppet.room_topic(room), "New");
  EXPECT_EQ(puppet.room_member_list(room), (std::vector<std::string>{"bot", "alice", "carol"}));
  EXPECT_EQ(puppet.room_member_payload(room, "carol").inviter_id, "bot");
  puppet.room_del(room, "carol");
  flush();
  EXPECT_EQ(remover, "bot");
  EXPECT_THROW(static_cast<void>(puppet.room_member_payload(room, "carol")), NotFoundError);
  puppet.set_room_announce(room, "Hear!");
  EXPECT_EQ(puppet.room_announce(room), "Hear!");
  puppet.room_quit(room);
  ASSERT_TRUE(log.wait_for("room-leave " + room, 2));
  EXPECT_EQ(puppet.room_list(), std::vector<std::string>{"lobby"});
}

TEST_F(Mock, RequestsAndInvitationsCanBeAccepted) {
  const auto request = world->befriend(
      {.contact_id = "carol", .type = FriendshipType::receive, .ticket = "t"}, "bot");
  ASSERT_TRUE(log.wait_for("friendship " + request));
  puppet.friendship_accept(request);
  ASSERT_TRUE(log.wait_for("friendship", 2));
  EXPECT_EQ(puppet.contact_payload("carol").is_friend, true);
  const auto invitation =
      world->invite({.inviter_id = "carol", .receiver_id = "bot", .topic = "Party"});
  ASSERT_TRUE(log.wait_for("room-invite " + invitation));
  puppet.room_invitation_accept(invitation);
  ASSERT_TRUE(log.wait_for("room-join"));
  EXPECT_EQ(puppet.room_search({.topic = "Party"}).size(), 1U);
}

TEST_F(Mock, SearchesFollowTheContract) {
  EXPECT_EQ(puppet.contact_search("Alice"), std::vector<std::string>{"alice"});
  EXPECT_EQ(puppet.contact_search({.name = Regex{"^A"}}), std::vector<std::string>{"alice"});
  EXPECT_EQ(puppet.contact_search({.id = "carol"}), std::vector<std::string>{"carol"});
  EXPECT_EQ(puppet.contact_search({.id = "nobody"}), std::vector<std::string>{});
  EXPECT_EQ(puppet.contact_search().size(), 2U);
  EXPECT_THROW(puppet.contact_search({.alias = "a", .name = "b"}), InvalidArgumentError);
  puppet.set_contact_alias("carol", "Alice");
  EXPECT_EQ(puppet.contact_search("Alice"), (std::vector<std::string>{"alice", "carol"}));
  EXPECT_EQ(puppet.room_search({.topic = Regex{"ob"}}), std::vector<std::string>{"lobby"});
  EXPECT_EQ(puppet.room_search(), std::vector<std::string>{"lobby"});
  EXPECT_EQ(puppet.room_member_search("lobby", "Alice"), std::vector<std::string>{"alice"});
  EXPECT_EQ(puppet.friendship_search({.phone = "123"}), "alice");
  EXPECT_EQ(puppet.friendship_search({.handle = "ali"}), "alice");
  EXPECT_EQ(puppet.friendship_search({.phone = "000"}), std::nullopt);
  const auto id = world->person("alice").say("find me").to("bot");
  ASSERT_TRUE(log.wait_for("message " + id));
  EXPECT_EQ(puppet.message_search({.talker_id = "alice"}), std::vector<std::string>{id});
  EXPECT_EQ(puppet.message_search({.text = Regex{"find"}}), std::vector<std::string>{id});
  EXPECT_EQ(puppet.message_search({.id = "nothing"}), std::vector<std::string>{});
}

TEST_F(Mock, ASearchGoesOnWithoutAContactThatFails) {
  world->add_fault({.hook = "contact_payload", .kind = Fault::Kind::fail});
  EXPECT_EQ(puppet.contact_search({.name = Regex{"."}}), std::vector<std::string>{"carol"});
  EXPECT_TRUE(log.wait_for("error"));
}

TEST_F(Mock, ARecalledMessageIsRecalled) {
  const auto id = puppet.message_send_text("alice", "oops");
  EXPECT_TRUE(puppet.message_recall(id));
  EXPECT_EQ(puppet.message_payload(id).type, MessageType::recalled);
  EXPECT_FALSE(puppet.message_recall(id));
}

TEST_F(Mock, SayablesGoThereAndBack) {
  const std::vector<SayablePayload> sayables{
      {SayableText{"hi", {"alice"}}},
      {SayableContact{"carol"}},
      {SayableFile{MessageType::attachment, FileBox::from_buffer("text", "a.txt")}},
      {SayableFile{MessageType::emoticon, FileBox::from_buffer("text", "b.txt")}},
      {UrlLinkPayload{.title = "t", .url = "u"}},
      {MiniProgramPayload{.title = "m"}},
      {LocationPayload{.name = "n"}},
      {PostPayload{.sayable_list = std::vector<SayablePayload>{{SayableText{"p", {}}}}}}};
  for (const auto& sayable : sayables) {
    const auto id = puppet.message_send("lobby", sayable);
    const auto again = puppet.sayable_payload(id);
    ASSERT_TRUE(again);
    ASSERT_EQ(again->value.index(), sayable.value.index());
    if (const auto* file = std::get_if<SayableFile>(&sayable.value)) {
      EXPECT_EQ(std::get<SayableFile>(again->value).type, file->type);
    } else {
      EXPECT_EQ(*again, sayable);
    }
  }
}

TEST_F(Mock, TagsReadMarksPostsAndTaps) {
  puppet.tag_contact_add("vip", "alice");
  EXPECT_EQ(puppet.tag_contact_list("alice"), std::vector<std::string>{"vip"});
  puppet.tag_contact_remove("vip", "alice");
  EXPECT_EQ(puppet.tag_contact_list("alice"), std::vector<std::string>{});
  EXPECT_EQ(puppet.tag_contact_list(), std::vector<std::string>{"vip"});
  puppet.tag_contact_delete("vip");
  EXPECT_EQ(puppet.tag_contact_list(), std::vector<std::string>{});
  world->person("alice").say("unread").to("bot");
  EXPECT_FALSE(puppet.conversation_read_mark("alice"));
  puppet.set_conversation_read_mark("alice", true);
  EXPECT_TRUE(puppet.conversation_read_mark("alice"));

  const PostPayload post{.sayable_list = std::vector<SayablePayload>{{SayableText{"news", {}}}}};
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(puppet.post_publish(post).value());
  EXPECT_TRUE(is_post_server(puppet.post_payload(ids[0])));
  const auto page = puppet.post_search({.parent_id = Absent{}}, {.page_size = 2});
  EXPECT_EQ(page.response.size(), 2U);
  const auto rest = puppet.post_search({}, {.page_size = 2, .page_token = page.next_page_token});
  EXPECT_EQ(rest.response.size(), 1U);
  EXPECT_EQ(rest.next_page_token, std::nullopt);
  EXPECT_FALSE(puppet.tap(ids[0]));
  puppet.set_tap(ids[0], TapType::like, true);
  EXPECT_TRUE(puppet.tap(ids[0]));
  EXPECT_EQ(puppet.tap_search(ids[0]).response.taps.at(TapType::like).contact_id,
            std::vector<std::string>{"bot"});
  EXPECT_THROW(puppet.post_publish(PostPayload{}), InvalidArgumentError);
}

TEST_F(Mock, SupportsEverything) {
  for (std::size_t i = 0; i < capability_count; ++i) {
    const auto capability = static_cast<Capability>(i);
    EXPECT_TRUE(puppet.supports(capability)) << capability_name(capability);
  }
}

}  // namespace
}  // namespace wechaty::puppet_mock
