// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/room.hpp"

#include <algorithm>

#include "puppet_xmpp/mention.hpp"

namespace wechaty::puppet_xmpp {

std::string Room::topic() const {
  if (!subject.empty()) return subject;
  return name.empty() ? jid.substr(0, jid.find('@')) : name;
}

std::vector<std::string> Room::members() const {
  std::set<std::string> all;
  for (const auto& [member, affiliation] : affiliations) all.insert(member);
  for (const auto& [nick_of_it, occupant] : occupants) all.insert(occupant.id);
  return {all.begin(), all.end()};
}

bool Room::is_member(std::string_view id) const {
  return affiliations.contains(id) || nick_of(id).has_value();
}

std::vector<std::string> Room::with_affiliation(std::string_view affiliation) const {
  std::set<std::string> all;
  for (const auto& [member, is] : affiliations) {
    if (is == affiliation) all.insert(member);
  }
  for (const auto& [nick_of_it, occupant] : occupants) {
    if (occupant.affiliation == affiliation) all.insert(occupant.id);
  }
  return {all.begin(), all.end()};
}

std::optional<std::string> Room::nick_of(std::string_view id) const {
  for (const auto& [nick_of_it, occupant] : occupants) {
    if (occupant.id == id) return nick_of_it;
  }
  return std::nullopt;
}

std::string occupant_id_in(const Element& stanza) {
  const Element* const occupant = stanza.child("occupant-id", ns::occupant_id);
  return occupant == nullptr ? std::string{} : std::string{occupant->attr("id")};
}

std::string Room::id_of(std::string_view nick_of_it, std::string_view occupant_id) const {
  if (has_occupant_ids && !occupant_id.empty()) {
    for (const auto& [other_nick, occupant] : occupants) {
      if (occupant.occupant_id == occupant_id) return occupant.id;
    }
    return jid + "/" + std::string{occupant_id};
  }
  const auto found = occupants.find(nick_of_it);
  return found == occupants.end() ? jid + "/" + std::string{nick_of_it} : found->second.id;
}

std::vector<std::string> Room::mentioned_in(std::string_view text) const {
  std::vector<std::string> ids;
  for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    const Occupant* longest = nullptr;
    for (const auto& [nick_of_it, occupant] : occupants) {
      const bool is_longer = longest == nullptr || nick_of_it.size() > longest->nick.size();
      if (is_longer && is_mention_at(text, at, nick_of_it)) longest = &occupant;
    }
    if (longest != nullptr && std::find(ids.begin(), ids.end(), longest->id) == ids.end()) {
      ids.push_back(longest->id);
    }
  }
  return ids;
}

bool Room::set_affiliation(const std::string& member, std::string_view affiliation) {
  const auto found = affiliations.find(member);
  if (affiliation == "none" || affiliation == "outcast" || affiliation.empty()) {
    if (found == affiliations.end()) return false;
    affiliations.erase(found);
    return true;
  }
  if (found != affiliations.end() && found->second == affiliation) return false;
  affiliations.insert_or_assign(member, std::string{affiliation});
  return true;
}

}  // namespace wechaty::puppet_xmpp
