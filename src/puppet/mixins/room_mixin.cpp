// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/room_mixin.hpp"

#include <utility>

#include "puppet/mixins/load_all.hpp"
#include "wechaty/puppet/file_box/naming.hpp"

namespace wechaty::puppet {

namespace {
/// Payloads that a search fetches from the service at once, as in the original.
constexpr std::size_t rooms_at_once = 10;
}  // namespace

std::shared_ptr<const RoomPayload> RoomMixin::load_room(std::string_view room_id) {
  PuppetCore::require(room_id, "room_payload", "room_id");
  return core_.caches().room.get(room_id, [&] {
    RoomPayload payload = do_room_payload(room_id);
    if (payload.id.empty()) payload.id = room_id;
    return payload;
  });
}

RoomPayload RoomMixin::room_payload(std::string_view room_id) { return *load_room(room_id); }

std::optional<RoomPayload> RoomMixin::room_payload_cache(std::string_view room_id) {
  PuppetCore::require(room_id, "room_payload_cache", "room_id");
  const auto present = core_.caches().room.find(room_id);
  return present ? std::optional{*present} : std::nullopt;
}

void RoomMixin::receive(RoomPayload room) {
  PuppetCore::require(room.id, "receive(RoomPayload)", "id");
  std::string id = room.id;
  core_.caches().room.put(id, std::make_shared<const RoomPayload>(std::move(room)));
}

std::vector<std::string> RoomMixin::room_list() {
  core_.require_login("room_list");
  return do_room_list();
}

std::vector<std::string> RoomMixin::room_search(const RoomQueryFilter& filter) {
  if (filter.id) {
    PuppetCore::require(*filter.id, "room_search", "filter.id");
    try {
      return {load_room(*filter.id)->id};
    } catch (...) {
      core_.caches().room.drop(*filter.id);
      return {};
    }
  }
  if (filter == RoomQueryFilter{}) return room_list();
  validate(filter);
  const std::vector<std::string> ids = room_list();
  const auto rooms = load_all(
      core_.caches().room, nullptr, ids, rooms_at_once,
      [this](const std::string& id) { return load_room(id); },
      [this](const std::exception_ptr& error, const std::string& id) {
        core_.caches().room_member.drop(id);
        core_.report_error(error, "room_search: room \"" + id + "\"");
      });
  std::vector<std::string> found;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (rooms[i] && matches(filter, *rooms[i])) found.push_back(ids[i]);
  }
  return found;
}

std::string RoomMixin::room_create(std::span<const std::string> contact_ids,
                                   std::string_view topic) {
  for (const std::string& id : contact_ids) PuppetCore::require(id, "room_create", "contact_ids");
  core_.require_login("room_create");
  std::string room_id = do_room_create(contact_ids, topic);
  if (room_id.empty()) {
    throw ContractError{core_.name() + "::do_room_create() returned an empty room id"};
  }
  return room_id;
}

void RoomMixin::members_changed(std::string_view room_id) {
  dirty_.dirty_payload(DirtyType::room, room_id);
  dirty_.dirty_payload(DirtyType::room_member, room_id);
}

void RoomMixin::room_add(std::string_view room_id, std::string_view contact_id, bool invite_only) {
  PuppetCore::require(room_id, "room_add", "room_id");
  PuppetCore::require(contact_id, "room_add", "contact_id");
  core_.require_login("room_add");
  do_room_add(room_id, contact_id, invite_only);
  members_changed(room_id);
}

void RoomMixin::room_del(std::string_view room_id, std::string_view contact_id) {
  PuppetCore::require(room_id, "room_del", "room_id");
  PuppetCore::require(contact_id, "room_del", "contact_id");
  core_.require_login("room_del");
  do_room_del(room_id, contact_id);
  members_changed(room_id);
}

void RoomMixin::room_quit(std::string_view room_id) {
  PuppetCore::require(room_id, "room_quit", "room_id");
  core_.require_login("room_quit");
  do_room_quit(room_id);
  members_changed(room_id);
}

std::string RoomMixin::room_topic(std::string_view room_id) {
  PuppetCore::require(room_id, "room_topic", "room_id");
  core_.require_login("room_topic");
  return do_room_topic(room_id);
}

void RoomMixin::set_room_topic(std::string_view room_id, std::string_view topic) {
  PuppetCore::require(room_id, "set_room_topic", "room_id");
  core_.require_login("set_room_topic");
  do_set_room_topic(room_id, topic);
  dirty_.dirty_payload(DirtyType::room, room_id);
}

std::string RoomMixin::room_announce(std::string_view room_id) {
  PuppetCore::require(room_id, "room_announce", "room_id");
  core_.require_login("room_announce");
  return do_room_announce(room_id);
}

void RoomMixin::set_room_announce(std::string_view room_id, std::string_view text) {
  PuppetCore::require(room_id, "set_room_announce", "room_id");
  core_.require_login("set_room_announce");
  do_set_room_announce(room_id, text);
  dirty_.dirty_payload(DirtyType::room, room_id);
}

FileBox RoomMixin::room_avatar(std::string_view room_id) {
  PuppetCore::require(room_id, "room_avatar", "room_id");
  core_.require_login("room_avatar");
  return core_.with_resolver(conventional(do_room_avatar(room_id)));
}

std::string RoomMixin::room_qr_code(std::string_view room_id) {
  PuppetCore::require(room_id, "room_qr_code", "room_id");
  core_.require_login("room_qr_code");
  return do_room_qr_code(room_id);
}

}  // namespace wechaty::puppet
