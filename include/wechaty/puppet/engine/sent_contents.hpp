// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>

#include "wechaty/puppet/cache/lru_map.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"
#include "wechaty/puppet/schemas.hpp"

namespace wechaty::puppet {

/// The content of a message is that of another one, which was forwarded.
struct ForwardOf {
  std::string message_id;
};

/// A contact card that was sent.
struct ContactCard {
  std::string contact_id;
};

/// What a sent message carries beside its payload.
using SentContent = std::variant<std::monostate, FileBox, ContactCard, UrlLinkPayload,
                                 MiniProgramPayload, LocationPayload, PostPayload, ForwardOf>;

/// The contents of the bot's own messages, so that their getters answer even where the service
/// cannot be asked (contract R1.2). Bounded: least recently used first out.
///
/// Thread: any.
class SentContents {
 public:
  using Pointer = std::shared_ptr<const SentContent>;

  explicit SentContents(std::size_t capacity) : contents_{capacity} {}

  void put(std::string_view message_id, Pointer content) {
    const std::lock_guard lock{mutex_};
    contents_.put(message_id, std::move(content));
  }

  /// Null for a message that is not the bot's, or was forgotten.
  [[nodiscard]] Pointer find(std::string_view message_id) {
    const std::lock_guard lock{mutex_};
    Pointer* const found = contents_.find(message_id);
    return found == nullptr ? nullptr : *found;
  }

  void clear() {
    const std::lock_guard lock{mutex_};
    contents_.clear();
  }

 private:
  std::mutex mutex_;  // guards contents_
  LruMap<Pointer> contents_;
};

}  // namespace wechaty::puppet
