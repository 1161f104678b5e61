// SPDX-License-Identifier: Apache-2.0
// Rooms: what happens there.
#include <utility>

#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/timestamp.hpp"
#include "puppet_xmpp/xep/rooms.hpp"

namespace wechaty::puppet_xmpp {

using puppet::DirtyType;

namespace {

bool has_status(const Element& user, std::string_view code) {
  for (const Element& child : user.children) {
    if (child.name == "status" && child.attr("code") == code) return true;
  }
  return false;
}

/// Banned, kicked, not a member any more, or the room is no more; not a service that shuts down.
bool is_put_out(const Element& presence) {
  const Element* const user = presence.child("x", ns::muc_user);
  return user != nullptr &&
         (has_status(*user, "301") || has_status(*user, "307") || has_status(*user, "321") ||
          has_status(*user, "322") || user->child("destroy") != nullptr);
}

/// Whether somebody is known by the same id when it comes again.
bool is_lasting(const Room& room, std::string_view id, std::string_view occupant_id) {
  return (room.has_occupant_ids && !occupant_id.empty()) || bare_jid(id) != room.jid;
}

}  // namespace

std::string Rooms::contact_id(Entry& entry, const std::string& nick,
                              const Element& presence) const {
  const Room& room = entry.room;
  const Element* const user = presence.child("x", ns::muc_user);
  const Element* const item = user ? user->child("item") : nullptr;
  const std::string jid = item ? bare_jid(item->attr("jid")) : std::string{};
  if (!jid.empty()) return jid;
  if (nick == room.nick) return wire_.self();
  const auto known = room.occupants.find(nick);
  if (known != room.occupants.end()) return known->second.id;
  const std::string occupant_id = occupant_id_in(presence);
  return room.has_occupant_ids && !occupant_id.empty() ? room.id_of(nick, occupant_id)
                                                       : entry.ids.of_newcomer(room, nick);
}

void Rooms::note_name(Entry& entry, const std::string& id, const std::string& nick, News& news) {
  if (bare_jid(id) == entry.room.jid && entry.ids.note_name(id, nick)) {
    news.emplace_back(dirty(DirtyType::contact, id));
  }
}

std::string Rooms::speaker(const Element& message) {
  const auto from = Jid::parse(message.attr("from"));
  if (!from) return {};
  News news;
  std::string id;
  {
    const std::lock_guard lock{mutex_};
    const auto found = rooms_.find(from->bare());
    if (found == rooms_.end()) return from->full();
    const Room& room = found->second.room;
    id = room.id_of(from->resource, occupant_id_in(message));
    // Of who is here the name is known, and that of an old message is not to replace it.
    if (!room.nick_of(id)) note_name(found->second, id, from->resource, news);
  }
  tell(std::move(news));
  return id;
}

bool Rooms::handle_presence(const Element& presence) {
  const auto from = Jid::parse(presence.attr("from"));
  if (!from) return false;
  News news;
  std::string gone;
  bool put_out = false;
  {
    const std::lock_guard lock{mutex_};
    const auto found = rooms_.find(from->bare());
    if (found == rooms_.end()) return false;
    Entry& entry = found->second;
    const std::string_view type = presence.attr("type");
    if (type == "error") {
      if (!entry.room.joined) entry.refusal = presence;
    } else if (type == "unavailable") {
      on_unavailable(entry, from->resource, presence, news);
      if (!entry.room.joined && from->resource == entry.room.nick) {
        gone = entry.room.jid;
        put_out = is_put_out(presence);
        rooms_.erase(found);
      }
    } else if (type.empty() && !from->resource.empty()) {
      on_available(entry, from->resource, presence, news);
    }
  }
  changed_.notify_all();
  tell(std::move(news));
  if (!gone.empty()) on_gone_(gone, put_out);
  return true;
}

void Rooms::on_available(Entry& entry, const std::string& nick, const Element& presence,
                         News& news) {
  Room& room = entry.room;
  const Element* const user = presence.child("x", ns::muc_user);
  const Element* const item = user ? user->child("item") : nullptr;
  const bool is_self = user != nullptr && has_status(*user, "110");
  if (is_self) room.nick = nick;
  const std::string id = contact_id(entry, nick, presence);
  const bool was_member = room.is_member(id);
  const auto known = room.occupants.find(nick);
  const std::string affiliation{item ? item->attr("affiliation") : std::string_view{"none"}};
  const bool changed = known != room.occupants.end() && known->second.affiliation != affiliation;
  const std::string occupant_id = occupant_id_in(presence);
  room.occupants.insert_or_assign(
      nick,
      Occupant{.nick = nick, .id = id, .occupant_id = occupant_id, .affiliation = affiliation});
  if (is_self && room.has_occupant_ids && !occupant_id.empty()) {
    for (auto& [other_nick, occupant] : room.occupants) {  // another device of ours
      if (occupant.occupant_id == occupant_id) occupant.id = id;
    }
  }
  note_name(entry, id, nick, news);
  if (is_lasting(room, id, occupant_id)) room.set_affiliation(id, affiliation);
  if (is_self && !room.joined) {
    room.joined = true;
    entry.created = has_status(*user, "201");
  } else if (room.joined) {
    if (!was_member) came(entry, id, news);
    if (was_member && changed) members_changed(entry, news);
  }
}

void Rooms::on_unavailable(Entry& entry, const std::string& nick, const Element& presence,
                           News& news) {
  Room& room = entry.room;
  const Element* const user = presence.child("x", ns::muc_user);
  const Element* const item = user ? user->child("item") : nullptr;
  const auto known = room.occupants.find(nick);
  if (user != nullptr && item != nullptr && has_status(*user, "303") && item->has_attr("nick")) {
    const std::string renamed{item->attr("nick")};
    if (known != room.occupants.end()) {
      Occupant occupant = std::move(known->second);
      room.occupants.erase(known);
      occupant.nick = renamed;
      note_name(entry, occupant.id, renamed, news);
      room.occupants.insert_or_assign(renamed, std::move(occupant));
    }
    if (nick == room.nick) room.nick = renamed;
    members_changed(entry, news);
    return;
  }
  Occupant gone{.nick = nick, .occupant_id = occupant_id_in(presence)};
  if (known != room.occupants.end()) {
    gone = std::move(known->second);
    room.occupants.erase(known);
  } else {
    gone.id = contact_id(entry, nick, presence);
  }
  const std::string& id = gone.id;
  if (!is_lasting(room, id, gone.occupant_id)) {
    entry.ids.retire(id);
  } else if (item != nullptr && item->has_attr("affiliation")) {
    room.set_affiliation(id, item->attr("affiliation"));
  }
  const bool is_self = nick == room.nick || (user != nullptr && has_status(*user, "110"));
  if (is_self) room.joined = false;
  const bool destroyed = user != nullptr && user->child("destroy") != nullptr;
  if (is_self || destroyed || !room.is_member(id)) went(entry, id, item, news);
}

void Rooms::on_affiliation(Entry& entry, const Element& item, News& news) {
  const std::string member = bare_jid(item.attr("jid"));
  if (member.empty()) return;
  const bool was_member = entry.room.is_member(member);
  if (!entry.room.set_affiliation(member, item.attr("affiliation"))) return;
  const bool is_member = entry.room.is_member(member);
  if (!was_member && is_member) {
    came(entry, member, news);
  } else if (was_member && !is_member) {
    went(entry, member, &item, news);
  } else {
    members_changed(entry, news);
  }
}

void Rooms::members_changed(const Entry& entry, News& news) const {
  news.emplace_back(dirty(DirtyType::room, entry.room.jid));
  news.emplace_back(dirty(DirtyType::room_member, entry.room.jid));
}

void Rooms::came(Entry& entry, const std::string& id, News& news) const {
  members_changed(entry, news);
  const bool by_us = entry.invited_by_us.erase(id) > 0;
  news.emplace_back(puppet::EventRoomJoinPayload{.invitee_id_list = {id},
                                                 .inviter_id = by_us ? wire_.self() : id,
                                                 .room_id = entry.room.jid,
                                                 .timestamp = now()});
}

void Rooms::went(Entry& entry, const std::string& id, const Element* item, News& news) const {
  members_changed(entry, news);
  std::string remover = id;
  if (const Element* const actor = item ? item->child("actor") : nullptr) {
    remover = bare_jid(actor->attr("jid"));
    if (remover.empty()) remover = entry.room.id_of(actor->attr("nick"));
  }
  news.emplace_back(puppet::EventRoomLeavePayload{.removee_id_list = {id},
                                                  .remover_id = remover,
                                                  .room_id = entry.room.jid,
                                                  .timestamp = now()});
}

bool Rooms::handle_message(const Element& message) {
  const auto from = Jid::parse(message.attr("from"));
  if (!from || message.attr("type") == "error") return false;
  News news;
  bool handled = false;
  {
    const std::lock_guard lock{mutex_};
    const auto found = rooms_.find(from->bare());
    if (found == rooms_.end()) return false;
    Entry& entry = found->second;
    const Element* const user = message.child("x", ns::muc_user);
    // The room itself speaks without a resource; whoever has one is an occupant.
    if (user != nullptr && from->resource.empty() && user->child("invite") == nullptr) {
      for (const Element& item : user->children) {
        if (item.name == "item") on_affiliation(entry, item, news);
      }
      if (has_status(*user, "104")) news.emplace_back(dirty(DirtyType::room, entry.room.jid));
      handled = true;
    }
    const Element* const subject = message.child("subject");
    if (subject != nullptr && message.child("body") == nullptr &&
        message.attr("type") == "groupchat") {
      const std::string old_topic = entry.room.topic();
      entry.room.subject = subject->text;
      // The first one after a join tells the present state; it is news if we were here before.
      const bool is_first = !std::exchange(entry.subject_fresh, true);
      const bool was_known = std::exchange(entry.subject_known, true);
      const bool is_news =
          (!is_first || was_known) && entry.room.topic() != old_topic && !from->resource.empty();
      if (is_news) {
        news.emplace_back(dirty(DirtyType::room, entry.room.jid));
        news.emplace_back(puppet::EventRoomTopicPayload{
            .changer_id = entry.room.id_of(from->resource, occupant_id_in(message)),
            .new_topic = entry.room.topic(),
            .old_topic = old_topic,
            .room_id = entry.room.jid,
            .timestamp = now()});
      }
      handled = true;
    }
  }
  tell(std::move(news));
  return handled;
}

void Rooms::tell(News news) {
  for (auto& event : news) host_.report(std::move(event));
}

}  // namespace wechaty::puppet_xmpp
