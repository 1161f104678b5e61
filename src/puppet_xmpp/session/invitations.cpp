// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/invitations.hpp"

#include <algorithm>
#include <utility>

#include "puppet_xmpp/bytes.hpp"
#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/timestamp.hpp"

namespace wechaty::puppet_xmpp {

using puppet::RoomInvitationPayload;

namespace {

constexpr std::size_t most_waiting = 200;  // the oldest go first
constexpr std::size_t most_seen = 500;
constexpr std::string_view mark = "invitation:";

template <class T>
void push_bounded(std::vector<T>& list, T value, std::size_t most) {
  if (list.size() >= most) list.erase(list.begin());
  list.push_back(std::move(value));
}

/// The id begins with the room, and is another one for each message.
std::string id_of(std::string_view room, std::string_view inviter, std::string_view message_id) {
  const std::string key = std::string{inviter} + "\n" + std::string{message_id};
  return std::string{mark} + std::string{room} + "/" + to_hex(digest("SHA256", key)).substr(0, 16);
}

bool is_contact(const std::optional<Jid>& jid) { return jid && !jid->local.empty(); }

}  // namespace

Invitations::Invitations(Wire& wire, Host& host, Rooms& rooms, Card card,
                         std::function<void()> on_change)
    : wire_{wire},
      host_{host},
      rooms_{rooms},
      card_{std::move(card)},
      on_change_{std::move(on_change)},
      waiting_{card_.invitations()},
      seen_{card_.seen_invitations()} {}

std::optional<Invitations::Invitation> Invitations::by_room(const Element& message) {
  const Element* const user = message.child("x", ns::muc_user);
  const Element* const invite = user ? user->child("invite") : nullptr;
  const auto room = Jid::parse(message.attr("from"));
  // A resource has who is connected, or in the room: anybody can write such a message.
  if (invite == nullptr || !is_contact(room) || !room->resource.empty()) return std::nullopt;
  const auto inviter = Jid::parse(invite->attr("from"));
  if (!is_contact(inviter)) return std::nullopt;
  const bool is_occupant = inviter->bare() == room->bare();  // the room hides addresses
  if (is_occupant && inviter->resource.empty()) return std::nullopt;
  return Invitation{.room = room->bare(),
                    .inviter = is_occupant ? inviter->full() : inviter->bare(),
                    .reason = std::string{invite->child_text("reason")}};
}

std::optional<Invitations::Invitation> Invitations::by_person(const Element& message) {
  const Element* const invite = message.child("x", ns::conference);
  const auto from = Jid::parse(message.attr("from"));
  const auto room = Jid::parse(invite ? invite->attr("jid") : std::string_view{});
  if (!is_contact(from) || !is_contact(room) || from->full() == room->bare()) return std::nullopt;
  const bool is_whispered = rooms_.knows(from->bare());
  if (is_whispered && from->resource.empty()) return std::nullopt;
  return Invitation{.room = room->bare(),
                    .inviter = is_whispered ? rooms_.speaker(message) : from->bare(),
                    .reason = std::string{invite->attr("reason")}};
}

bool Invitations::handle(const Element& message) {
  std::string archive_id;
  for (const Element& child : message.children) {  // the last is the server's
    if (child.is("stanza-id", ns::stanza_id) && child.attr("by") == wire_.self()) {
      archive_id = child.attr("id");
    }
  }
  return handle(message, archive_id, now());
}

bool Invitations::handle_archived(const ArchivedMessage& message) {
  return handle(message.message, message.id, message.stamp.value_or(now()));
}

bool Invitations::handle(const Element& message, std::string_view archive_id,
                         puppet::Timestamp time) {
  const Element* const user = message.child("x", ns::muc_user);
  const bool is_one = (user != nullptr && user->child("invite") != nullptr) ||
                      message.child("x", ns::conference) != nullptr;
  if (!is_one || message.attr("type") == "error" || message.attr("type") == "groupchat") {
    return false;
  }
  auto read = by_room(message);
  if (!read) read = by_person(message);
  if (!read || read->inviter == wire_.self()) return true;
  const std::string_view own_id = message.attr("id");
  const std::string_view message_id = own_id.empty() ? archive_id : own_id;
  const RoomInvitationPayload invitation{.id = id_of(read->room, read->inviter, message_id),
                                         .inviter_id = read->inviter,
                                         .receiver_id = wire_.self(),
                                         .topic = read->room.substr(0, read->room.find('@')),
                                         .invitation = read->reason,
                                         .timestamp = time};
  if (note(invitation)) {
    host_.report(puppet::EventRoomInvitePayload{.room_invitation_id = invitation.id});
  }
  return true;
}

/// @result whether it is to be told
bool Invitations::note(const RoomInvitationPayload& invitation) {
  const std::string room = room_of(invitation.id);
  const auto known = rooms_.find(room);
  const std::lock_guard lock{mutex_};
  if (std::find(seen_.begin(), seen_.end(), invitation.id) != seen_.end()) return false;
  push_bounded(seen_, invitation.id, most_seen);
  card_.set_seen_invitations(seen_);
  const bool waits = std::any_of(waiting_.begin(), waiting_.end(), [&](const auto& other) {
    return other.inviter_id == invitation.inviter_id && room_of(other.id) == room;
  });
  const bool is_news = !waits && !(known && known->joined);
  if (is_news) {
    push_bounded(waiting_, invitation, most_waiting);
    card_.set_invitations(waiting_);
  }
  on_change_();
  return is_news;
}

std::optional<RoomInvitationPayload> Invitations::find(std::string_view id) const {
  const std::lock_guard lock{mutex_};
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const auto& waiting) { return waiting.id == id; });
  return found == waiting_.end() ? std::nullopt : std::optional{*found};
}

std::string Invitations::room_of(std::string_view id) {
  if (id.starts_with(mark)) id.remove_prefix(mark.size());
  return std::string{id.substr(0, id.find('/'))};
}

void Invitations::forget(std::string_view room) {
  const std::lock_guard lock{mutex_};
  if (std::erase_if(waiting_, [&](const auto& waiting) { return room_of(waiting.id) == room; }) ==
      0) {
    return;
  }
  card_.set_invitations(waiting_);
  on_change_();
}

}  // namespace wechaty::puppet_xmpp
