// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "puppet_xmpp/wire.hpp"
#include "puppet_xmpp/xep/disco.hpp"

namespace wechaty::puppet_xmpp {

/// What a room tells of itself to anybody.
struct RoomInfo {
  std::string name;
  std::string description;
  bool members_only = false;
  bool non_anonymous = false;
  bool archived = false;
  bool has_occupant_ids = false;
  bool gives_stanza_ids = false;
  int occupants = 0;
};

/// The questions and orders of XEP-0045 that do not depend on who is present. All functions block.
///
/// Errors: as request().
/// Thread: any.
class RoomAdmin {
 public:
  RoomAdmin(Wire& wire, Disco& disco) : wire_{wire}, disco_{disco} {}

  /// The address of the service for rooms. @throws UnsupportedError where there is none
  [[nodiscard]] std::string service();
  [[nodiscard]] RoomInfo info(std::string_view room);

  /// Bare JID to owner, admin or member; empty where that is not shown to us.
  [[nodiscard]] std::map<std::string, std::string, std::less<>> affiliations(std::string_view room);
  void set_affiliation(std::string_view room, std::string_view jid, std::string_view affiliation);
  /// Take the role from somebody who is present, and so out of the room.
  void kick(std::string_view room, std::string_view nick);
  /// Give the own membership up, which set_affiliation() may not.
  void give_up_membership(std::string_view room);
  void destroy(std::string_view room);

  using Fields = std::vector<std::pair<std::string_view, std::string>>;
  void configure(std::string_view room, const Fields& fields);

  /// Invite directly (XEP-0249).
  void invite(std::string_view room, std::string_view jid, std::string_view reason);

 private:
  Wire& wire_;
  Disco& disco_;
};

}  // namespace wechaty::puppet_xmpp
