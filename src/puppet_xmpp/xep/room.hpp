// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_xmpp/element.hpp"

namespace wechaty::puppet_xmpp {

/// Somebody who is in a room right now.
struct Occupant {
  std::string nick;
  std::string id;  ///< the contact's: the real bare JID, `room/occupant-id`, or as MemberIds says
  std::string occupant_id;  ///< XEP-0421, to be believed if the room has them; empty: none
  std::string affiliation;  ///< owner, admin, member, none
};

/// The occupant id in a stanza that a room has sent; "" when there is none.
[[nodiscard]] std::string occupant_id_in(const Element& stanza);

/// What is known of one room (XEP-0045): who is in it, and who belongs to it.
///
/// A value without locks; Rooms guards it.
struct Room {
  std::string jid;
  std::string nick;  ///< our own
  bool joined = false;
  std::string name;
  std::string subject;
  std::string description;
  bool members_only = false;
  bool non_anonymous = false;
  bool has_occupant_ids = false;  ///< what claims to be one is believed only there
  std::map<std::string, Occupant, std::less<>> occupants;  ///< by nick
  std::map<std::string, std::string, std::less<>>
      affiliations;  ///< bare JID or room/occupant-id to owner, admin, member

  /// The subject, else the name, else the first part of the address.
  [[nodiscard]] std::string topic() const;
  /// Who belongs to the room, present or not, without doubles.
  [[nodiscard]] std::vector<std::string> members() const;
  [[nodiscard]] bool is_member(std::string_view id) const;
  [[nodiscard]] std::vector<std::string> with_affiliation(std::string_view affiliation) const;
  /// The nick of a member who is present; nullopt for others.
  [[nodiscard]] std::optional<std::string> nick_of(std::string_view id) const;
  /// The contact id of who has that occupant id, where the room has them, else of who is called so.
  /// For who is not here: `room/occupant-id`, `room/nick`.
  [[nodiscard]] std::string id_of(std::string_view nick, std::string_view occupant_id = {}) const;
  /// The ids of those who are called by `@nick`, in the order of the text; where several nicks fit,
  /// the longest counts.
  [[nodiscard]] std::vector<std::string> mentioned_in(std::string_view text) const;
  /// Note an affiliation. @result whether that changed something
  bool set_affiliation(const std::string& member, std::string_view affiliation);
};

}  // namespace wechaty::puppet_xmpp
