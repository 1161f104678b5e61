// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/room_list.hpp"

#include <spdlog/logger.h>

#include <utility>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

RoomList::RoomList(Bookmarks& bookmarks, Card card, std::function<void()> on_change,
                   spdlog::logger& log)
    : bookmarks_{bookmarks}, card_{std::move(card)}, on_change_{std::move(on_change)}, log_{log} {
  for (KeptRoom& room : card_.rooms()) kept_.insert_or_assign(room.bookmark.room, std::move(room));
}

void RoomList::save() {
  std::vector<KeptRoom> rooms;
  for (const auto& [jid, room] : kept_) rooms.push_back(room);
  card_.set_rooms(rooms);
  on_change_();
}

std::vector<Bookmark> RoomList::load() {
  std::map<std::string, Bookmark, std::less<>> stored;
  bool has_answered = true;
  try {
    for (Bookmark& bookmark : bookmarks_.load()) {
      stored.insert_or_assign(bookmark.room, std::move(bookmark));
    }
  } catch (const puppet::TimeoutError&) {
    throw;
  } catch (const puppet::CancelledError&) {
    throw;
  } catch (const puppet::Error& error) {
    log_.info("XMPP: no bookmarks: {}", error.what());
    has_answered = false;
  }
  std::vector<Bookmark> wanted;
  std::vector<Bookmark> homeless;
  {
    const std::lock_guard lock{mutex_};
    if (has_answered) {
      std::erase_if(kept_, [&](const auto& entry) {
        return entry.second.is_stored || stored.contains(entry.first);
      });
      for (const auto& [room, entry] : kept_) homeless.push_back(entry.bookmark);
      for (const auto& [room, bookmark] : stored) {
        if (bookmark.autojoin) kept_.insert_or_assign(room, KeptRoom{bookmark, true});
      }
      save();
    }
    for (const auto& [room, entry] : kept_) wanted.push_back(entry.bookmark);
  }
  for (const Bookmark& bookmark : homeless) put(bookmark);
  return wanted;
}

void RoomList::put(const Bookmark& bookmark) {
  bool is_stored = true;
  try {
    bookmarks_.put(bookmark);
  } catch (const puppet::CancelledError&) {
    throw;
  } catch (const puppet::Error& error) {
    log_.info("XMPP: room {} is on the memory card only: {}", bookmark.room, error.what());
    is_stored = false;
  }
  const std::lock_guard lock{mutex_};
  kept_.insert_or_assign(bookmark.room, KeptRoom{bookmark, is_stored});
  save();
}

void RoomList::remove(const std::string& room) {
  bool is_stored = true;
  {
    const std::lock_guard lock{mutex_};
    if (const auto found = kept_.find(room); found != kept_.end()) {
      is_stored = found->second.is_stored;
      kept_.erase(found);
      save();
    }
  }
  try {
    bookmarks_.remove(room);
  } catch (const puppet::CancelledError&) {
    throw;
  } catch (const puppet::Error&) {
    if (is_stored) throw;
  }
}

}  // namespace wechaty::puppet_xmpp
