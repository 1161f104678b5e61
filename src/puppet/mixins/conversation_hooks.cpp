// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/conversation_mixin.hpp"

// The hooks of ConversationMixin where a puppet does not override them.

namespace wechaty::puppet {

bool ConversationMixin::do_conversation_read_mark(std::string_view) {
  core_.unsupported(Capability::conversation_read_mark);
}

void ConversationMixin::do_set_conversation_read_mark(std::string_view, bool) {
  core_.unsupported(Capability::set_conversation_read_mark);
}

std::optional<bool> ConversationMixin::implements(Capability capability) const {
  switch (capability) {
    case Capability::conversation_read_mark:
      return hooks_.overrides(this, &ConversationMixin::do_conversation_read_mark);
    case Capability::set_conversation_read_mark:
      return hooks_.overrides(this, &ConversationMixin::do_set_conversation_read_mark);
    default: return std::nullopt;
  }
}

}  // namespace wechaty::puppet
