// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_xmpp/wire.hpp"

namespace wechaty::puppet_xmpp {

/// A room that the account wants to be in.
struct Bookmark {
  std::string room;
  std::string name;
  std::string nick;
  bool autojoin = false;

  friend bool operator==(const Bookmark&, const Bookmark&) = default;
};

/// Bookmarks (XEP-0402): the rooms that every client of the account joins. All functions block.
///
/// Thread: any.
class Bookmarks {
 public:
  explicit Bookmarks(Wire& wire) : wire_{wire} {}
  [[nodiscard]] std::vector<Bookmark> load();
  /// An item of the node, in an answer or a notification; nullopt for one that is no bookmark.
  [[nodiscard]] static std::optional<Bookmark> read(std::string_view id, const Element& payload);
  void put(const Bookmark& bookmark);
  /// Does nothing when there is none.
  void remove(std::string_view room);

 private:
  Wire& wire_;
};

}  // namespace wechaty::puppet_xmpp
