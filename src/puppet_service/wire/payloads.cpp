// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/wire/payloads.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "puppet_service/wire/text.hpp"
#include "wechaty/puppet/schemas/json.hpp"

namespace wechaty::puppet_service {
namespace {

using puppet::Timestamp;

std::string text(const std::string& value) { return utf8(value); }
std::string text(const std::optional<std::string>& value) { return value ? utf8(*value) : ""; }

std::optional<std::string> unless_empty(const std::string& value) {
  return value.empty() ? std::nullopt : std::optional{value};
}

template <class List>
void write_list(const std::vector<std::string>& values, List& list) {
  for (const auto& value : values) list.Add(utf8(value));
}
template <class List>
std::vector<std::string> read_list(const List& list) {
  return {list.begin(), list.end()};
}

/// Enums of the wire are open: a number goes out as the puppet gave it, whatever the .proto names.
template <class To, class From>
To number(From value) {
  return static_cast<To>(static_cast<int>(value));
}
template <class To, class From>
To known(From value) {
  return puppet::enum_from_number<To>(static_cast<int>(value)).value_or(To::unknown);
}

void write_time(Timestamp time, google::protobuf::Timestamp& message) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  message.set_seconds(seconds.time_since_epoch().count());
  message.set_nanos(static_cast<std::int32_t>((time - seconds).count() * 1'000'000));
}
std::uint64_t deprecated_time(Timestamp time) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(time.time_since_epoch().count(), 0));
}
Timestamp from_milliseconds(std::uint64_t count) {
  constexpr std::uint64_t limit = std::numeric_limits<std::int64_t>::max();
  return Timestamp{std::chrono::milliseconds{static_cast<std::int64_t>(std::min(count, limit))}};
}
Timestamp read_time(const google::protobuf::Timestamp& message) {
  // A peer may send anything; what is farther than the year 9999 is cut.
  constexpr std::int64_t limit = 253'402'300'799;
  const std::int64_t seconds = std::clamp<std::int64_t>(message.seconds(), -limit, limit);
  return Timestamp{std::chrono::milliseconds{seconds * 1'000 + message.nanos() / 1'000'000}};
}

}  // namespace

void write(const puppet::ContactPayload& payload, pb::ContactPayloadResponse& message) {
  message.set_id(text(payload.id));
  message.set_gender(number<pb::ContactGender>(payload.gender));
  message.set_type(number<pb::ContactType>(payload.type));
  message.set_name(text(payload.name));
  message.set_avatar(text(payload.avatar));
  message.set_address(text(payload.address));
  message.set_alias(text(payload.alias));
  message.set_city(text(payload.city));
  message.set_friend_(payload.is_friend.value_or(false));
  message.set_province(text(payload.province));
  message.set_signature(text(payload.signature));
  message.set_star(payload.star.value_or(false));
  message.set_weixin(text(payload.handle ? payload.handle : payload.weixin));
  message.set_corporation(text(payload.corporation));
  message.set_title(text(payload.title));
  message.set_description(text(payload.description));
  message.set_coworker(payload.coworker.value_or(false));
  write_list(payload.phone, *message.mutable_phones());
}

puppet::ContactPayload read(const pb::ContactPayloadResponse& message) {
  return {.id = message.id(),
          .gender = known<puppet::ContactGender>(message.gender()),
          .type = known<puppet::ContactType>(message.type()),
          .name = message.name(),
          .avatar = message.avatar(),
          .address = unless_empty(message.address()),
          .alias = unless_empty(message.alias()),
          .city = unless_empty(message.city()),
          .province = unless_empty(message.province()),
          .is_friend = message.friend_(),
          .signature = unless_empty(message.signature()),
          .star = message.star(),
          .weixin = unless_empty(message.weixin()),
          .handle = unless_empty(message.weixin()),
          .phone = read_list(message.phones()),
          .corporation = unless_empty(message.corporation()),
          .title = unless_empty(message.title()),
          .description = unless_empty(message.description()),
          .coworker = message.coworker()};
}

void write(const puppet::FriendshipPayload& payload, pb::FriendshipPayloadResponse& message) {
  message.set_id(text(payload.id));
  message.set_contact_id(text(payload.contact_id));
  message.set_hello(text(payload.hello));
  message.set_type(number<pb::FriendshipType>(payload.type));
  message.set_stranger(text(payload.stranger));
  message.set_ticket(text(payload.ticket));
  message.set_scene(number<pb::FriendshipSceneType>(
      payload.scene.value_or(puppet::FriendshipSceneType::unknown)));
}

puppet::FriendshipPayload read(const pb::FriendshipPayloadResponse& message) {
  puppet::FriendshipPayload payload{.id = message.id(),
                                    .contact_id = message.contact_id(),
                                    .hello = unless_empty(message.hello()),
                                    .type = known<puppet::FriendshipType>(message.type()),
                                    .stranger = unless_empty(message.stranger()),
                                    .ticket = unless_empty(message.ticket())};
  if (message.scene() != 0) {
    payload.scene = known<puppet::FriendshipSceneType>(message.scene());
  }
  return payload;
}

void write(const puppet::MessagePayload& payload, pb::MessagePayloadResponse& message) {
  message.set_id(text(payload.id));
  message.set_filename(text(payload.filename));
  message.set_text(text(payload.text));
  message.set_timestamp_deprecated(deprecated_time(payload.timestamp));
  message.set_type(number<pb::MessageType>(payload.type));
  message.set_talker_id(payload.talker_id.empty() ? text(payload.from_id)
                                                  : text(payload.talker_id));
  message.set_room_id(text(payload.room_id));
  message.set_listener_id(text(payload.listener_id ? payload.listener_id : payload.to_id));
  write_list(payload.mention_id_list, *message.mutable_mention_ids());
  write_time(payload.timestamp, *message.mutable_receive_time());
}

puppet::MessagePayload read(const pb::MessagePayloadResponse& message) {
  return {.id = message.id(),
          .talker_id = message.talker_id(),
          .type = known<puppet::MessageType>(message.type()),
          .timestamp = message.has_receive_time()
                           ? read_time(message.receive_time())
                           : from_milliseconds(message.timestamp_deprecated()),
          .text = unless_empty(message.text()),
          .filename = unless_empty(message.filename()),
          .room_id = unless_empty(message.room_id()),
          .mention_id_list = read_list(message.mention_ids()),
          .listener_id = unless_empty(message.listener_id())};
}

void write(const puppet::RoomPayload& payload, pb::RoomPayloadResponse& message) {
  message.set_id(text(payload.id));
  message.set_topic(text(payload.topic));
  message.set_avatar(text(payload.avatar));
  message.set_owner_id(text(payload.owner_id));
  write_list(payload.admin_id_list, *message.mutable_admin_ids());
  write_list(payload.member_id_list, *message.mutable_member_ids());
  message.set_handle(text(payload.handle));
}

puppet::RoomPayload read(const pb::RoomPayloadResponse& message) {
  return {.id = message.id(),
          .topic = message.topic(),
          .avatar = unless_empty(message.avatar()),
          .handle = unless_empty(message.handle()),
          .member_id_list = read_list(message.member_ids()),
          .admin_id_list = read_list(message.admin_ids()),
          .owner_id = unless_empty(message.owner_id())};
}

void write(const puppet::RoomMemberPayload& payload, pb::RoomMemberPayloadResponse& message) {
  message.set_id(text(payload.id));
  message.set_room_alias(text(payload.room_alias));
  message.set_inviter_id(text(payload.inviter_id));
  message.set_avatar(text(payload.avatar));
  message.set_name(text(payload.name));
}

puppet::RoomMemberPayload read(const pb::RoomMemberPayloadResponse& message) {
  return {.id = message.id(),
          .name = message.name(),
          .avatar = message.avatar(),
          .room_alias = unless_empty(message.room_alias()),
          .inviter_id = unless_empty(message.inviter_id())};
}

void write(const puppet::RoomInvitationPayload& payload,
           pb::RoomInvitationPayloadResponse& message) {
  using Limits = std::numeric_limits<std::int32_t>;
  message.set_id(text(payload.id));
  message.set_inviter_id(text(payload.inviter_id));
  message.set_topic(text(payload.topic));
  message.set_member_count(static_cast<std::int32_t>(
      std::clamp<std::int64_t>(payload.member_count, Limits::min(), Limits::max())));
  write_list(payload.member_id_list, *message.mutable_member_ids());
  message.set_timestamp_uint64_deprecated(deprecated_time(payload.timestamp));
  message.set_avatar(text(payload.avatar));
  message.set_invitation(text(payload.invitation));
  message.set_receiver_id(text(payload.receiver_id));
  write_time(payload.timestamp, *message.mutable_receive_time());
}

puppet::RoomInvitationPayload read(const pb::RoomInvitationPayloadResponse& message) {
  return {.id = message.id(),
          .inviter_id = message.inviter_id(),
          .receiver_id = message.receiver_id(),
          .topic = message.topic(),
          .avatar = message.avatar(),
          .invitation = message.invitation(),
          .member_count = message.member_count(),
          .member_id_list = read_list(message.member_ids()),
          .timestamp = message.has_receive_time()
                           ? read_time(message.receive_time())
                           : from_milliseconds(message.timestamp_uint64_deprecated())};
}

void write(const puppet::LocationPayload& payload, pb::LocationPayload& message) {
  message.set_accuracy(static_cast<float>(payload.accuracy));
  message.set_address(text(payload.address));
  message.set_latitude(payload.latitude);
  message.set_longitude(payload.longitude);
  message.set_name(text(payload.name));
}

puppet::LocationPayload read(const pb::LocationPayload& message) {
  return {.accuracy = static_cast<double>(message.accuracy()),
          .address = message.address(),
          .latitude = message.latitude(),
          .longitude = message.longitude(),
          .name = message.name()};
}

void write(const puppet::MiniProgramPayload& payload, pb::MiniProgramPayload& message) {
  message.set_appid(text(payload.appid));
  message.set_description(text(payload.description));
  message.set_page_path(text(payload.page_path));
  message.set_icon_url(text(payload.icon_url));
  message.set_share_id(text(payload.share_id));
  message.set_thumb_url(text(payload.thumb_url));
  message.set_title(text(payload.title));
  message.set_username(text(payload.username));
  message.set_thumb_key(text(payload.thumb_key));
}

puppet::MiniProgramPayload read(const pb::MiniProgramPayload& message) {
  return {.appid = unless_empty(message.appid()),
          .description = unless_empty(message.description()),
          .page_path = unless_empty(message.page_path()),
          .icon_url = unless_empty(message.icon_url()),
          .share_id = unless_empty(message.share_id()),
          .thumb_url = unless_empty(message.thumb_url()),
          .title = unless_empty(message.title()),
          .username = unless_empty(message.username()),
          .thumb_key = unless_empty(message.thumb_key())};
}

void write(const puppet::UrlLinkPayload& payload, pb::UrlLinkPayload& message) {
  message.set_description(text(payload.description));
  message.set_thumbnail_url(text(payload.thumbnail_url));
  message.set_title(text(payload.title));
  message.set_url(text(payload.url));
}

puppet::UrlLinkPayload read(const pb::UrlLinkPayload& message) {
  return {.description = unless_empty(message.description()),
          .thumbnail_url = unless_empty(message.thumbnail_url()),
          .title = message.title(),
          .url = message.url()};
}

puppet::MiniProgramPayload read_mini_program_json(std::string_view text) {
  return parse_json(text, "mini_program_deprecated").get<puppet::MiniProgramPayload>();
}

puppet::UrlLinkPayload read_url_link_json(std::string_view text) {
  if (text.starts_with("http://") || text.starts_with("https://")) {  // from a bot in Python
    return {.title = "NOTITLE", .url = std::string{text}};
  }
  nlohmann::json json = parse_json(text, "url_link_deprecated");
  if (json.is_object()) {
    if (!json.contains("title")) json["title"] = "NOTITLE";
    if (!json.contains("url")) json["url"] = "NOURL";
  }
  return json.get<puppet::UrlLinkPayload>();
}

namespace {
std::string dump(const nlohmann::json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, nlohmann::json::error_handler_t::replace);
}
}  // namespace

std::string json_text(const puppet::MiniProgramPayload& payload) { return dump(payload); }
std::string json_text(const puppet::UrlLinkPayload& payload) { return dump(payload); }

}  // namespace wechaty::puppet_service
