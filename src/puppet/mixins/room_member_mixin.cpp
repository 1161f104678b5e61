// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/room_member_mixin.hpp"

#include <utility>

#include "puppet/mixins/join_ids.hpp"

namespace wechaty::puppet {

std::shared_ptr<const RoomMemberPayload> RoomMemberMixin::load_member(std::string_view room_id,
                                                                      std::string_view member_id) {
  PuppetCore::require(room_id, "room_member_payload", "room_id");
  PuppetCore::require(member_id, "room_member_payload", "member_id");
  return core_.caches().room_member.get(room_id, member_id, [&] {
    RoomMemberPayload payload = do_room_member_payload(room_id, member_id);
    if (payload.id.empty()) payload.id = member_id;
    return payload;
  });
}

RoomMemberPayload RoomMemberMixin::room_member_payload(std::string_view room_id,
                                                       std::string_view member_id) {
  return *load_member(room_id, member_id);
}

void RoomMemberMixin::receive(std::string_view room_id, RoomMemberPayload member) {
  PuppetCore::require(room_id, "receive(RoomMemberPayload)", "room_id");
  PuppetCore::require(member.id, "receive(RoomMemberPayload)", "id");
  std::string id = member.id;
  core_.caches().room_member.put(room_id, id,
                                 std::make_shared<const RoomMemberPayload>(std::move(member)));
}

std::vector<std::string> RoomMemberMixin::room_member_list(std::string_view room_id) {
  PuppetCore::require(room_id, "room_member_list", "room_id");
  core_.require_login("room_member_list");
  return do_room_member_list(room_id);
}

std::vector<std::string> RoomMemberMixin::room_member_search(std::string_view room_id,
                                                             std::string_view text) {
  PuppetCore::require(text, "room_member_search", "text");
  const std::string value{text};
  return room_member_search(room_id, {.name = value, .room_alias = value, .contact_alias = value});
}

std::vector<std::string> RoomMemberMixin::room_member_search(std::string_view room_id,
                                                             const RoomMemberQueryFilter& filter) {
  PuppetCore::require(room_id, "room_member_search", "room_id");
  core_.require_login("room_member_search");
  if (filter == RoomMemberQueryFilter{}) return {};
  std::vector<std::string> by_room_alias;
  std::vector<std::string> by_name;
  std::vector<std::string> by_contact_alias;
  for (const std::string& id : room_member_list(room_id)) {
    try {
      const auto member = load_member(room_id, id);
      if (filter.room_alias && member->room_alias == filter.room_alias) by_room_alias.push_back(id);
      if (filter.name && member->name == *filter.name) by_name.push_back(id);
    } catch (...) {
      core_.report_error(
          std::current_exception(),
          "room_member_search: member \"" + id + "\" of room \"" + std::string{room_id} + "\"");
    }
    if (!filter.contact_alias) continue;
    // Not every member is a contact whose payload can be had; who is not has no alias.
    try {
      if (contact_.contact_payload(id).alias == filter.contact_alias)
        by_contact_alias.push_back(id);
    } catch (const Error&) {
    }
  }
  return join_ids({by_room_alias, by_name, by_contact_alias});
}

}  // namespace wechaty::puppet
