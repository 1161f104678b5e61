// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/wire/events.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/events/error_event.hpp"

namespace wechaty::puppet_service {
namespace {

using namespace puppet;

const Timestamp noon{std::chrono::milliseconds{1'700'000'000'123}};

struct Case {
  EventPayload event;
  int number;
  const char* json;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> list{
      {EventHeartbeatPayload{.data = "d"}, 1, R"({"data":"d"})"},
      {EventMessagePayload{"m"}, 2, R"({"messageId":"m"})"},
      {EventDongPayload{.data = "d"}, 3, R"({"data":"d"})"},
      {EventPostPayload{"p"}, 4, R"({"postId":"p"})"},
      {EventFriendshipPayload{"f"}, 17, R"({"friendshipId":"f"})"},
      {EventRoomInvitePayload{"i"}, 18, R"({"roomInvitationId":"i"})"},
      {EventRoomJoinPayload{{"a", "b"}, "c", "r", noon}, 19,
       R"({"inviteeIdList":["a","b"],"inviterId":"c","roomId":"r","timestamp":1700000000123})"},
      {EventRoomLeavePayload{{"a"}, "c", "r", noon}, 20,
       R"({"removeeIdList":["a"],"removerId":"c","roomId":"r","timestamp":1700000000123})"},
      {EventRoomTopicPayload{"c", "new", "old", "r", noon}, 21,
       R"({"changerId":"c","newTopic":"new","oldTopic":"old","roomId":"r","timestamp":1700000000123})"},
      {EventScanPayload{ScanStatus::waiting, "q", std::nullopt}, 22,
       R"({"qrcode":"q","status":2})"},
      {EventReadyPayload{.data = "ready"}, 23, R"({"data":"ready"})"},
      {EventLoginPayload{"bot"}, 25, R"({"contactId":"bot"})"},
      {EventLogoutPayload{"bot", "why"}, 26, R"({"contactId":"bot","data":"why"})"},
      {EventDirtyPayload{DirtyType::room_member, "r"}, 27, R"({"payloadId":"r","payloadType":4})"},
  };
  return list;
}

TEST(WireEvents, EachHasItsNumberAndTheJsonOfTheContract) {
  for (const Case& one : cases()) {
    const auto message = write_event(one.event);
    ASSERT_TRUE(message) << name_of(one.event);
    EXPECT_EQ(static_cast<int>(message->type()), one.number) << name_of(one.event);
    EXPECT_EQ(nlohmann::json::parse(message->payload()), nlohmann::json::parse(one.json));
  }
}

TEST(WireEvents, EachComesBackAsItWas) {
  for (const Case& one : cases()) {
    EXPECT_EQ(read_event(*write_event(one.event)), one.event) << name_of(one.event);
  }
}

TEST(WireEvents, WhereClientsWantDataThereIsSome) {
  const auto data = [](const EventPayload& event) {
    return nlohmann::json::parse(write_event(event)->payload()).at("data").get<std::string>();
  };
  EXPECT_EQ(data(EventHeartbeatPayload{}), "heartbeat");
  EXPECT_EQ(data(EventDongPayload{}), "");
  EXPECT_EQ(data(EventReadyPayload{}), "ready");
  EXPECT_EQ(data(EventLogoutPayload{.contact_id = "bot", .data = {}}), "logout");
  EXPECT_EQ(data(error_event("something")), "something");
}

TEST(WireEvents, ErrorTravelsAsGerror) {
  const auto message = write_event(error_event("something"));
  ASSERT_TRUE(message);
  EXPECT_EQ(static_cast<int>(message->type()), 16);
  const auto gerror = nlohmann::json::parse(
      nlohmann::json::parse(message->payload()).at("gerror").get<std::string>());
  EXPECT_EQ(gerror.at("message"), "something");
  EXPECT_EQ(gerror.at("name"), "GError");
}

TEST(WireEvents, DeprecatedFormOfAnErrorIsRead) {
  pb::EventResponse message;
  message.set_type(pb::EVENT_TYPE_ERROR);
  message.set_payload(R"({"data":"text"})");
  EXPECT_EQ(error_info(std::get<EventErrorPayload>(*read_event(message))).message, "text");
}

TEST(WireEvents, WhatTheReferenceNeverSendsIsNotSent) {
  EXPECT_FALSE(write_event(EventResetPayload{}));
  EXPECT_FALSE(write_event(EventStartPayload{}));
  EXPECT_FALSE(write_event(EventStopPayload{}));
  EXPECT_FALSE(write_event(EventRoomAnnouncePayload{}));
}

TEST(WireEvents, NumbersOfNewerPeersAreNoEvent) {
  pb::EventResponse message;
  message.set_payload("not even JSON");
  for (const int number : {0, 5, 24, 32, 9999}) {
    message.set_type(static_cast<pb::EventType>(number));
    EXPECT_FALSE(read_event(message)) << number;
  }
}

TEST(WireEvents, PayloadIsValidJsonWhateverThePuppetSays) {
  const auto message = write_event(EventLogoutPayload{"bot", "\xFF\"\n"});
  ASSERT_TRUE(message);
  EXPECT_TRUE(nlohmann::json::accept(message->payload()));
  pb::EventResponse parsed;
  EXPECT_TRUE(parsed.ParseFromString(message->SerializeAsString()));
}

TEST(WireEvents, BadPayloadIsRefusedAndSaysWhose) {
  pb::EventResponse message;
  message.set_type(pb::EVENT_TYPE_MESSAGE);
  for (const char* payload : {"", "no JSON", "[]", "{}", R"({"messageId":1})"}) {
    message.set_payload(payload);
    try {
      (void)read_event(message);
      ADD_FAILURE() << payload;
    } catch (const InvalidArgumentError& error) {
      EXPECT_NE(std::string_view{error.what()}.find("essage"), std::string_view::npos);
    }
  }
}

}  // namespace
}  // namespace wechaty::puppet_service
