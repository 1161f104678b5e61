// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "puppet_mock/world_lookup.hpp"
#include "wechaty/puppet_mock/world.hpp"

namespace wechaty::puppet_mock {

using namespace wechaty::puppet;  // NOLINT: this file is about its payloads

Room World::create_room(std::string_view by, std::span<const std::string> members,
                        std::string_view topic) {
  std::string id;
  {
    const std::lock_guard lock{mutex_};
    find_in(contacts_, by, "contact");
    RoomPayload room{.topic = std::string{topic},
                     .member_id_list = {std::string{by}},
                     .admin_id_list = {std::string{by}},
                     .owner_id = std::string{by}};
    std::vector<std::string> invitees;
    for (const std::string& member : members) {
      find_in(contacts_, member, "contact");
      if (contains(room.member_id_list, member)) continue;
      room.member_id_list.push_back(member);
      invitees.push_back(member);
    }
    id = next_id("room");
    room.id = id;
    for (const std::string& invitee : invitees) inviters_[id][invitee] = by;
    std::vector<std::string> audience = room.member_id_list;
    rooms_.insert_or_assign(id, std::move(room));
    post_news(std::move(audience), EventRoomJoinPayload{.invitee_id_list = std::move(invitees),
                                                        .inviter_id = std::string{by},
                                                        .room_id = id,
                                                        .timestamp = now()});
  }
  tell();
  return Room{std::move(id)};
}

void World::set_topic(std::string_view room_id, std::string_view topic, std::string_view by) {
  {
    const std::lock_guard lock{mutex_};
    RoomPayload& room = find_in(rooms_, room_id, "room");
    find_in(contacts_, by, "contact");
    std::string old = std::exchange(room.topic, std::string{topic});
    post_news(room.member_id_list, EventRoomTopicPayload{.changer_id = std::string{by},
                                                         .new_topic = room.topic,
                                                         .old_topic = std::move(old),
                                                         .room_id = room.id,
                                                         .timestamp = now()});
  }
  tell();
}

std::string World::announcement(std::string_view room_id) const {
  const std::lock_guard lock{mutex_};
  find_in(rooms_, room_id, "room");
  const auto found = announcements_.find(room_id);
  return found == announcements_.end() ? "" : found->second;
}

void World::set_announcement(std::string_view room_id, std::string_view text, std::string_view by) {
  {
    const std::lock_guard lock{mutex_};
    const RoomPayload& room = find_in(rooms_, room_id, "room");
    std::string old = std::exchange(announcements_[room.id], std::string{text});
    post_news(room.member_id_list,
              EventRoomAnnouncePayload{
                  .changer_id = std::string{by},
                  .new_announce = std::string{text},
                  .old_announce = old.empty() ? std::nullopt : std::optional{std::move(old)},
                  .room_id = room.id,
                  .timestamp = now()});
  }
  tell();
}

void World::join(std::string_view room_id, std::span<const std::string> invitees,
                 std::string_view by) {
  {
    const std::lock_guard lock{mutex_};
    RoomPayload& room = find_in(rooms_, room_id, "room");
    find_in(contacts_, by, "contact");
    for (const std::string& invitee : invitees) find_in(contacts_, invitee, "contact");
    std::vector<std::string> joined;
    for (const std::string& invitee : invitees) {
      if (contains(room.member_id_list, invitee)) continue;
      room.member_id_list.push_back(invitee);
      inviters_[room.id][invitee] = by;
      joined.push_back(invitee);
    }
    if (joined.empty()) return;
    post_news(room.member_id_list, EventRoomJoinPayload{.invitee_id_list = std::move(joined),
                                                        .inviter_id = std::string{by},
                                                        .room_id = room.id,
                                                        .timestamp = now()});
  }
  tell();
}

void World::leave(std::string_view room_id, std::span<const std::string> removees,
                  std::string_view by) {
  {
    const std::lock_guard lock{mutex_};
    RoomPayload& room = find_in(rooms_, room_id, "room");
    for (const std::string& removee : removees) {
      if (!contains(room.member_id_list, removee)) {
        throw NotFoundError{"contact \"" + removee + "\" is not in room \"" + std::string{room_id} +
                            "\""};
      }
    }
    std::vector<std::string> audience = room.member_id_list;  // who goes hears of it too
    for (const std::string& removee : removees) {
      std::erase(room.member_id_list, removee);
      std::erase(room.admin_id_list, removee);
    }
    post_news(std::move(audience),
              EventRoomLeavePayload{.removee_id_list = {removees.begin(), removees.end()},
                                    .remover_id = std::string{by},
                                    .room_id = room.id,
                                    .timestamp = now()});
  }
  tell();
}

std::string World::invite(RoomInvitationPayload invitation, std::string_view room_id) {
  std::string id;
  {
    const std::lock_guard lock{mutex_};
    find_in(contacts_, invitation.inviter_id, "contact");
    find_in(contacts_, invitation.receiver_id, "contact");
    if (invitation.id.empty()) invitation.id = next_id("invitation");
    if (invitation.timestamp == Timestamp{}) invitation.timestamp = now();
    id = invitation.id;
    if (!room_id.empty()) invited_to_.insert_or_assign(id, std::string{room_id});
    invitations_.insert_or_assign(id, invitation);
    std::string receiver = invitation.receiver_id;
    post_news({std::move(receiver)}, std::move(invitation));
  }
  tell();
  return id;
}

RoomInvitationPayload World::invitation(std::string_view id) const {
  const std::lock_guard lock{mutex_};
  return find_in(invitations_, id, "room invitation");
}

void World::accept_invitation(std::string_view id, std::string_view account) {
  std::string room_id;
  std::string inviter;
  {
    const std::lock_guard lock{mutex_};
    const RoomInvitationPayload& invitation = find_in(invitations_, id, "room invitation");
    if (invitation.receiver_id != account) {
      throw InvalidArgumentError{"room invitation \"" + std::string{id} + "\" is for \"" +
                                 invitation.receiver_id + "\", not for \"" + std::string{account} +
                                 "\""};
    }
    inviter = invitation.inviter_id;
    if (const auto known = invited_to_.find(id); known != invited_to_.end()) {
      room_id = known->second;
    } else {
      // A room that nobody here has seen: it comes into being as the invitation describes it.
      RoomPayload room{.id = next_id("room"),
                       .topic = invitation.topic,
                       .avatar = invitation.avatar,
                       .member_id_list = invitation.member_id_list,
                       .owner_id = inviter};
      if (!contains(room.member_id_list, inviter)) room.member_id_list.push_back(inviter);
      room_id = room.id;
      invited_to_.insert_or_assign(std::string{id}, room_id);
      rooms_.insert_or_assign(room_id, std::move(room));
    }
  }
  const std::string joiner{account};
  join(room_id, std::span{&joiner, 1}, inviter);
}

}  // namespace wechaty::puppet_mock
