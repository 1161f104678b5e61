// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_xmpp/host.hpp"
#include "puppet_xmpp/session/card.hpp"
#include "puppet_xmpp/wire.hpp"
#include "puppet_xmpp/xep/roster.hpp"

namespace wechaty::puppet_xmpp {

/// Friend requests that wait for an answer (presence subscriptions, RFC 6121, section 3). They are
/// on the memory card, as the server tells of an unanswered one at every login.
///
/// Thread: any; handle_...() on the loop's. No lock is held while the host is called.
class Requests {
 public:
  /// @param on_change  the card has changed and is to be saved
  Requests(Wire& wire, Host& host, Card card, std::function<void()> on_change);

  /// @result whether it was about a subscription
  bool handle_presence(const Element& presence);
  /// A contact's entry in the roster has changed.
  void handle_roster(const std::string& jid, const std::optional<RosterItem>& was,
                     const std::optional<RosterItem>& is);

  [[nodiscard]] std::optional<puppet::FriendshipPayload> friendship(std::string_view id) const;
  /// Both block until the server has it.
  void add(const std::string& contact, const std::string& hello, const std::string& nick);
  void accept_friendship(const puppet::FriendshipPayload& friendship);

 private:
  void receive(puppet::FriendshipPayload friendship);
  void save_friendships();

  Wire& wire_;
  Host& host_;
  Card card_;
  const std::function<void()> on_change_;
  mutable std::mutex mutex_;  // guards everything below
  std::vector<puppet::FriendshipPayload> friendships_;
};

}  // namespace wechaty::puppet_xmpp
