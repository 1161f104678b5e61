// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/conversation_mixin.hpp"

namespace wechaty::puppet {

bool ConversationMixin::conversation_read_mark(std::string_view conversation_id) {
  PuppetCore::require(conversation_id, "conversation_read_mark", "conversation_id");
  core_.require_login("conversation_read_mark");
  return do_conversation_read_mark(conversation_id);
}

void ConversationMixin::set_conversation_read_mark(std::string_view conversation_id,
                                                   bool has_read) {
  PuppetCore::require(conversation_id, "set_conversation_read_mark", "conversation_id");
  core_.require_login("set_conversation_read_mark");
  do_set_conversation_read_mark(conversation_id, has_read);
}

}  // namespace wechaty::puppet
