// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wechaty/puppet/schemas/timestamp.hpp"

/// The events about rooms. Source of all of them: wechaty-puppet schemas/event.ts.
namespace wechaty::puppet {

/// `room-invite`: the bot was invited to a room.
struct EventRoomInvitePayload {
  std::string room_invitation_id;

  friend bool operator==(const EventRoomInvitePayload&, const EventRoomInvitePayload&) = default;
};

/// `room-join`: members came into a room.
struct EventRoomJoinPayload {
  std::vector<std::string> invitee_id_list;
  std::string inviter_id;
  std::string room_id;
  Timestamp timestamp{};

  friend bool operator==(const EventRoomJoinPayload&, const EventRoomJoinPayload&) = default;
};

/// `room-leave`: members left a room or were removed.
struct EventRoomLeavePayload {
  std::vector<std::string> removee_id_list;
  std::string remover_id;
  std::string room_id;
  Timestamp timestamp{};

  friend bool operator==(const EventRoomLeavePayload&, const EventRoomLeavePayload&) = default;
};

/// `room-topic`: a room got another topic.
struct EventRoomTopicPayload {
  std::string changer_id;
  std::string new_topic;
  std::string old_topic;
  std::string room_id;
  Timestamp timestamp{};

  friend bool operator==(const EventRoomTopicPayload&, const EventRoomTopicPayload&) = default;
};

/// `room-announce`: a room got another announcement.
///
/// Differs: a real event here; the original has its type but never forwards it.
struct EventRoomAnnouncePayload {
  std::string changer_id;
  std::string new_announce;
  std::optional<std::string> old_announce;
  std::string room_id;
  Timestamp timestamp{};

  friend bool operator==(const EventRoomAnnouncePayload&,
                         const EventRoomAnnouncePayload&) = default;
};

}  // namespace wechaty::puppet
