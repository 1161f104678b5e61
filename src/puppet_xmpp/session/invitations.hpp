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
#include "puppet_xmpp/xep/archive.hpp"
#include "puppet_xmpp/xep/rooms.hpp"

namespace wechaty::puppet_xmpp {

/// Invitations to rooms (XEP-0045, XEP-0249) that wait for an answer, on the memory card.
///
/// One is told once, whether it comes live, from the archive or both; and not while another one of
/// the same person to the same room waits.
/// What is believed: an invitation by the room only from the room itself; else who sends it
/// invites. Thread: any; handle...() on the loop's. No lock is held while the host is called.
class Invitations {
 public:
  /// @param on_change  the card has changed and is to be saved
  Invitations(Wire& wire, Host& host, Rooms& rooms, Card card, std::function<void()> on_change);

  /// A message that came live. @result whether it was an invitation, believed or not
  bool handle(const Element& message);
  /// A message of the account's archive. @result as handle()
  bool handle_archived(const ArchivedMessage& message);

  /// nullopt for an unknown one.
  [[nodiscard]] std::optional<puppet::RoomInvitationPayload> find(std::string_view id) const;
  /// The room of an invitation.
  [[nodiscard]] static std::string room_of(std::string_view id);
  /// We are in the room: no invitation to it waits any more.
  void forget(std::string_view room);

 private:
  struct Invitation {
    std::string room;
    std::string inviter;
    std::string reason;
  };
  [[nodiscard]] static std::optional<Invitation> by_room(const Element& message);
  [[nodiscard]] std::optional<Invitation> by_person(const Element& message);
  bool handle(const Element& message, std::string_view archive_id, puppet::Timestamp time);
  [[nodiscard]] bool note(const puppet::RoomInvitationPayload& invitation);

  Wire& wire_;
  Host& host_;
  Rooms& rooms_;
  Card card_;
  const std::function<void()> on_change_;
  mutable std::mutex mutex_;  // guards everything below
  std::vector<puppet::RoomInvitationPayload> waiting_;
  std::vector<std::string> seen_;  // the ids of the last ones
};

}  // namespace wechaty::puppet_xmpp
