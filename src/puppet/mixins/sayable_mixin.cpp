// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/sayable_mixin.hpp"

#include <type_traits>
#include <variant>

namespace wechaty::puppet {

std::string SayableMixin::message_send(std::string_view conversation_id,
                                       const SayablePayload& sayable) {
  return std::visit(
      [&](const auto& value) {
        using T = std::remove_cvref_t<decltype(value)>;
        if constexpr (std::is_same_v<T, SayableText>) {
          return message_.message_send_text(conversation_id, value.text,
                                            {.mention_id_list = value.mentions});
        } else if constexpr (std::is_same_v<T, SayableContact>) {
          return message_.message_send_contact(conversation_id, value.contact_id);
        } else if constexpr (std::is_same_v<T, SayableFile>) {
          return message_.send_file(conversation_id, value.file, value.type);
        } else if constexpr (std::is_same_v<T, LocationPayload>) {
          return message_.message_send_location(conversation_id, value);
        } else if constexpr (std::is_same_v<T, MiniProgramPayload>) {
          return message_.message_send_mini_program(conversation_id, value);
        } else if constexpr (std::is_same_v<T, UrlLinkPayload>) {
          return message_.message_send_url(conversation_id, value);
        } else {
          static_assert(std::is_same_v<T, PostPayload>, "a sayable that nobody sends");
          return message_.message_send_post(conversation_id, value);
        }
      },
      sayable.value);
}

std::optional<SayablePayload> SayableMixin::sayable_payload(std::string_view message_id) {
  const MessagePayload message = message_.message_payload(message_id);
  switch (message.type) {
    case MessageType::text:
      return SayablePayload{SayableText{message.text.value_or(""), message.mention_id_list}};
    case MessageType::attachment:
    case MessageType::audio:
    case MessageType::emoticon:
    case MessageType::image:
    case MessageType::video:
      return SayablePayload{SayableFile{message.type, message_.message_file(message_id)}};
    case MessageType::contact:
      return SayablePayload{SayableContact{message_.message_contact(message_id)}};
    case MessageType::location: return SayablePayload{message_.message_location(message_id)};
    case MessageType::mini_program:
      return SayablePayload{message_.message_mini_program(message_id)};
    case MessageType::url: return SayablePayload{message_.message_url(message_id)};
    case MessageType::post:
      if (auto own = message_.sent<PostPayload>(message_id)) return SayablePayload{*std::move(own)};
      return SayablePayload{post_.post_payload(message_id)};
    case MessageType::unknown:
    case MessageType::chat_history:
    case MessageType::group_note:
    case MessageType::transfer:
    case MessageType::red_envelope:
    case MessageType::recalled:
    case MessageType::system: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace wechaty::puppet
