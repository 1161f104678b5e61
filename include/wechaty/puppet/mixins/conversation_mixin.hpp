// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "wechaty/puppet/engine/hook_table.hpp"
#include "wechaty/puppet/engine/puppet_core.hpp"

namespace wechaty::puppet {

/// What holds for a whole conversation, with a contact or in a room.
///
/// Thread and errors: as ContactMixin.
/// Source: wechaty-puppet src/mixins/message-mixin.ts conversationReadMark().
class ConversationMixin {
 public:
  /// Whether everything in the conversation has been read.
  [[nodiscard]] bool conversation_read_mark(std::string_view conversation_id);
  /// Mark a conversation as read, or as unread.
  void set_conversation_read_mark(std::string_view conversation_id, bool has_read);

  [[nodiscard]] std::optional<bool> implements(Capability capability) const;

 protected:
  explicit ConversationMixin(PuppetCore& core) : core_{core}, hooks_{this} {}
  virtual ~ConversationMixin() = default;

  virtual bool do_conversation_read_mark(std::string_view conversation_id);
  virtual void do_set_conversation_read_mark(std::string_view conversation_id, bool has_read);

 private:
  PuppetCore& core_;
  HookTable hooks_;
};

}  // namespace wechaty::puppet
