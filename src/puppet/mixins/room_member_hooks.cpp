// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/room_member_mixin.hpp"

// The hooks of RoomMemberMixin where a puppet does not override them.

namespace wechaty::puppet {

RoomMemberPayload RoomMemberMixin::do_room_member_payload(std::string_view, std::string_view) {
  core_.unsupported(Capability::room_member_payload);
}

std::vector<std::string> RoomMemberMixin::do_room_member_list(std::string_view) {
  core_.unsupported(Capability::room_member_list);
}

std::optional<bool> RoomMemberMixin::implements(Capability capability) const {
  switch (capability) {
    case Capability::room_member_payload:
      return hooks_.overrides(this, &RoomMemberMixin::do_room_member_payload);
    case Capability::room_member_list:
      return hooks_.overrides(this, &RoomMemberMixin::do_room_member_list);
    default: return std::nullopt;
  }
}

}  // namespace wechaty::puppet
