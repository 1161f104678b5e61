// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "wechaty/puppet/query/string_match.hpp"
#include "wechaty/puppet/schemas/message.hpp"

namespace wechaty::puppet {

/// Which messages are wanted: those that have all of the keys.
///
/// Source: wechaty-puppet schemas/message.ts.
struct MessageQueryFilter {
  std::optional<std::string> talker_id;  ///< the contract's `fromId`; JSON takes `talkerId` too
  std::optional<std::string> id;
  std::optional<std::string> room_id;
  std::optional<std::string> listener_id;  ///< the contract's `toId`; JSON takes `listenerId` too
  std::optional<StringMatch> text;
  std::optional<MessageType> type;

  friend bool operator==(const MessageQueryFilter&, const MessageQueryFilter&) = default;
};

/// @throws InvalidArgumentError when no key is given, or a text to compare with is empty
/// Thread: any.
/// Source: wechaty-puppet message-mixin messageQueryFilterFactory(). Differs: type 0 (unknown) can
/// be searched.
void validate(const MessageQueryFilter& filter);

/// Whether a message has every key of the filter.
/// Thread: any. Does not validate().
/// Differs: in the original fromId and toId only find messages that carry the deprecated fields.
[[nodiscard]] bool matches(const MessageQueryFilter& filter, const MessagePayload& message);

}  // namespace wechaty::puppet
