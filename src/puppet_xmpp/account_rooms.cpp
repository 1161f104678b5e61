// SPDX-License-Identifier: Apache-2.0
// The account: being in rooms.
#include "puppet_xmpp/account.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <utility>

#include "puppet_xmpp/bytes.hpp"
#include "puppet_xmpp/timestamp.hpp"

namespace wechaty::puppet_xmpp {

void Account::synchronise_rooms(std::uint64_t session, bool full) {
  std::vector<Bookmark> wanted = room_list.load();
  const auto time_to_ask = std::chrono::steady_clock::now() + options_.request_timeout;
  for (Bookmark& bookmark : wanted) {
    if (bookmark.nick.empty()) bookmark.nick = jid_.local;
    const bool is_late = std::chrono::steady_clock::now() > time_to_ask;
    rooms.enter(bookmark.room, bookmark.nick, !is_late && has_occupant_ids(bookmark.room));
  }
  const auto deadline = std::chrono::steady_clock::now() + options_.request_timeout;
  for (Bookmark& bookmark : wanted) {
    if (!is_current(session)) return;
    const auto rest =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    try {
      static_cast<void>(wait_until_in(bookmark.room, bookmark.nick, std::max(rest, rest.zero())));
      if (refresh(bookmark.room).archived && full) {
        catch_up_.run(bookmark.room, CatchUp::Pace::as_listeners_hear);
      }
      open(bookmark.room, session);
      invitations.forget(bookmark.room);
    } catch (const puppet::CancelledError&) {
      throw;
    } catch (...) {
      if (is_current(session)) host_.report_error(std::current_exception());
      open_with_gap(bookmark.room, session);
    }
  }
}

/// Somebody has put us out of a room: the next login does not go there again.
void Account::stay_out(const std::string& room) {
  {
    const std::lock_guard lock{mutex_};
    put_out_.push_back(room);
  }
  synchroniser_.run_errands();
}

void Account::forget_rooms() {
  std::vector<std::string> rooms_left;
  {
    const std::lock_guard lock{mutex_};
    rooms_left = std::exchange(put_out_, {});
  }
  for (const std::string& room : rooms_left) {
    if (!rooms.knows(room)) room_list.remove(room);  // unless it was joined again meanwhile
  }
}

/// Wait for what Rooms::enter() began; where somebody else is called so, under another nick.
/// @param nick  what we wanted to be called, and are then
/// @result whether the room was made by that
bool Account::wait_until_in(const std::string& room, std::string& nick,
                            std::chrono::milliseconds limit) {
  constexpr int tries = 4;
  const auto known = rooms.find(room);
  for (int i = 1;; ++i) {
    try {
      return rooms.wait_until_in(room, limit, client_.stop_token());
    } catch (const puppet::ConflictError&) {
      if (i == tries) throw;
    }
    nick += "_";
    rooms.enter(room, nick, known && known->has_occupant_ids);
  }
}

/// @param nick  as wait_until_in(), and so is the result
bool Account::go_in(const std::string& room, std::string& nick) {
  const std::uint64_t session = synchroniser_.session();
  bool created = false;
  try {
    rooms.enter(room, nick, has_occupant_ids(room));
    created = wait_until_in(room, nick, options_.request_timeout);
    if (!created) {
      if (refresh(room).archived) {
        catch_up_.run(room, CatchUp::Pace::at_once);  // a listener may be who joins
      }
    } else {
      ledger.passed({.archive = room, .id = std::string{Ledger::beginning}});
    }
    if (!is_current(session)) {
      throw puppet::Error{"room \"" + room + "\": the connection was lost meanwhile"};
    }
  } catch (...) {
    if (is_current(session)) {
      rooms.leave(room);
      open_with_gap(room, session);  // what waits for it must not wait for ever
    }
    throw;
  }
  open(room, session);
  invitations.forget(room);
  return created;
}

bool Account::join(const std::string& room, const std::string& name) {
  const auto turn = room_turns_.take(room);
  std::string nick = jid_.local;
  const bool created = go_in(room, nick);
  room_list.put({.room = room, .name = name, .nick = nick, .autojoin = true});
  return created;
}

RoomInfo Account::refresh(const std::string& room) {
  RoomInfo info = room_admin.info(room);
  note_ids(room, info.gives_stanza_ids);
  auto affiliations = room_admin.affiliations(room);
  rooms.update(room, [&](Room& known) {
    known.name = info.name;
    known.description = info.description;
    known.members_only = info.members_only;
    known.non_anonymous = info.non_anonymous;
    known.has_occupant_ids = info.has_occupant_ids;
    for (auto& [member, affiliation] : affiliations) known.set_affiliation(member, affiliation);
    if (affiliations.empty()) return;
    std::erase_if(known.affiliations,
                  [&](const auto& entry) { return !affiliations.contains(entry.first); });
  });
  return info;
}

/// To be known before those come who are in the room. What does not answer will not let us in.
bool Account::has_occupant_ids(const std::string& room) {
  try {
    return room_admin.info(room).has_occupant_ids;
  } catch (const puppet::CancelledError&) {
    throw;
  } catch (const puppet::Error&) {  // what is made by the join, too
    return false;
  }
}

void Account::invite_through(const std::string& room, std::string_view jid) {
  const std::string id = random_uuid();
  deliveries_.begin(id, room, true);
  client_.send_safely(Element{"message", ns::client}
                          .set("to", room)
                          .set("id", id)
                          .add(Element{"x", ns::muc_user}.add(Element{"invite"}.set("to", jid))),
                      [this, id](const std::string& problem) { deliveries_.settled(id, problem); });
  try {
    // Nothing but a refusal is answered; it comes before the answer to what is asked later.
    static_cast<void>(room_admin.info(room));
    static_cast<void>(deliveries_.came_back(id));
  } catch (const puppet::Error& error) {
    deliveries_.settled(id, error.what());
  }
  deliveries_.wait_for(id, "room_add: \"" + std::string{jid} + "\" to \"" + room + "\"",
                       options_.request_timeout, client_.stop_token());
}

void Account::quit(const std::string& room) {
  const auto turn = room_turns_.take(room);
  const auto known = rooms.find(room);
  if (!known) throw puppet::NotFoundError{"room_quit: not in room \"" + room + "\""};
  const auto place = known->affiliations.find(self_);
  const std::string affiliation = place == known->affiliations.end() ? "none" : place->second;
  const bool only_owner = affiliation == "owner" && known->with_affiliation("owner").size() == 1;
  if (only_owner) {
    // Somebody has to own a room: the first of the others, or nobody is left to need it.
    const auto members = known->members();
    const auto heir = std::find_if(members.begin(), members.end(), [&](const auto& member) {
      return member != self_ && known->affiliations.contains(member);
    });
    if (heir == members.end()) {
      room_admin.destroy(room);
    } else {
      room_admin.set_affiliation(room, *heir, "owner");
    }
  }
  rooms.leave(room);
  try {
    if (affiliation == "owner" || affiliation == "admin") {
      room_admin.set_affiliation(room, self_, "none");
    } else if (affiliation == "member") {
      room_admin.give_up_membership(room);
    }
  } catch (const puppet::NotFoundError&) {  // destroyed
  }
  room_list.remove(room);
}

// --- what other devices do -----------------------------------------------------------------------

bool Account::is_in(const std::string& room) const {
  const auto known = rooms.find(room);
  return known && known->joined;
}

void Account::note_bookmarks(const Element& items) {
  {
    const std::lock_guard lock{mutex_};
    for (const Element& item : items.children) {
      const std::string room = bare_jid(item.attr("id"));
      if (room.empty()) continue;
      const auto bookmark = item.children.empty()
                                ? std::nullopt
                                : Bookmarks::read(item.attr("id"), item.children.front());
      new_bookmarks_.insert_or_assign(room, bookmark && bookmark->autojoin);
    }
  }
  synchroniser_.run_errands();
}

/// Be in the rooms that another device has joined, and out of those that it has left (XEP-0402).
void Account::follow_bookmarks() {
  std::map<std::string, bool> changes;
  {
    const std::lock_guard lock{mutex_};
    changes = std::exchange(new_bookmarks_, {});
  }
  for (const auto& [room, is_wanted] : changes) {
    if (is_in(room) != is_wanted) follow(room);  // else it was our own doing
  }
}

void Account::follow(const std::string& room) {
  const auto turn = room_turns_.try_take(room);
  if (!turn) return;                  // who joins or leaves it just now sees to the bookmark
  const auto all = bookmarks.load();  // what is so now: the notification may be of yesterday
  const auto bookmark = std::find_if(all.begin(), all.end(), [&](const Bookmark& one) {
    return one.room == room && one.autojoin;
  });
  if (bookmark != all.end() && !is_in(room)) {
    std::string nick = bookmark->nick.empty() ? jid_.local : bookmark->nick;
    static_cast<void>(go_in(room, nick));
    host_.report(puppet::EventRoomJoinPayload{
        .invitee_id_list = {self_}, .inviter_id = self_, .room_id = room, .timestamp = now()});
  } else if (bookmark == all.end() && is_in(room)) {
    rooms.leave(room);
    host_.report(dirty(puppet::DirtyType::room, room));
    host_.report(dirty(puppet::DirtyType::room_member, room));
    host_.report(puppet::EventRoomLeavePayload{
        .removee_id_list = {self_}, .remover_id = self_, .room_id = room, .timestamp = now()});
  }
}

}  // namespace wechaty::puppet_xmpp
