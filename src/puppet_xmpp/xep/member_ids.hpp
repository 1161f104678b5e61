// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "puppet_xmpp/xep/room.hpp"

namespace wechaty::puppet_xmpp {

/// The ids of those whose address a room hides and to whom it gives no occupant ids (XEP-0421):
/// `room/nick`; with a number behind it where somebody else has that id, or was seen to leave with
/// it, as nobody can tell whether it is the same person who comes back.
///
/// Also what hidden members are called, as their ids do not say it. A value without locks; Rooms
/// guards it.
class MemberIds {
 public:
  [[nodiscard]] std::string of_newcomer(const Room& room, std::string_view nick);
  /// Nobody else gets this id any more.
  void retire(const std::string& id);

  /// @result whether it was called otherwise before
  bool note_name(const std::string& id, std::string_view nick);
  /// "" for an unknown one.
  [[nodiscard]] std::string name(std::string_view id) const;

 private:
  std::set<std::string, std::less<>> retired_;
  std::size_t numbered_ = 0;
  std::map<std::string, std::string, std::less<>> names_;  // id to nick
};

}  // namespace wechaty::puppet_xmpp
