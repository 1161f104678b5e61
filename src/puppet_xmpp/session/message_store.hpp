// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "puppet_xmpp/element.hpp"
#include "wechaty/puppet/cache/lru_map.hpp"
#include "wechaty/puppet/schemas.hpp"

namespace wechaty::puppet_xmpp {

/// A message, and the names that others have for it.
struct StoredMessage {
  puppet::MessagePayload payload;
  Element stanza;
  std::string conversation;  ///< bare JID of the contact or room
  bool in_room = false;
  bool own = false;
  std::string sender_id;   ///< the stanza's own id: receipts, 1:1 retractions and markers name it
  std::string origin_id;   ///< what older 1:1 retractions name (XEP-0359)
  std::string archive_id;  ///< the archive's: retractions and markers in rooms name it
};

/// The last 4,000 messages by our id, and by what others call them.
///
/// Thread: any.
class MessageStore {
 public:
  using Pointer = std::shared_ptr<const StoredMessage>;

  void put(StoredMessage message) {
    const std::lock_guard lock{mutex_};
    const std::string id = message.payload.id;
    index(message);
    messages_.put(id, std::make_shared<const StoredMessage>(std::move(message)));
  }
  /// Null for a message that is not known (any more).
  [[nodiscard]] Pointer find(std::string_view id) {
    const std::lock_guard lock{mutex_};
    Pointer* const found = messages_.find(id);
    return found == nullptr ? nullptr : *found;
  }
  /// The message of that sender in that conversation that others call `reference`.
  [[nodiscard]] Pointer find_reference(std::string_view conversation, std::string_view talker,
                                       std::string_view reference) {
    const std::lock_guard lock{mutex_};
    const std::string* const id = references_.find(key(conversation, talker, reference));
    if (id == nullptr) return nullptr;
    Pointer* const found = messages_.find(*id);
    return found == nullptr ? nullptr : *found;
  }
  void set_archive_id(std::string_view id, std::string_view archive_id) {
    const std::lock_guard lock{mutex_};
    Pointer* const found = messages_.find(id);
    if (found == nullptr) return;
    StoredMessage changed = **found;
    changed.archive_id = archive_id;
    index(changed);
    *found = std::make_shared<const StoredMessage>(std::move(changed));
  }
  /// Forget what it said; its names stay.
  void retract(std::string_view id) {
    const std::lock_guard lock{mutex_};
    Pointer* const found = messages_.find(id);
    if (found == nullptr) return;
    StoredMessage changed = **found;
    changed.payload.type = puppet::MessageType::recalled;
    changed.payload.text.reset();
    changed.payload.filename.reset();
    changed.stanza.children.clear();
    *found = std::make_shared<const StoredMessage>(std::move(changed));
  }
  /// Say something else instead.
  void correct(std::string_view id, puppet::MessagePayload payload, Element stanza) {
    const std::lock_guard lock{mutex_};
    Pointer* const found = messages_.find(id);
    if (found == nullptr) return;
    StoredMessage changed = **found;
    changed.payload = std::move(payload);
    changed.stanza = std::move(stanza);
    *found = std::make_shared<const StoredMessage>(std::move(changed));
  }
  /// The newest message of others in a conversation, for the read mark.
  [[nodiscard]] Pointer newest(std::string_view conversation) {
    const std::lock_guard lock{mutex_};
    const std::string* const id = newest_.find(conversation);
    if (id == nullptr) return nullptr;
    Pointer* const found = messages_.find(*id);
    return found == nullptr ? nullptr : *found;
  }

 private:
  [[nodiscard]] static std::string key(std::string_view conversation, std::string_view talker,
                                       std::string_view reference) {
    std::string text{conversation};
    text += '\n';
    text += talker;
    text += '\n';
    text += reference;
    return text;
  }
  void index(const StoredMessage& message) {
    for (const auto* const name : {&message.sender_id, &message.origin_id, &message.archive_id}) {
      if (name->empty()) continue;
      references_.put(key(message.conversation, message.payload.talker_id, *name),
                      message.payload.id);
    }
    if (!message.own) newest_.put(message.conversation, message.payload.id);
  }

  std::mutex mutex_;  // guards everything below
  puppet::LruMap<Pointer> messages_{4'000};
  puppet::LruMap<std::string> references_{10'000};
  puppet::LruMap<std::string> newest_{1'000};
};

}  // namespace wechaty::puppet_xmpp
