// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "wechaty/puppet/engine/hook_table.hpp"
#include "wechaty/puppet/engine/puppet_core.hpp"

namespace wechaty::puppet {

/// Invitations of others to join a room.
///
/// Thread and errors: as RoomMixin.
/// Source: wechaty-puppet src/mixins/room-invitation-mixin.ts.
/// Differs: what is fetched is cached.
class RoomInvitationMixin {
 public:
  /// What is known of an invitation: from the cache, else from the service.
  [[nodiscard]] RoomInvitationPayload room_invitation_payload(std::string_view room_invitation_id);
  /// Put a payload into the cache, e.g. one that a bot kept across a restart.
  void set_room_invitation_payload(RoomInvitationPayload invitation);
  /// Join the room.
  void room_invitation_accept(std::string_view room_invitation_id);

  [[nodiscard]] std::optional<bool> implements(Capability capability) const;

 protected:
  explicit RoomInvitationMixin(PuppetCore& core) : core_{core}, hooks_{this} {}
  virtual ~RoomInvitationMixin() = default;

  /// An invitation has come: emits EventRoomInvitePayload; its payload answers from then on.
  void receive(RoomInvitationPayload invitation);

  /// @throws NotFoundError for an id that the service does not know
  virtual RoomInvitationPayload do_room_invitation_payload(std::string_view room_invitation_id);
  virtual void do_room_invitation_accept(std::string_view room_invitation_id);

 private:
  PuppetCore& core_;
  HookTable hooks_;
};

}  // namespace wechaty::puppet
