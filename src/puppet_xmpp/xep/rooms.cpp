// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/rooms.hpp"

#include <utility>

#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/xep/disco.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

// --- joining and leaving -----------------------------------------------------------------------

void Rooms::enter(const std::string& room, const std::string& nick, bool has_occupant_ids) {
  {
    const std::lock_guard lock{mutex_};
    Entry& entry = rooms_[room];
    entry.room.jid = room;
    entry.room.nick = nick;
    forget_occupants(entry);
    entry.room.has_occupant_ids = has_occupant_ids;
    entry.is_over = false;
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
           found->second.is_over;
  };
  const bool in_time = changed_.wait_for(lock, stop, limit, done);
  const auto found = rooms_.find(room);
  if (in_time && found != rooms_.end() && found->second.room.joined) return found->second.created;
  const std::string what = "room \"" + room + "\"";
  if (found != rooms_.end() && found->second.is_over) {
    throw puppet::Error{what + ": the connection was lost"};
  }
  const auto refusal = found == rooms_.end() ? std::nullopt : std::move(found->second.refusal);
  if (found != rooms_.end()) rooms_.erase(found);
  lock.unlock();
  changed_.notify_all();
  if (refusal) throw_stanza_error(*refusal, what);
  if (stop.stop_requested()) throw puppet::CancelledError{what + ": the puppet was stopped"};
  throw puppet::TimeoutError{what + ": no answer within " + std::to_string(limit.count()) + " ms"};
}

bool Rooms::wait_to_be_back(std::string_view room, std::chrono::milliseconds limit,
                            const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  const auto is_in = [&] {
    const auto found = rooms_.find(room);
    return found != rooms_.end() && found->second.room.joined;
  };
  changed_.wait_for(lock, stop, limit, [&] { return is_in() || !rooms_.contains(room); });
  return is_in();
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
  changed_.notify_all();
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

std::string Rooms::name_of(std::string_view room, std::string_view id) const {
  const std::lock_guard lock{mutex_};
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return {};
  return found->second.room.nick_of(id).value_or(found->second.ids.name(id));
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
    for (auto& [jid, entry] : rooms_) {
      forget_occupants(entry);
      entry.is_over = true;
    }
  }
  changed_.notify_all();
}

void Rooms::forget_occupants(Entry& entry) {
  entry.room.joined = false;
  for (const auto& [nick, occupant] : entry.room.occupants) {
    // A nick that it has not any more may be somebody else's when we are back.
    const bool is_hidden = bare_jid(occupant.id) == entry.room.jid;
    if (is_hidden && !entry.room.has_occupant_ids && resource_of(occupant.id) != nick) {
      entry.ids.retire(occupant.id);
    }
  }
  entry.room.occupants.clear();
}

}  // namespace wechaty::puppet_xmpp
