// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "wechaty/puppet/schemas/enum_names.hpp"

namespace wechaty::puppet {

/// The kind of payload that has changed at the service. Room invitations have none.
///
/// Source: wechaty-puppet schemas/dirty.ts (also called `types.Payload`).
enum class DirtyType : int {
  unspecified = 0,
  message = 1,
  contact = 2,
  room = 3,
  room_member = 4,  ///< on the wire with the id of the room: all its members
  friendship = 5,
  post = 6,
};

template <>
inline constexpr std::array enum_names<DirtyType>{
    EnumName{DirtyType::unspecified, "Unspecified"},
    EnumName{DirtyType::message, "Message"},
    EnumName{DirtyType::contact, "Contact"},
    EnumName{DirtyType::room, "Room"},
    EnumName{DirtyType::room_member, "RoomMember"},
    EnumName{DirtyType::friendship, "Friendship"},
    EnumName{DirtyType::post, "Post"},
};

}  // namespace wechaty::puppet
