// SPDX-License-Identifier: Apache-2.0
// The account: being in rooms.
#include "puppet_xmpp/account.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <utility>

#include "puppet_xmpp/bytes.hpp"

namespace wechaty::puppet_xmpp {

void Account::synchronise_rooms(std::uint64_t session, bool full) {
  std::vector<Bookmark> wanted;
  try {
    wanted = bookmarks.load();
  } catch (const puppet::TimeoutError&) {
    throw;
  } catch (const puppet::Error& error) {
    log_.info("XMPP {}: no bookmarks: {}", self_, error.what());
  }
  std::erase_if(wanted, [](const Bookmark& bookmark) { return !bookmark.autojoin; });
  const auto time_to_ask = std::chrono::steady_clock::now() + options_.request_timeout;
  for (const Bookmark& bookmark : wanted) {
    const bool is_late = std::chrono::steady_clock::now() > time_to_ask;
    rooms.enter(bookmark.room, bookmark.nick.empty() ? jid_.local : bookmark.nick,
                !is_late && has_occupant_ids(bookmark.room));
  }
  const auto deadline = std::chrono::steady_clock::now() + options_.request_timeout;
  for (const Bookmark& bookmark : wanted) {
    if (!is_current(session)) return;
    const auto rest =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    try {
      static_cast<void>(
          rooms.wait_until_in(bookmark.room, std::max(rest, rest.zero()), client_.stop_token()));
      if (refresh(bookmark.room).archived && full) {
        catch_up(bookmark.room, Pace::as_listeners_hear);
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
  changed_.notify_all();
}

void Account::forget_rooms() {
  std::vector<std::string> rooms_left;
  {
    const std::lock_guard lock{mutex_};
    rooms_left = std::exchange(put_out_, {});
  }
  for (const std::string& room : rooms_left) {
    if (!rooms.knows(room)) bookmarks.remove(room);  // unless it was joined again meanwhile
  }
}

bool Account::join(const std::string& room, const std::string& name) {
  const std::uint64_t session = session_;
  constexpr int tries = 4;
  const bool has_ids = has_occupant_ids(room);
  std::string nick = jid_.local;
  bool created = false;
  try {
    for (int i = 1;; ++i) {
      rooms.enter(room, nick, has_ids);
      try {
        created = rooms.wait_until_in(room, options_.request_timeout, client_.stop_token());
        break;
      } catch (const puppet::ConflictError&) {  // somebody else is called so
        if (i == tries) throw;
        nick += "_";
      }
    }
    if (!created) {
      if (refresh(room).archived) catch_up(room, Pace::at_once);  // a listener may be who joins
    } else {
      ledger.passed({.archive = room, .id = std::string{beginning}});
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
  bookmarks.put({.room = room, .name = name, .nick = nick, .autojoin = true});
  return created;
}

RoomInfo Account::refresh(const std::string& room) {
  RoomInfo info = room_admin.info(room);
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
  deliveries_.begin(id, true);
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
  bookmarks.remove(room);
}

}  // namespace wechaty::puppet_xmpp
