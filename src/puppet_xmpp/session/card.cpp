// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/card.hpp"

#include <nlohmann/json.hpp>
#include <sstream>

#include "puppet_xmpp/bytes.hpp"
#include "wechaty/puppet/schemas/json.hpp"

namespace wechaty::puppet_xmpp {

using nlohmann::json;

namespace {

constexpr const char* account_key = "account";
constexpr const char* keys_key = "scram";
constexpr const char* resumption_key = "resumption";
constexpr const char* positions_key = "positions";
constexpr const char* seen_key = "seen";
constexpr const char* friendships_key = "friendships";
constexpr const char* invitations_key = "invitations";
constexpr const char* rooms_key = "rooms";
constexpr const char* seen_invitations_key = "seenInvitations";

/// A part of the card, made by `read`; nullopt when it is missing or of another form.
template <class T, class Read>
std::optional<T> part(const puppet::MemoryCard& card, const char* key, Read read) {
  const auto text = card.get_text(key);
  if (!text) return std::nullopt;
  try {
    return read(json::parse(*text));
  } catch (const json::exception&) {
    return std::nullopt;
  } catch (const puppet::Error&) {
    return std::nullopt;
  }
}

std::string bytes_of(const json& object, const char* key) {
  const auto bytes = from_base64(object.at(key).get<std::string>());
  if (!bytes) throw puppet::InvalidArgumentError{"no base64"};
  return *bytes;
}

template <class Payload>
std::vector<Payload> payloads(const puppet::MemoryCard& card, const char* key) {
  return part<std::vector<Payload>>(
             card, key, [](const json& list) { return list.get<std::vector<Payload>>(); })
      .value_or(std::vector<Payload>{});
}

}  // namespace

std::string Card::account() const {
  return part<std::string>(card_, account_key,
                           [](const json& text) { return text.get<std::string>(); })
      .value_or("");
}

std::optional<ScramKeys> Card::keys() const {
  return part<ScramKeys>(card_, keys_key, [](const json& object) {
    return ScramKeys{.mechanism = object.at("mechanism").get<std::string>(),
                     .salt = bytes_of(object, "salt"),
                     .iterations = object.at("iterations").get<std::uint32_t>(),
                     .client_key = bytes_of(object, "clientKey"),
                     .server_key = bytes_of(object, "serverKey")};
  });
}

void Card::set_login(const std::string& account, const ScramKeys& keys) {
  card_.set(account_key, account);
  card_.set(keys_key, json{{"mechanism", keys.mechanism},
                           {"salt", to_base64(keys.salt)},
                           {"iterations", keys.iterations},
                           {"clientKey", to_base64(keys.client_key)},
                           {"serverKey", to_base64(keys.server_key)}});
}

void Card::forget_login() {
  card_.erase(keys_key);
  card_.erase(resumption_key);
}

std::optional<Resumption> Card::resumption() const {
  return part<Resumption>(card_, resumption_key, [](const json& object) {
    return Resumption{.id = object.at("id").get<std::string>(),
                      .full_jid = object.at("jid").get<std::string>(),
                      .received = object.at("received").get<std::uint32_t>()};
  });
}

void Card::set_resumption(const std::optional<Resumption>& resumption) {
  if (!resumption) {
    card_.erase(resumption_key);
    return;
  }
  card_.set(resumption_key, json{{"id", resumption->id},
                                 {"jid", resumption->full_jid},
                                 {"received", resumption->received}});
}

std::map<std::string, std::string, std::less<>> Card::positions() const {
  using Positions = std::map<std::string, std::string, std::less<>>;
  return part<Positions>(card_, positions_key,
                         [](const json& object) { return object.get<Positions>(); })
      .value_or(Positions{});
}

void Card::set_positions(const std::map<std::string, std::string, std::less<>>& positions) {
  card_.set(positions_key, json(positions));
}

std::deque<std::string> Card::seen() const {
  std::istringstream words{part<std::string>(card_, seen_key, [](const json& text) {
                             return text.get<std::string>();
                           }).value_or("")};
  std::deque<std::string> seen;
  for (std::string word; words >> word;) seen.push_back(word);
  return seen;
}

/// One text: it is saved often, and a list of 512 texts takes ten times as long.
void Card::set_seen(const std::deque<std::string>& seen) {
  std::string words;
  for (const auto& id : seen) {
    if (!words.empty()) words += ' ';
    words += id;
  }
  card_.set(seen_key, words);
}

std::vector<puppet::FriendshipPayload> Card::friendships() const {
  return payloads<puppet::FriendshipPayload>(card_, friendships_key);
}
void Card::set_friendships(const std::vector<puppet::FriendshipPayload>& friendships) {
  card_.set(friendships_key, json(friendships));
}
std::vector<puppet::RoomInvitationPayload> Card::invitations() const {
  return payloads<puppet::RoomInvitationPayload>(card_, invitations_key);
}
void Card::set_invitations(const std::vector<puppet::RoomInvitationPayload>& invitations) {
  card_.set(invitations_key, json(invitations));
}
std::vector<KeptRoom> Card::rooms() const {
  return part<std::vector<KeptRoom>>(card_, rooms_key,
                                     [](const json& list) {
                                       std::vector<KeptRoom> rooms;
                                       for (const json& room : list) {
                                         rooms.push_back({{.room = room.at("room"),
                                                           .name = room.at("name"),
                                                           .nick = room.at("nick"),
                                                           .autojoin = true},
                                                          room.at("stored").get<bool>()});
                                       }
                                       return rooms;
                                     })
      .value_or(std::vector<KeptRoom>{});
}
void Card::set_rooms(const std::vector<KeptRoom>& rooms) {
  json list = json::array();
  for (const KeptRoom& room : rooms) {
    list.push_back({{"room", room.bookmark.room},
                    {"name", room.bookmark.name},
                    {"nick", room.bookmark.nick},
                    {"stored", room.is_stored}});
  }
  card_.set(rooms_key, list);
}
std::vector<std::string> Card::seen_invitations() const {
  return payloads<std::string>(card_, seen_invitations_key);
}
void Card::set_seen_invitations(const std::vector<std::string>& ids) {
  card_.set(seen_invitations_key, json(ids));
}

}  // namespace wechaty::puppet_xmpp
