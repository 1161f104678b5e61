// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

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

  /// Whether its talker calls it so.
  [[nodiscard]] bool is_called(std::string_view name) const {
    return !name.empty() && (name == sender_id || name == origin_id || name == archive_id);
  }
  /// Forget what it said; its names stay.
  void retract();
  /// Say something else instead, under the same id and as of the same time.
  void correct(puppet::MessagePayload by, Element as);
};

/// The last messages by our id, and by what others call them: 4,000, and no more than some bytes.
/// What was not asked for the longest time goes first.
///
/// Thread: any.
class MessageStore {
 public:
  using Pointer = std::shared_ptr<const StoredMessage>;

  /// @param max_bytes  of memory, about; the last message is kept whatever its size
  explicit MessageStore(std::size_t max_bytes = std::size_t{64} << 20U) : max_bytes_{max_bytes} {}

  void put(StoredMessage message);
  /// Null for a message that is not known (any more).
  [[nodiscard]] Pointer find(std::string_view id);
  /// The message of that sender in that conversation that others call `reference`.
  [[nodiscard]] Pointer find_reference(std::string_view conversation, std::string_view talker,
                                       std::string_view reference);
  void set_archive_id(std::string_view id, std::string_view archive_id);
  void retract(std::string_view id);
  void correct(std::string_view id, puppet::MessagePayload payload, Element stanza);
  /// The newest message of others in a conversation, for the read mark.
  [[nodiscard]] Pointer newest(std::string_view conversation);
  /// What all of them take, about.
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Entry {
    Pointer message;
    std::size_t bytes = 0;
  };
  template <class Change>
  void change(std::string_view id, const Change& apply);
  void insert(StoredMessage message);
  void erase(std::string_view id);
  void note_newest(const StoredMessage& message);
  [[nodiscard]] Pointer message(std::string_view id);

  const std::size_t max_bytes_;
  mutable std::mutex mutex_;                                 // guards everything below
  puppet::LruMap<Entry> messages_{4'001};                    // never full: insert() makes room
  std::unordered_map<std::string, std::string> references_;  // to ids, of messages that are here
  puppet::LruMap<std::string> newest_{1'000};
  std::size_t bytes_ = 0;
};

}  // namespace wechaty::puppet_xmpp
