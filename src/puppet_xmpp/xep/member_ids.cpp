// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/member_ids.hpp"

#include <iterator>

namespace wechaty::puppet_xmpp {

namespace {
constexpr std::size_t most_retired = 4'000;  // then everybody who comes gets a number
constexpr std::size_t most_names = 10'000;
}  // namespace

std::string MemberIds::of_newcomer(const Room& room, std::string_view nick) {
  const std::string plain = room.jid + "/" + std::string{nick};
  const auto is_free = [&](const std::string& id) {
    return !retired_.contains(id) && !room.nick_of(id);
  };
  if (retired_.size() < most_retired && is_free(plain)) return plain;
  std::string id;
  do {
    id = plain + "#" + std::to_string(++numbered_);
  } while (!is_free(id));
  return id;
}

void MemberIds::retire(const std::string& id) {
  if (retired_.size() < most_retired) retired_.insert(id);
}

bool MemberIds::note_name(const std::string& id, std::string_view nick) {
  const auto [known, is_new] = names_.try_emplace(id, nick);
  if (!is_new) {
    if (known->second == nick) return false;
    known->second = nick;
    return true;
  }
  if (names_.size() > most_names)
    names_.erase(known == names_.begin() ? std::next(known) : names_.begin());
  return false;
}

std::string MemberIds::name(std::string_view id) const {
  const auto known = names_.find(id);
  return known == names_.end() ? std::string{} : known->second;
}

}  // namespace wechaty::puppet_xmpp
