// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "puppet_xmpp/session/card.hpp"
#include "puppet_xmpp/xep/bookmarks.hpp"

namespace spdlog {
class logger;
}

namespace wechaty::puppet_xmpp {

/// The rooms that the account wants to be in: its bookmarks that say so. Where the server does not
/// keep or give them, the memory card does.
///
/// Thread: any. No lock is held over a question to the server.
class RoomList {
 public:
  /// @param on_change  the card has changed and is to be saved
  RoomList(Bookmarks& bookmarks, Card card, std::function<void()> on_change, spdlog::logger& log);

  /// @throws TimeoutError, CancelledError
  [[nodiscard]] std::vector<Bookmark> load();
  void put(const Bookmark& bookmark);
  /// Does nothing when it is not there. @throws Error when the server keeps the bookmark
  void remove(const std::string& room);

 private:
  void save();

  Bookmarks& bookmarks_;
  Card card_;
  const std::function<void()> on_change_;
  spdlog::logger& log_;
  std::mutex mutex_;  // guards kept_
  std::map<std::string, KeptRoom, std::less<>> kept_;
};

}  // namespace wechaty::puppet_xmpp
