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

/// Requests that wait for an answer: friendships (presence subscriptions, RFC 6121, section 3) and
/// invitations to rooms (XEP-0045, XEP-0249). They are on the memory card, as the server tells of
/// an invitation once, and of an unanswered friend request at every login.
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
  /// @param in_room  whether we are in that room already
  /// @result whether it was an invitation
  bool handle_message(const Element& message,
                      const std::function<bool(std::string_view room)>& in_room);

  [[nodiscard]] std::optional<puppet::FriendshipPayload> friendship(std::string_view id) const;
  /// Both block until the server has it.
  void add(const std::string& contact, const std::string& hello, const std::string& nick);
  void accept_friendship(const puppet::FriendshipPayload& friendship);

  [[nodiscard]] std::optional<puppet::RoomInvitationPayload> invitation(std::string_view id) const;
  /// The room of an invitation; "" for an unknown one.
  [[nodiscard]] std::string room_of(std::string_view invitation_id) const;
  void forget_invitation(std::string_view id);

 private:
  void receive(puppet::FriendshipPayload friendship);
  void save_friendships();
  void save_invitations();

  Wire& wire_;
  Host& host_;
  Card card_;
  const std::function<void()> on_change_;
  mutable std::mutex mutex_;  // guards everything below
  std::vector<puppet::FriendshipPayload> friendships_;
  std::vector<puppet::RoomInvitationPayload> invitations_;
};

}  // namespace wechaty::puppet_xmpp
