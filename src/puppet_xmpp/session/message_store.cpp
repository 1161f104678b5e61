// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/message_store.hpp"

#include <array>
#include <iterator>
#include <utility>

namespace wechaty::puppet_xmpp {

namespace {

constexpr std::size_t most_messages = 4'000;

/// What one name of a message is found by; "" for a name that it does not have.
std::string key(const StoredMessage& message, const std::string& name) {
  if (name.empty()) return {};
  return message.conversation + '\n' + message.payload.talker_id + '\n' + name;
}

std::array<std::string, 3> keys(const StoredMessage& message) {
  return {key(message, message.sender_id), key(message, message.origin_id),
          key(message, message.archive_id)};
}

std::size_t footprint(const StoredMessage& message) {
  std::size_t bytes = sizeof(StoredMessage) + message.stanza.footprint();
  for (const std::string& text : keys(message))
    bytes += 2 * text.size() + message.payload.id.size();
  for (const std::string& mention : message.payload.mention_id_list) bytes += mention.size();
  return bytes + message.payload.text.value_or("").size();
}

}  // namespace

void StoredMessage::retract() {
  payload.type = puppet::MessageType::recalled;
  payload.text.reset();
  payload.filename.reset();
  stanza.children.clear();
}

void StoredMessage::correct(puppet::MessagePayload by, Element as) {
  by.id = std::move(payload.id);
  by.timestamp = payload.timestamp;
  payload = std::move(by);
  stanza = std::move(as);
}

void MessageStore::put(StoredMessage message) {
  const std::lock_guard lock{mutex_};
  erase(message.payload.id);
  note_newest(message);
  insert(std::move(message));
}

MessageStore::Pointer MessageStore::find(std::string_view id) {
  const std::lock_guard lock{mutex_};
  return message(id);
}

MessageStore::Pointer MessageStore::find_reference(std::string_view conversation,
                                                   std::string_view talker,
                                                   std::string_view reference) {
  StoredMessage asked;
  asked.conversation = conversation;
  asked.payload.talker_id = talker;
  const std::lock_guard lock{mutex_};
  const auto id = references_.find(key(asked, std::string{reference}));
  return id == references_.end() ? nullptr : message(id->second);
}

void MessageStore::set_archive_id(std::string_view id, std::string_view archive_id) {
  change(id, [&](StoredMessage& message) { message.archive_id = archive_id; });
}

void MessageStore::retract(std::string_view id) {
  change(id, [](StoredMessage& message) { message.retract(); });
}

void MessageStore::correct(std::string_view id, puppet::MessagePayload payload, Element stanza) {
  change(id,
         [&](StoredMessage& message) { message.correct(std::move(payload), std::move(stanza)); });
}

MessageStore::Pointer MessageStore::newest(std::string_view conversation) {
  const std::lock_guard lock{mutex_};
  const std::string* const id = newest_.find(conversation);
  return id == nullptr ? nullptr : message(*id);
}

std::size_t MessageStore::bytes() const {
  const std::lock_guard lock{mutex_};
  return bytes_;
}

template <class Change>
void MessageStore::change(std::string_view id, const Change& apply) {
  const std::lock_guard lock{mutex_};
  const Pointer before = message(id);
  if (before == nullptr) return;
  StoredMessage changed = *before;
  apply(changed);
  erase(before->payload.id);
  insert(std::move(changed));
}

void MessageStore::insert(StoredMessage message) {
  const std::size_t size = footprint(message);
  while (messages_.size() > 0 &&
         (messages_.size() >= most_messages || bytes_ + size > max_bytes_)) {
    erase(std::string{std::prev(messages_.end())->first});
  }
  const std::string id = message.payload.id;
  for (std::string& name : keys(message)) {
    if (!name.empty()) references_.insert_or_assign(std::move(name), id);
  }
  bytes_ += size;
  messages_.put(id, {std::make_shared<const StoredMessage>(std::move(message)), size});
}

void MessageStore::erase(std::string_view id) {
  const Entry* const entry = messages_.peek(id);
  if (entry == nullptr) return;
  for (const std::string& name : keys(*entry->message)) {
    const auto found = references_.find(name);
    if (found != references_.end() && found->second == id) references_.erase(found);
  }
  bytes_ -= entry->bytes;
  messages_.erase(id);
}

/// One that was fetched from an archive may be older than what came since.
void MessageStore::note_newest(const StoredMessage& message) {
  if (message.own) return;
  const std::string* const known = newest_.find(message.conversation);
  const Entry* const entry = known ? messages_.peek(*known) : nullptr;
  if (entry != nullptr && entry->message->payload.timestamp > message.payload.timestamp) return;
  newest_.put(message.conversation, message.payload.id);
}

MessageStore::Pointer MessageStore::message(std::string_view id) {
  const Entry* const entry = messages_.find(id);
  return entry == nullptr ? nullptr : entry->message;
}

}  // namespace wechaty::puppet_xmpp
