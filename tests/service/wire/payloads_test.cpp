// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/wire/payloads.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "puppet_service/wire/text.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_service {
namespace {

using namespace puppet;
using std::chrono::milliseconds;

template <class Message, class Payload>
Payload there_and_back(const Payload& payload) {
  Message message;
  write(payload, message);
  Message parsed;
  EXPECT_TRUE(parsed.ParseFromString(message.SerializeAsString()));
  return read(parsed);
}

constexpr Timestamp noon{milliseconds{1'700'000'000'123}};

TEST(WirePayloads, ContactComesBackAsItWas) {
  const ContactPayload contact{.id = "alice",
                               .gender = ContactGender::female,
                               .type = ContactType::corporation,
                               .name = "Alice 爱丽丝",
                               .avatar = "http://x.y/z.png",
                               .address = "a",
                               .alias = "b",
                               .city = "c",
                               .province = "d",
                               .is_friend = true,
                               .signature = "e",
                               .star = true,
                               .weixin = "w",
                               .handle = "w",
                               .phone = {"1", "2"},
                               .corporation = "f",
                               .title = "g",
                               .description = "h",
                               .coworker = true};
  EXPECT_EQ(there_and_back<pb::ContactPayloadResponse>(contact), contact);
}

TEST(WirePayloads, HandleTravelsInTheFieldCalledWeixin) {
  pb::ContactPayloadResponse message;
  write(ContactPayload{.weixin = "old", .handle = "new"}, message);
  EXPECT_EQ(message.weixin(), "new");
  write(ContactPayload{.weixin = "old"}, message);
  EXPECT_EQ(message.weixin(), "old");
}

TEST(WirePayloads, MessageComesBackAsItWas) {
  const MessagePayload message{.id = "m",
                               .talker_id = "alice",
                               .type = MessageType::text,
                               .timestamp = noon,
                               .text = "hi",
                               .filename = "f.txt",
                               .room_id = "lobby",
                               .mention_id_list = {"bot", "bob"},
                               .listener_id = "bot"};
  EXPECT_EQ(there_and_back<pb::MessagePayloadResponse>(message), message);
}

TEST(WirePayloads, MessageTypeTravelsWithTheNumberOfTheContract) {
  pb::MessagePayloadResponse message;
  write(MessagePayload{.type = MessageType::text}, message);
  EXPECT_EQ(static_cast<int>(message.type()), 7);
  write(MessagePayload{.type = MessageType::system}, message);
  EXPECT_EQ(static_cast<int>(message.type()), 18);
  EXPECT_EQ(read(message).type, MessageType::system);
  message.set_type(static_cast<pb::MessageType>(17));
  EXPECT_EQ(read(message).type, MessageType::unknown);
}

TEST(WirePayloads, DeprecatedNamesOfTalkerAndListenerCount) {
  pb::MessagePayloadResponse message;
  write(MessagePayload{.from_id = "alice", .to_id = "bob"}, message);
  EXPECT_EQ(message.talker_id(), "alice");
  EXPECT_EQ(message.listener_id(), "bob");
}

TEST(WirePayloads, TimeIsInBothFieldsAndReadFromEither) {
  pb::MessagePayloadResponse message;
  write(MessagePayload{.timestamp = noon}, message);
  EXPECT_EQ(message.receive_time().seconds(), 1'700'000'000);
  EXPECT_EQ(message.receive_time().nanos(), 123'000'000);
  EXPECT_EQ(message.timestamp_deprecated(), 1'700'000'000'123U);
  message.clear_receive_time();
  EXPECT_EQ(read(message).timestamp, noon);
}

TEST(WirePayloads, TimeBefore1970HasNoNegativeNanos) {
  pb::MessagePayloadResponse message;
  write(MessagePayload{.timestamp = Timestamp{milliseconds{-1}}}, message);
  EXPECT_EQ(message.receive_time().seconds(), -1);
  EXPECT_EQ(message.receive_time().nanos(), 999'000'000);
  EXPECT_EQ(message.timestamp_deprecated(), 0U);
  EXPECT_EQ(read(message).timestamp, Timestamp{milliseconds{-1}});
}

TEST(WirePayloads, TimeOfAnotherAgeIsCutInsteadOfOverflowing) {
  pb::MessagePayloadResponse message;
  message.mutable_receive_time()->set_seconds(std::numeric_limits<std::int64_t>::max());
  EXPECT_GT(read(message).timestamp, noon);
  message.mutable_receive_time()->set_seconds(std::numeric_limits<std::int64_t>::min());
  EXPECT_LT(read(message).timestamp, noon);
  message.clear_receive_time();
  message.set_timestamp_deprecated(std::numeric_limits<std::uint64_t>::max());
  EXPECT_GT(read(message).timestamp, noon);
}

TEST(WirePayloads, RoomsComeBackAsTheyWere) {
  const RoomPayload room{.id = "lobby",
                         .topic = "Lobby",
                         .avatar = "a",
                         .handle = "h",
                         .member_id_list = {"alice", "bot"},
                         .admin_id_list = {"alice"},
                         .owner_id = "alice"};
  EXPECT_EQ(there_and_back<pb::RoomPayloadResponse>(room), room);
  const RoomMemberPayload member{
      .id = "alice", .name = "Alice", .avatar = "a", .room_alias = "al", .inviter_id = "bob"};
  EXPECT_EQ(there_and_back<pb::RoomMemberPayloadResponse>(member), member);
  const RoomInvitationPayload invitation{.id = "i",
                                         .inviter_id = "alice",
                                         .receiver_id = "bot",
                                         .topic = "Lobby",
                                         .avatar = "a",
                                         .invitation = "come",
                                         .member_count = 3,
                                         .member_id_list = {"alice"},
                                         .timestamp = noon};
  EXPECT_EQ(there_and_back<pb::RoomInvitationPayloadResponse>(invitation), invitation);
}

TEST(WirePayloads, MemberCountIsCutToItsField) {
  pb::RoomInvitationPayloadResponse message;
  write(RoomInvitationPayload{.member_count = std::numeric_limits<std::int64_t>::max()}, message);
  EXPECT_EQ(message.member_count(), std::numeric_limits<std::int32_t>::max());
}

TEST(WirePayloads, FriendshipComesBackWithoutItsTime) {
  FriendshipPayload friendship{.id = "f",
                               .contact_id = "alice",
                               .hello = "hi",
                               .timestamp = noon,
                               .type = FriendshipType::receive,
                               .scene = FriendshipSceneType::qr_code,
                               .stranger = "s",
                               .ticket = "t"};
  const FriendshipPayload back = there_and_back<pb::FriendshipPayloadResponse>(friendship);
  friendship.timestamp = {};
  EXPECT_EQ(back, friendship);
}

TEST(WirePayloads, CardsComeBackAsTheyWereInBothForms) {
  const LocationPayload place{
      .accuracy = 15.5, .address = "a", .latitude = 1.25, .longitude = -2.5, .name = "n"};
  EXPECT_EQ(there_and_back<pb::LocationPayload>(place), place);
  const MiniProgramPayload program{.appid = "1",
                                   .description = "2",
                                   .page_path = "3",
                                   .icon_url = "4",
                                   .share_id = "5",
                                   .thumb_url = "6",
                                   .title = "7",
                                   .username = "8",
                                   .thumb_key = "9"};
  EXPECT_EQ(there_and_back<pb::MiniProgramPayload>(program), program);
  EXPECT_EQ(read_mini_program_json(json_text(program)), program);
  const UrlLinkPayload link{
      .description = "d", .thumbnail_url = "t", .title = "title", .url = "https://x.y"};
  EXPECT_EQ(there_and_back<pb::UrlLinkPayload>(link), link);
  EXPECT_EQ(read_url_link_json(json_text(link)), link);
}

TEST(WirePayloads, DefaultPayloadsComeBackAsTheyWere) {
  EXPECT_EQ(there_and_back<pb::RoomPayloadResponse>(RoomPayload{}), RoomPayload{});
  EXPECT_EQ(there_and_back<pb::MessagePayloadResponse>(MessagePayload{}), MessagePayload{});
  EXPECT_EQ(there_and_back<pb::FriendshipPayloadResponse>(FriendshipPayload{}),
            FriendshipPayload{});
}

TEST(WirePayloads, LinkWithoutTitleOrUrlGetsThePlaceholdersOfTheReference) {
  EXPECT_EQ(read_url_link_json("{}"), (UrlLinkPayload{.title = "NOTITLE", .url = "NOURL"}));
}

TEST(WirePayloads, DeprecatedJsonThatIsNoneIsRefused) {
  EXPECT_THROW((void)read_mini_program_json(""), InvalidArgumentError);
  EXPECT_THROW((void)read_mini_program_json("[]"), InvalidArgumentError);
  EXPECT_THROW((void)read_url_link_json(R"({"title": 1})"), InvalidArgumentError);
}

TEST(WirePayloads, TextThatIsNoUtf8DoesNotCostTheMessage) {
  pb::ContactPayloadResponse message;
  write(ContactPayload{.id = "a", .name = "\xFF"}, message);
  pb::ContactPayloadResponse parsed;
  ASSERT_TRUE(parsed.ParseFromString(message.SerializeAsString()));
  EXPECT_EQ(parsed.name(), "\xEF\xBF\xBD");
}

TEST(WireText, OnlyWhatIsNoUtf8IsReplaced) {
  EXPECT_EQ(utf8(""), "");
  EXPECT_EQ(utf8("plain"), "plain");
  EXPECT_EQ(utf8("aä€😀z"), "aä€😀z");
  EXPECT_EQ(utf8(std::string_view{"\0", 1}), (std::string{"\0", 1}));
  EXPECT_EQ(utf8("a\xC0\x80z"), "a\xEF\xBF\xBD\xEF\xBF\xBDz");              // overlong
  EXPECT_EQ(utf8("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
  EXPECT_EQ(utf8("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");                  // cut off
  EXPECT_EQ(utf8("\xF4\x90\x80\x80").size(), 12U);                          // beyond U+10FFFF
}

}  // namespace
}  // namespace wechaty::puppet_service
