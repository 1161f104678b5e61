// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/room_member_mixin.hpp"

#include <utility>

#include "puppet/mixins/join_ids.hpp"
#include "puppet/mixins/load_all.hpp"

namespace wechaty::puppet {

namespace {
constexpr std::size_t members_at_once = 16;
}  // namespace

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
  return search_members(room_id, {.name = value, .room_alias = value, .contact_alias = value});
}

std::vector<std::string> RoomMemberMixin::room_member_search(std::string_view room_id,
                                                             const RoomMemberQueryFilter& filter) {
  validate(filter);
  return search_members(room_id, filter);
}

std::vector<std::string> RoomMemberMixin::search_members(std::string_view room_id,
                                                         const RoomMemberQueryFilter& filter) {
  PuppetCore::require(room_id, "room_member_search", "room_id");
  core_.require_login("room_member_search");
  if (filter == RoomMemberQueryFilter{}) return {};
  const std::vector<std::string> ids = room_member_list(room_id);
  const auto members = load_all(
      core_.caches().room_member, &room_id, ids, members_at_once,
      [&](const std::string& id) { return load_member(room_id, id); },
      [&](const std::exception_ptr& error, const std::string& id) {
        core_.report_error(error, "room_member_search: member \"" + id + "\" of room \"" +
                                      std::string{room_id} + "\"");
      });
  std::vector<std::shared_ptr<const ContactPayload>> contacts(ids.size());
  if (filter.contact_alias) {
    // Not every member is a contact whose payload can be had; who is not has no alias.
    contacts = load_all(
        core_.caches().contact, nullptr, ids, members_at_once,
        [this](const std::string& id) { return contact_.load_contact(id); },
        [](const std::exception_ptr&, const std::string&) {});
  }
  std::vector<std::string> by_room_alias;
  std::vector<std::string> by_name;
  std::vector<std::string> by_contact_alias;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (members[i]) {
      if (filter.room_alias && members[i]->room_alias == filter.room_alias) {
        by_room_alias.push_back(ids[i]);
      }
      if (filter.name && members[i]->name == *filter.name) by_name.push_back(ids[i]);
    }
    if (contacts[i] && contacts[i]->alias == filter.contact_alias) {
      by_contact_alias.push_back(ids[i]);
    }
  }
  return join_ids({by_room_alias, by_name, by_contact_alias});
}

}  // namespace wechaty::puppet
