// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/dirty_mixin.hpp"

#include <string>

namespace wechaty::puppet {

void DirtyMixin::dirty_payload(DirtyType type, std::string_view id) {
  PuppetCore::require(id, "dirty_payload", "id");
  core_.caches().drop(type, id);  // at once: the hook's echo may take its time
  do_dirty_payload(type, id);
}

void DirtyMixin::dirty_room_member(std::string_view room_id, std::string_view member_id) {
  PuppetCore::require(room_id, "dirty_room_member", "room_id");
  PuppetCore::require(member_id, "dirty_room_member", "member_id");
  core_.caches().room_member.drop(room_id, member_id);
  core_.session().report({.event = EventDirtyPayload{.payload_type = DirtyType::room_member,
                                                     .payload_id = std::string{room_id}},
                          .before = {},
                          .after = {}});
}

void DirtyMixin::forget_payloads() {
  const std::string self = core_.session().reported().user_id;
  core_.caches().clear_but_messages(
      [&](const MessagePayload& message) { return !self.empty() && message.talker_id == self; });
}

void DirtyMixin::do_dirty_payload(DirtyType type, std::string_view id) {
  core_.report(EventDirtyPayload{.payload_type = type, .payload_id = std::string{id}});
}

}  // namespace wechaty::puppet
