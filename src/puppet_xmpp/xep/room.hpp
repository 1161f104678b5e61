// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace wechaty::puppet_xmpp {

/// Somebody who is in a room right now.
struct Occupant {
  std::string nick;
  std::string id;   ///< the contact's: the real bare JID, else `room/nick` of the first sight
  std::string jid;  ///< the real bare JID; empty: the room does not tell
  std::string affiliation;  ///< owner, admin, member, none
};

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
  std::map<std::string, Occupant, std::less<>> occupants;  ///< by nick
  std::map<std::string, std::string, std::less<>>
      affiliations;                                     ///< bare JID to owner, admin, member
  std::map<std::string, std::string, std::less<>> ids;  ///< occupant-id to contact id

  /// The subject, else the name, else the first part of the address.
  [[nodiscard]] std::string topic() const;
  /// Who belongs to the room, present or not, without doubles.
  [[nodiscard]] std::vector<std::string> members() const;
  [[nodiscard]] bool is_member(std::string_view id) const;
  [[nodiscard]] std::vector<std::string> with_affiliation(std::string_view affiliation) const;
  /// The nick of a member who is present; nullopt for others.
  [[nodiscard]] std::optional<std::string> nick_of(std::string_view id) const;
  /// The contact id of who is called so; `room/nick` for who is not here.
  [[nodiscard]] std::string id_of(std::string_view nick) const;
  /// Note an affiliation. @result whether that changed something
  bool set_affiliation(const std::string& member, std::string_view affiliation);
};

}  // namespace wechaty::puppet_xmpp
