// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/room_invitation_mixin.hpp"

// The hooks of RoomInvitationMixin where a puppet does not override them.

namespace wechaty::puppet {

RoomInvitationPayload RoomInvitationMixin::do_room_invitation_payload(std::string_view) {
  core_.unsupported(Capability::room_invitation_payload);
}

void RoomInvitationMixin::do_room_invitation_accept(std::string_view) {
  core_.unsupported(Capability::room_invitation_accept);
}

std::optional<bool> RoomInvitationMixin::implements(Capability capability) const {
  switch (capability) {
    case Capability::room_invitation_payload:
      return hooks_.overrides(this, &RoomInvitationMixin::do_room_invitation_payload);
    case Capability::room_invitation_accept:
      return hooks_.overrides(this, &RoomInvitationMixin::do_room_invitation_accept);
    default: return std::nullopt;
  }
}

}  // namespace wechaty::puppet
