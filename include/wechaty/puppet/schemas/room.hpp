// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wechaty/puppet/schemas/timestamp.hpp"

namespace wechaty::puppet {

/// What is known about one room (group chat).
///
/// Source: wechaty-puppet schemas/room.ts.
struct RoomPayload {
  std::string id;
  std::string topic;
  std::optional<std::string> avatar;  ///< URL
  std::optional<std::string> handle;
  std::vector<std::string> member_id_list;  ///< always in the JSON
  std::vector<std::string> admin_id_list;   ///< always in the JSON
  std::optional<std::string> owner_id;
  std::optional<bool> external;  ///< a room with outsiders; does not travel through the gateway

  friend bool operator==(const RoomPayload&, const RoomPayload&) = default;
};

/// One contact as a member of one room.
///
/// Source: wechaty-puppet schemas/room.ts.
struct RoomMemberPayload {
  std::string id;  ///< the contact's id
  std::string name;
  std::string avatar;                     ///< URL or empty
  std::optional<std::string> room_alias;  ///< the name inside the room
  std::optional<std::string> inviter_id;

  friend bool operator==(const RoomMemberPayload&, const RoomMemberPayload&) = default;
};

/// An invitation of the bot to a room that it has not entered yet.
///
/// Source: wechaty-puppet schemas/room-invitation.ts.
struct RoomInvitationPayload {
  std::string id;
  std::string inviter_id;
  std::string receiver_id;
  std::string topic;
  std::string avatar;
  std::string invitation;  ///< the text of the invitation
  std::int64_t member_count = 0;
  std::vector<std::string> member_id_list;  ///< the members that are contacts of the bot
  Timestamp timestamp{};

  friend bool operator==(const RoomInvitationPayload&, const RoomInvitationPayload&) = default;
};

}  // namespace wechaty::puppet
