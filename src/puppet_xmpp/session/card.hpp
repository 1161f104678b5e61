// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "puppet_xmpp/stream/negotiation.hpp"
#include "puppet_xmpp/xep/bookmarks.hpp"
#include "wechaty/puppet/memory/memory_card.hpp"
#include "wechaty/puppet/schemas.hpp"

namespace wechaty::puppet_xmpp {

/// A room that the account wants to be in.
struct KeptRoom {
  Bookmark bookmark;
  bool is_stored = false;  ///< the server has the bookmark, too

  friend bool operator==(const KeptRoom&, const KeptRoom&) = default;
};

/// What the puppet keeps on its memory card: the account, the login keys, the session that may be
/// resumed, how far each archive was read, and requests that wait for an answer. The password is
/// not among it.
///
/// A part that cannot be read counts as missing: a new login or the archive makes up for it.
/// Thread: any, as MemoryCard.
class Card {
 public:
  explicit Card(puppet::MemoryCard card) : card_{std::move(card)} {}

  [[nodiscard]] std::string account() const;
  [[nodiscard]] std::optional<ScramKeys> keys() const;
  void set_login(const std::string& account, const ScramKeys& keys);
  void forget_login();

  [[nodiscard]] std::optional<Resumption> resumption() const;
  void set_resumption(const std::optional<Resumption>& resumption);

  [[nodiscard]] std::map<std::string, std::string, std::less<>> positions() const;
  void set_positions(const std::map<std::string, std::string, std::less<>>& positions);
  [[nodiscard]] std::deque<std::string> seen() const;
  void set_seen(const std::deque<std::string>& seen);

  [[nodiscard]] std::vector<puppet::FriendshipPayload> friendships() const;
  void set_friendships(const std::vector<puppet::FriendshipPayload>& friendships);
  [[nodiscard]] std::vector<puppet::RoomInvitationPayload> invitations() const;
  void set_invitations(const std::vector<puppet::RoomInvitationPayload>& invitations);
  [[nodiscard]] std::vector<KeptRoom> rooms() const;
  void set_rooms(const std::vector<KeptRoom>& rooms);
  /// Ids of invitations that were told, or did not have to be.
  [[nodiscard]] std::vector<std::string> seen_invitations() const;
  void set_seen_invitations(const std::vector<std::string>& ids);

  [[nodiscard]] puppet::MemoryCard& memory() { return card_; }

 private:
  puppet::MemoryCard card_;
};

}  // namespace wechaty::puppet_xmpp
