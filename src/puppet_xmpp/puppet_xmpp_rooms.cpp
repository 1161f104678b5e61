// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "puppet_xmpp/account.hpp"
#include "puppet_xmpp/bytes.hpp"
#include "wechaty/puppet_xmpp/puppet_xmpp.hpp"

namespace wechaty::puppet_xmpp {

using namespace wechaty::puppet;  // NOLINT: this file is about its payloads

namespace {

Room room_of(const Account& account, std::string_view id, std::string_view what) {
  auto room = account.rooms.find(bare_jid(id));
  if (room && resource_of(id).empty()) return *std::move(room);
  throw NotFoundError{std::string{what} + ": not in a room \"" + std::string{id} + "\""};
}

/// The address of somebody who may become a member; a hidden member has none.
std::string member_jid(const Account& account, std::string_view id, std::string_view what) {
  const auto jid = Jid::parse(id);
  if (!jid || jid->local.empty() || account.rooms.knows(jid->bare())) {
    throw NotFoundError{std::string{what} + ": no address of \"" + std::string{id} + "\""};
  }
  return jid->bare();
}

bool may_change_members(const Room& room, const std::string& self) {
  const auto own = room.affiliations.find(self);
  return own != room.affiliations.end() && (own->second == "owner" || own->second == "admin");
}

bool is_owner(const Room& room, const std::string& self) {
  const auto own = room.affiliations.find(self);
  return own != room.affiliations.end() && own->second == "owner";
}

}  // namespace

RoomPayload PuppetXmpp::do_room_payload(std::string_view id) {
  const Room room = room_of(*account("room_payload"), id, "room_payload");
  RoomPayload payload{.id = room.jid, .topic = room.topic()};
  payload.member_id_list = room.members();
  payload.admin_id_list = room.with_affiliation("admin");
  const auto owners = room.with_affiliation("owner");
  if (!owners.empty()) payload.owner_id = owners.front();
  return payload;
}

std::vector<std::string> PuppetXmpp::do_room_list() { return account("room_list")->rooms.joined(); }

std::string PuppetXmpp::do_room_create(std::span<const std::string> contact_ids,
                                       std::string_view topic) {
  const auto self = account("room_create");
  std::vector<std::string> others;
  for (const auto& id : contact_ids) {
    if (const std::string jid = member_jid(*self, id, "room_create"); jid != self->self()) {
      others.push_back(jid);
    }
  }
  const std::string room = random_uuid() + "@" + self->room_admin.service();
  if (!self->join(room, std::string{topic})) {
    throw ConflictError{"room_create: there is a room \"" + room + "\" already"};
  }
  self->room_admin.configure(room, {{"muc#roomconfig_roomname", std::string{topic}},
                                    {"muc#roomconfig_persistentroom", "1"},
                                    {"muc#roomconfig_publicroom", "0"},
                                    {"muc#roomconfig_membersonly", "1"},
                                    {"muc#roomconfig_whois", "anyone"},
                                    {"muc#roomconfig_changesubject", "1"}});
  static_cast<void>(self->refresh(room));
  if (!topic.empty()) self->set_topic(room, topic);
  for (const auto& jid : others) do_room_add(room, jid, false);
  return room;
}

void PuppetXmpp::do_room_add(std::string_view room_id, std::string_view contact_id,
                             bool invite_only) {
  const auto self = account("room_add");
  const Room room = room_of(*self, room_id, "room_add");
  const std::string jid = member_jid(*self, contact_id, "room_add");
  if (!may_change_members(room, self->self())) {
    self->invite_through(room.jid, jid);
    return;
  }
  if (!room.is_member(jid)) {
    self->rooms.note_invitee(room.jid, jid);
    // A members-only room lets only members in, so that an invitation alone would be of no use.
    if (!invite_only || room.members_only) {
      self->room_admin.set_affiliation(room.jid, jid, "member");
    }
  }
  self->room_admin.invite(room.jid, jid, {});
}

void PuppetXmpp::do_room_del(std::string_view room_id, std::string_view contact_id) {
  const auto self = account("room_del");
  const Room room = room_of(*self, room_id, "room_del");
  const bool hidden = bare_jid(contact_id) == room.jid;  // known by its nick only
  const std::string id =
      hidden ? std::string{contact_id} : member_jid(*self, contact_id, "room_del");
  if (!room.is_member(id)) {
    throw NotFoundError{"room_del: \"" + id + "\" is not in room \"" + room.jid + "\""};
  }
  if (!hidden && room.affiliations.contains(id)) {
    self->room_admin.set_affiliation(room.jid, id, "none");
    if (room.members_only) return;  // that has put it out, too
  }
  if (const auto nick = room.nick_of(id)) self->room_admin.kick(room.jid, *nick);
}

void PuppetXmpp::do_room_quit(std::string_view room_id) {
  account("room_quit")->quit(bare_jid(room_id));
}

std::string PuppetXmpp::do_room_topic(std::string_view room_id) {
  return room_of(*account("room_topic"), room_id, "room_topic").topic();
}

void PuppetXmpp::do_set_room_topic(std::string_view room_id, std::string_view topic) {
  const auto self = account("set_room_topic");
  const Room room = room_of(*self, room_id, "set_room_topic");
  self->set_topic(room.jid, topic);
  if (!is_owner(room, self->self())) return;
  self->room_admin.configure(room.jid, {{"muc#roomconfig_roomname", std::string{topic}}});
  self->rooms.update(room.jid, [&](Room& known) { known.name = topic; });
}

std::string PuppetXmpp::do_room_announce(std::string_view room_id) {
  const auto self = account("room_announce");
  const Room room = room_of(*self, room_id, "room_announce");
  return self->room_admin.info(room.jid).description;
}

void PuppetXmpp::do_set_room_announce(std::string_view room_id, std::string_view text) {
  const auto self = account("set_room_announce");
  const Room room = room_of(*self, room_id, "set_room_announce");
  self->room_admin.configure(room.jid, {{"muc#roomconfig_roomdesc", std::string{text}}});
}

std::string PuppetXmpp::do_room_qr_code(std::string_view room_id) {
  return "xmpp:" + room_of(*account("room_qr_code"), room_id, "room_qr_code").jid + "?join";
}

std::vector<std::string> PuppetXmpp::do_room_member_list(std::string_view room_id) {
  return room_of(*account("room_member_list"), room_id, "room_member_list").members();
}

RoomMemberPayload PuppetXmpp::do_room_member_payload(std::string_view room_id,
                                                     std::string_view member_id) {
  const auto self = account("room_member_payload");
  const Room room = room_of(*self, room_id, "room_member_payload");
  const std::string id{member_id};
  if (!room.is_member(id)) {
    throw NotFoundError{"room_member_payload: \"" + id + "\" is not in room \"" + room.jid + "\""};
  }
  RoomMemberPayload member{.id = id};
  const auto nick = room.nick_of(id);
  member.room_alias = nick;
  member.name = contact_payload(id).name;
  return member;
}

// --- invitations -----------------------------------------------------------------------------

RoomInvitationPayload PuppetXmpp::do_room_invitation_payload(std::string_view id) {
  const auto self = account("room_invitation_payload");
  auto invitation = self->invitations.find(id);
  if (!invitation) throw NotFoundError{"no invitation \"" + std::string{id} + "\""};
  try {
    const RoomInfo info = self->room_admin.info(Invitations::room_of(id));
    if (!info.name.empty()) invitation->topic = info.name;
    invitation->member_count = info.occupants;
  } catch (const CancelledError&) {
    throw;
  } catch (const Error&) {  // it tells nothing to who is not in it, or does not answer
  }
  return *std::move(invitation);
}

void PuppetXmpp::do_room_invitation_accept(std::string_view id) {
  const auto self = account("room_invitation_accept");
  if (!self->invitations.find(id)) {
    throw NotFoundError{"no invitation \"" + std::string{id} + "\""};
  }
  static_cast<void>(self->join(Invitations::room_of(id), {}));
}

}  // namespace wechaty::puppet_xmpp
