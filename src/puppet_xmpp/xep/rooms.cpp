// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/rooms.hpp"

#include <utility>

#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/timestamp.hpp"
#include "puppet_xmpp/xep/disco.hpp"
#include "wechaty/puppet/error.hpp"

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

std::string full_text(const Element& presence) { return std::string{presence.attr("from")}; }

}  // namespace

// --- joining and leaving -----------------------------------------------------------------------

void Rooms::enter(const std::string& room, const std::string& nick) {
  {
    const std::lock_guard lock{mutex_};
    Entry& entry = rooms_[room];
    entry.room.jid = room;
    entry.room.nick = nick;
    entry.room.joined = false;
    entry.room.occupants.clear();
    entry.session = session_;
    entry.created = false;
    entry.subject_fresh = false;
    entry.refusal.reset();
  }
  Element join = Element{"presence", ns::client}.set("to", room + "/" + nick);
  join.add(Element{"x", ns::muc}.add(Element{"history"}.set("maxstanzas", "0")));
  join.add(Disco::caps());
  wire_.send(std::move(join));
}

bool Rooms::wait_until_in(const std::string& room, std::chrono::milliseconds limit,
                          const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  const auto done = [&] {
    const auto found = rooms_.find(room);
    return found == rooms_.end() || found->second.room.joined || found->second.refusal ||
           found->second.session != session_;
  };
  const bool in_time = changed_.wait_for(lock, stop, limit, done);
  const auto found = rooms_.find(room);
  if (in_time && found != rooms_.end() && found->second.room.joined) return found->second.created;
  const std::string what = "room \"" + room + "\"";
  if (found != rooms_.end() && found->second.session != session_) {
    throw puppet::Error{what + ": the connection was lost"};
  }
  const auto refusal = found == rooms_.end() ? std::nullopt : std::move(found->second.refusal);
  if (found != rooms_.end()) rooms_.erase(found);
  lock.unlock();
  if (refusal) throw_stanza_error(*refusal, what);
  if (stop.stop_requested()) throw puppet::CancelledError{what + ": the puppet was stopped"};
  throw puppet::TimeoutError{what + ": no answer within " + std::to_string(limit.count()) + " ms"};
}

void Rooms::leave(const std::string& room) {
  std::string nick;
  {
    const std::lock_guard lock{mutex_};
    const auto found = rooms_.find(room);
    if (found == rooms_.end()) return;
    nick = found->second.room.nick;
    rooms_.erase(found);
  }
  wire_.send(
      Element{"presence", ns::client}.set("type", "unavailable").set("to", room + "/" + nick));
}

// --- what is known -----------------------------------------------------------------------------

std::optional<Room> Rooms::find(std::string_view room) const {
  const std::lock_guard lock{mutex_};
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? std::nullopt : std::optional{found->second.room};
}

std::vector<std::string> Rooms::joined() const {
  const std::lock_guard lock{mutex_};
  std::vector<std::string> all;
  for (const auto& [jid, entry] : rooms_) {
    if (entry.room.joined) all.push_back(jid);
  }
  return all;
}

bool Rooms::knows(std::string_view room) const {
  const std::lock_guard lock{mutex_};
  return rooms_.contains(room);
}

void Rooms::update(std::string_view room, const std::function<void(Room&)>& change) {
  const std::lock_guard lock{mutex_};
  if (const auto found = rooms_.find(room); found != rooms_.end()) change(found->second.room);
}

void Rooms::note_invitee(const std::string& room, const std::string& member) {
  const std::lock_guard lock{mutex_};
  if (const auto found = rooms_.find(room); found != rooms_.end()) {
    found->second.invited_by_us.insert(member);
  }
}

void Rooms::forget_presence() {
  {
    const std::lock_guard lock{mutex_};
    ++session_;
    for (auto& [jid, entry] : rooms_) {
      entry.room.joined = false;
      entry.room.occupants.clear();
    }
  }
  changed_.notify_all();
}

// --- what happens ------------------------------------------------------------------------------

std::string Rooms::contact_id(Entry& entry, const std::string& nick,
                              const Element& presence) const {
  const Element* const user = presence.child("x", ns::muc_user);
  const Element* const item = user ? user->child("item") : nullptr;
  const std::string jid = item ? bare_jid(item->attr("jid")) : std::string{};
  if (!jid.empty()) return jid;
  if (nick == entry.room.nick) return wire_.self();
  const Element* const occupant = presence.child("occupant-id", ns::occupant_id);
  if (occupant == nullptr || !occupant->has_attr("id")) return entry.room.jid + "/" + nick;
  // The same person keeps its id under another nick.
  return entry.room.ids.try_emplace(std::string{occupant->attr("id")}, entry.room.jid + "/" + nick)
      .first->second;
}

bool Rooms::handle_presence(const Element& presence) {
  const auto from = Jid::parse(full_text(presence));
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
  const std::string jid = item ? bare_jid(item->attr("jid")) : std::string{};
  room.occupants.insert_or_assign(
      nick, Occupant{.nick = nick, .id = id, .jid = jid, .affiliation = affiliation});
  if (!jid.empty()) room.set_affiliation(jid, affiliation);
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
      room.occupants.insert_or_assign(renamed, std::move(occupant));
    }
    if (nick == room.nick) room.nick = renamed;
    members_changed(entry, news);
    return;
  }
  const std::string id =
      known == room.occupants.end() ? contact_id(entry, nick, presence) : known->second.id;
  if (known != room.occupants.end()) room.occupants.erase(known);
  if (item != nullptr && item->has_attr("affiliation")) {
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
  const auto from = Jid::parse(full_text(message));
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
        news.emplace_back(
            puppet::EventRoomTopicPayload{.changer_id = entry.room.id_of(from->resource),
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
