// SPDX-License-Identifier: Apache-2.0
// The account: what is said, taken back, marked as read, and looked for.
#include "puppet_xmpp/account.hpp"

#include <algorithm>
#include <utility>

#include "puppet_xmpp/bytes.hpp"
#include "puppet_xmpp/timestamp.hpp"

namespace wechaty::puppet_xmpp {

std::string Account::say(std::string_view conversation, std::string_view what,
                         const std::function<void(Element&)>& write) {
  const std::string about = std::string{what} + ": \"" + std::string{conversation} + "\"";
  const auto to = Jid::parse(conversation);
  const auto room = to ? rooms.find(to->bare()) : std::nullopt;
  if (!to || (to->local.empty() && !room)) {
    throw puppet::NotFoundError{about + " is neither a contact nor a room"};
  }
  const bool in_room = room && to->resource.empty();
  const std::string id = timed_uuid(now().time_since_epoch());
  const std::string address = address_of(conversation);
  if (address.empty()) throw puppet::NotFoundError{about + " is not in the room any more"};
  Element message = Element{"message", ns::client}
                        .set("to", address)
                        .set("type", in_room ? "groupchat" : "chat")
                        .set("id", id);
  write(message);
  message.add(Element{"origin-id", ns::stanza_id}.set("id", id));
  if (message.child("apply-to", ns::fasten) == nullptr) {
    message.add(Element{"markable", ns::markers});
    if (!in_room) message.add(Element{"request", ns::receipts});
  }
  store.put(inbox_.own(message, room ? to->full() : to->bare(), in_room));
  send_and_wait(message, in_room ? room->jid : std::string{}, about);
  static_cast<void>(ledger.is_new(id));
  ledger.reported(id, {}, {});
  return id;
}

/// Send a message that has an id, and wait until it is there.
/// @param room  to which it goes; empty: a person
void Account::send_and_wait(const Element& message, const std::string& room,
                            const std::string& what) {
  const std::string id{message.attr("id")};
  while (true) {
    const std::uint64_t session = synchroniser_.session();
    if (!room.empty() &&
        !rooms.wait_to_be_back(room, options_.request_timeout, client_.stop_token())) {
      throw puppet::NotFoundError{what + ": not in this room"};
    }
    deliveries_.begin(id, std::string{message.attr("to")}, !room.empty());
    client_.send_safely(
        message, [this, id](const std::string& problem) { deliveries_.settled(id, problem); });
    try {
      deliveries_.wait_for(id, what, options_.request_timeout, client_.stop_token());
      return;
    } catch (const puppet::InvalidArgumentError&) {  // or a new session was not back in the room
      if (room.empty() || is_current(session)) throw;
    }
  }
}

/// Where a conversation is to be sent to: the id of a hidden member of a room is not its address.
/// @result "" for one who is not there any more
std::string Account::address_of(std::string_view conversation) const {
  const std::string bare = bare_jid(conversation);
  const auto room = rooms.find(bare);
  if (!room || resource_of(conversation).empty()) return bare;
  const auto nick = room->nick_of(conversation);
  return nick ? bare + "/" + *nick : std::string{};
}

bool Account::recall(const StoredMessage& message) {
  const std::string& reference = message.in_room ? message.archive_id : message.sender_id;
  const std::string address = address_of(message.conversation);
  if (!message.own || reference.empty() || address.empty()) return false;
  const std::string id = random_uuid();
  Element retraction = Element{"message", ns::client}
                           .set("to", address)
                           .set("type", message.in_room ? "groupchat" : "chat")
                           .set("id", id);
  write_retraction(retraction, reference);
  retraction.add(Element{"origin-id", ns::stanza_id}.set("id", id));
  send_and_wait(retraction, message.in_room ? message.conversation : std::string{},
                "message_recall: \"" + message.payload.id + "\"");
  static_cast<void>(ledger.is_new(id));
  store.retract(message.payload.id);
  return true;
}

void Account::set_topic(const std::string& room, std::string_view topic) {
  const std::string id = random_uuid();
  {
    const std::lock_guard lock{mutex_};
    topics_.push_back({.room = room, .topic = std::string{topic}, .id = id});
  }
  const auto forget = [&] {
    const std::lock_guard lock{mutex_};
    std::erase_if(topics_, [&](const Topic& one) { return one.id == id; });
  };
  try {
    send_and_wait(Element{"message", ns::client}
                      .set("to", room)
                      .set("type", "groupchat")
                      .set("id", id)
                      .add(Element{"subject", ns::client, topic}),
                  room, "set_room_topic: \"" + room + "\"");
  } catch (...) {
    forget();
    throw;
  }
  forget();
}

/// A room's topic comes back without the id under which it was sent: it is the first that says the
/// same.
void Account::note_topic(const Element& message) {
  const auto from = Jid::parse(message.attr("from"));
  const auto room = from ? rooms.find(from->bare()) : std::nullopt;
  if (!room || from->resource != room->nick) return;
  std::string id;
  {
    const std::lock_guard lock{mutex_};
    const auto found = std::find_if(topics_.begin(), topics_.end(), [&](const Topic& one) {
      return one.room == room->jid && one.topic == message.child_text("subject");
    });
    if (found == topics_.end()) return;
    id = std::move(found->id);
    topics_.erase(found);
  }
  static_cast<void>(deliveries_.came_back(id));
}

MessageStore::Pointer Account::fetch(std::string_view id) {
  if (auto known = store.find(id)) return known;
  auto found = history_.find(id, rooms.joined());
  if (!found) {
    throw puppet::NotFoundError{"no message \"" + std::string{id} +
                                "\": neither kept nor in the archives"};
  }
  auto message = std::make_shared<const StoredMessage>(*std::move(found));
  store.put(*message);
  return message;
}

void Account::mark_read(std::string_view conversation) {
  const auto newest = store.newest(conversation);
  if (!newest) return;
  const std::string& reference = newest->in_room ? newest->archive_id : newest->sender_id;
  const std::string address = address_of(newest->conversation);
  if (reference.empty() || address.empty()) return;
  client_.send(Element{"message", ns::client}
                   .set("to", address)
                   .set("type", newest->in_room ? "groupchat" : "chat")
                   .set("id", random_uuid())
                   .add(Element{"displayed", ns::markers}.set("id", reference)));
}

}  // namespace wechaty::puppet_xmpp
