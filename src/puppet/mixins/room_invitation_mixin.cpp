// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/room_invitation_mixin.hpp"

#include <memory>
#include <string>
#include <utility>

namespace wechaty::puppet {

RoomInvitationPayload RoomInvitationMixin::room_invitation_payload(
    std::string_view room_invitation_id) {
  PuppetCore::require(room_invitation_id, "room_invitation_payload", "room_invitation_id");
  return *core_.caches().room_invitation.get(room_invitation_id, [&] {
    RoomInvitationPayload payload = do_room_invitation_payload(room_invitation_id);
    if (payload.id.empty()) payload.id = room_invitation_id;
    return payload;
  });
}

void RoomInvitationMixin::set_room_invitation_payload(RoomInvitationPayload invitation) {
  PuppetCore::require(invitation.id, "set_room_invitation_payload", "id");
  std::string id = invitation.id;
  core_.caches().room_invitation.put(
      id, std::make_shared<const RoomInvitationPayload>(std::move(invitation)));
}

void RoomInvitationMixin::receive(RoomInvitationPayload invitation) {
  PuppetCore::require(invitation.id, "receive(RoomInvitationPayload)", "id");
  const auto payload = std::make_shared<const RoomInvitationPayload>(std::move(invitation));
  core_.report_with(core_.caches().room_invitation, payload->id, payload,
                    EventRoomInvitePayload{.room_invitation_id = payload->id});
}

void RoomInvitationMixin::room_invitation_accept(std::string_view room_invitation_id) {
  PuppetCore::require(room_invitation_id, "room_invitation_accept", "room_invitation_id");
  core_.require_login("room_invitation_accept");
  do_room_invitation_accept(room_invitation_id);
}

}  // namespace wechaty::puppet
