// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "wechaty/puppet/query/string_match.hpp"
#include "wechaty/puppet/schemas/room.hpp"

namespace wechaty::puppet {

/// Which rooms are wanted. Exactly one key must be given.
///
/// Source: wechaty-puppet schemas/room.ts.
struct RoomQueryFilter {
  std::optional<std::string> id;
  std::optional<StringMatch> topic;

  friend bool operator==(const RoomQueryFilter&, const RoomQueryFilter&) = default;
};

/// @throws InvalidArgumentError unless exactly one key is given and its value is not empty
/// Thread: any.
/// Source: wechaty-puppet room-mixin roomQueryFilterFactory().
void validate(const RoomQueryFilter& filter);

/// Whether a room has every key of the filter.
/// Thread: any. Does not validate().
[[nodiscard]] bool matches(const RoomQueryFilter& filter, const RoomPayload& room);

/// Which members of a room are wanted: those that have any one of the keys.
///
/// Source: wechaty-puppet schemas/room.ts.
struct RoomMemberQueryFilter {
  std::optional<std::string> name;           ///< the contact's own name
  std::optional<std::string> room_alias;     ///< its name inside the room
  std::optional<std::string> contact_alias;  ///< the name that the bot gave it

  friend bool operator==(const RoomMemberQueryFilter&, const RoomMemberQueryFilter&) = default;
};

/// @throws InvalidArgumentError when both `name` and `contact_alias` are given, or a value is
///         empty. No key at all is allowed; it finds nobody.
/// Thread: any.
/// Source: wechaty-puppet room-member-mixin roomMemberSearch().
void validate(const RoomMemberQueryFilter& filter);

/// Whether a member has one of the keys of the filter.
///
/// @param contact_alias  alias of the member's contact (ContactPayload::alias), if it has one
/// Thread: any. Does not validate().
[[nodiscard]] bool matches(const RoomMemberQueryFilter& filter, const RoomMemberPayload& member,
                           const std::optional<std::string>& contact_alias = std::nullopt);

}  // namespace wechaty::puppet
