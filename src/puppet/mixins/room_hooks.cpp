// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/room_mixin.hpp"

// The hooks of RoomMixin where a puppet does not override them.

namespace wechaty::puppet {

RoomPayload RoomMixin::do_room_payload(std::string_view) {
  core_.unsupported(Capability::room_payload);
}

std::vector<std::string> RoomMixin::do_room_list() { core_.unsupported(Capability::room_list); }

std::string RoomMixin::do_room_create(std::span<const std::string>, std::string_view) {
  core_.unsupported(Capability::room_create);
}

void RoomMixin::do_room_add(std::string_view, std::string_view, bool) {
  core_.unsupported(Capability::room_add);
}

void RoomMixin::do_room_del(std::string_view, std::string_view) {
  core_.unsupported(Capability::room_del);
}

void RoomMixin::do_room_quit(std::string_view) { core_.unsupported(Capability::room_quit); }

std::string RoomMixin::do_room_topic(std::string_view) {
  core_.unsupported(Capability::room_topic);
}

void RoomMixin::do_set_room_topic(std::string_view, std::string_view) {
  core_.unsupported(Capability::set_room_topic);
}

std::string RoomMixin::do_room_announce(std::string_view) {
  core_.unsupported(Capability::room_announce);
}

void RoomMixin::do_set_room_announce(std::string_view, std::string_view) {
  core_.unsupported(Capability::set_room_announce);
}

FileBox RoomMixin::do_room_avatar(std::string_view) { core_.unsupported(Capability::room_avatar); }

std::string RoomMixin::do_room_qr_code(std::string_view) {
  core_.unsupported(Capability::room_qr_code);
}

std::optional<bool> RoomMixin::implements(Capability capability) const {
  switch (capability) {
    case Capability::room_payload: return hooks_.overrides(this, &RoomMixin::do_room_payload);
    case Capability::room_list: return hooks_.overrides(this, &RoomMixin::do_room_list);
    case Capability::room_create: return hooks_.overrides(this, &RoomMixin::do_room_create);
    case Capability::room_add: return hooks_.overrides(this, &RoomMixin::do_room_add);
    case Capability::room_del: return hooks_.overrides(this, &RoomMixin::do_room_del);
    case Capability::room_quit: return hooks_.overrides(this, &RoomMixin::do_room_quit);
    case Capability::room_topic: return hooks_.overrides(this, &RoomMixin::do_room_topic);
    case Capability::set_room_topic: return hooks_.overrides(this, &RoomMixin::do_set_room_topic);
    case Capability::room_announce: return hooks_.overrides(this, &RoomMixin::do_room_announce);
    case Capability::set_room_announce:
      return hooks_.overrides(this, &RoomMixin::do_set_room_announce);
    case Capability::room_avatar: return hooks_.overrides(this, &RoomMixin::do_room_avatar);
    case Capability::room_qr_code: return hooks_.overrides(this, &RoomMixin::do_room_qr_code);
    default: return std::nullopt;
  }
}

}  // namespace wechaty::puppet
