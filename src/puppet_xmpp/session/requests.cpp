// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/requests.hpp"

#include <algorithm>
#include <utility>

#include "puppet_xmpp/bytes.hpp"
#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/timestamp.hpp"

namespace wechaty::puppet_xmpp {

using puppet::FriendshipPayload;
using puppet::FriendshipType;

namespace {

constexpr std::size_t most_requests = 200;  // the oldest go first

Element subscription(std::string_view type, std::string_view to) {
  return Element{"presence", ns::client}.set("type", type).set("to", to);
}

template <class T>
void push_bounded(std::vector<T>& list, T value) {
  if (list.size() >= most_requests) list.erase(list.begin());
  list.push_back(std::move(value));
}

template <class T>
std::optional<T> find_in(const std::vector<T>& list, std::string_view id) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const T& entry) { return entry.id == id; });
  return found == list.end() ? std::nullopt : std::optional{*found};
}

std::string friendship_id(std::string_view jid, std::string_view kind) {
  return "friendship:" + std::string{jid} + ":" + std::string{kind} + ":" + random_text(8);
}

}  // namespace

Requests::Requests(Wire& wire, Host& host, Card card, std::function<void()> on_change)
    : wire_{wire}, host_{host}, card_{std::move(card)}, on_change_{std::move(on_change)} {
  friendships_ = card_.friendships();
}

void Requests::save_friendships() {
  card_.set_friendships(friendships_);
  on_change_();
}

void Requests::receive(FriendshipPayload friendship) {
  {
    const std::lock_guard lock{mutex_};
    push_bounded(friendships_, friendship);
    save_friendships();
  }
  host_.receive(std::move(friendship));
}

bool Requests::handle_presence(const Element& presence) {
  const std::string_view type = presence.attr("type");
  const std::string from = bare_jid(presence.attr("from"));
  if (from.empty()) return false;
  if (type == "subscribe") {
    {
      // Told again at every login until it is answered: that is no new request.
      const std::lock_guard lock{mutex_};
      for (const auto& known : friendships_) {
        if (known.type == FriendshipType::receive && known.contact_id == from) return true;
      }
    }
    FriendshipPayload friendship{.id = friendship_id(from, "receive"),
                                 .contact_id = from,
                                 .hello = std::string{presence.child_text("status")},
                                 .timestamp = now(),
                                 .type = FriendshipType::receive};
    friendship.ticket = friendship.id;
    receive(std::move(friendship));
    return true;
  }
  if (type == "unsubscribed" || type == "unsubscribe") {
    const std::lock_guard lock{mutex_};
    const auto kind = type == "unsubscribed" ? FriendshipType::verify : FriendshipType::receive;
    if (std::erase_if(friendships_, [&](const FriendshipPayload& known) {
          return known.contact_id == from && known.type == kind;
        }) > 0) {
      save_friendships();
    }
  }
  return type == "subscribed" || type == "unsubscribed" || type == "unsubscribe";
}

void Requests::handle_roster(const std::string& jid, const std::optional<RosterItem>& was,
                             const std::optional<RosterItem>& is) {
  if (!is) return;
  if (is->is_friend() && (!was || !was->is_friend())) {
    receive({.id = friendship_id(jid, "confirm"),
             .contact_id = jid,
             .hello = {},
             .timestamp = now(),
             .type = FriendshipType::confirm});
  } else if (is->asked && !is->is_friend() && (!was || !was->asked)) {
    receive({.id = friendship_id(jid, "verify"),
             .contact_id = jid,
             .hello = {},
             .timestamp = now(),
             .type = FriendshipType::verify});
  }
}

std::optional<FriendshipPayload> Requests::friendship(std::string_view id) const {
  const std::lock_guard lock{mutex_};
  return find_in(friendships_, id);
}

void Requests::add(const std::string& contact, const std::string& hello, const std::string& nick) {
  Element presence = subscription("subscribe", contact);
  if (!hello.empty()) presence.add(Element{"status", ns::client, hello});
  if (!nick.empty()) presence.add(Element{"nick", ns::nick, nick});
  wire_.deliver(std::move(presence));
}

void Requests::accept_friendship(const FriendshipPayload& friendship) {
  wire_.deliver(subscription("subscribed", friendship.contact_id));
  wire_.deliver(subscription("subscribe", friendship.contact_id));
  const std::lock_guard lock{mutex_};
  for (FriendshipPayload& known : friendships_) {
    // It stays known by its id, but the next request of the same contact is a new one.
    if (known.id == friendship.id) known.type = FriendshipType::confirm;
  }
  save_friendships();
}

}  // namespace wechaty::puppet_xmpp
