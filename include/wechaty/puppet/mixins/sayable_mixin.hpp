// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wechaty/puppet/mixins/message_mixin.hpp"
#include "wechaty/puppet/mixins/post_mixin.hpp"

namespace wechaty::puppet {

/// Everything that can be said, as one type.
///
/// Thread and errors: as MessageMixin.
/// Source: wechaty-puppet src/mixins/sayable-mixin.ts.
class SayableMixin {
 public:
  /// Send whatever it is, by the send function that fits.
  ///
  /// @result the id of the message
  std::string message_send(std::string_view conversation_id, const SayablePayload& sayable);

  /// A message as something that could be said again; nullopt for what cannot be said (red
  /// envelopes, recalled messages, ...).
  ///
  /// Differs: pictures, audio, video and emoticons stay what they are, and mentions are kept; the
  /// original turns all files into attachments and loses mentions.
  [[nodiscard]] std::optional<SayablePayload> sayable_payload(std::string_view message_id);

 protected:
  SayableMixin(MessageMixin& message, PostMixin& post) : message_{message}, post_{post} {}
  ~SayableMixin() = default;

 private:
  MessageMixin& message_;
  PostMixin& post_;
};

}  // namespace wechaty::puppet
