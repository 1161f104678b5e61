// SPDX-License-Identifier: Apache-2.0
#include <type_traits>
#include <utility>

#include "puppet_mock/world_lookup.hpp"
#include "wechaty/puppet/file_box/naming.hpp"

namespace wechaty::puppet_mock {

using namespace wechaty::puppet;  // NOLINT: this file is about its payloads

namespace {

MessageType type_of(const FileBox& file) {
  const std::string media_type = file.media_type();
  if (media_type.starts_with("image/")) return MessageType::image;
  if (media_type.starts_with("video/")) return MessageType::video;
  if (media_type.starts_with("audio/")) return MessageType::audio;
  return MessageType::attachment;
}

}  // namespace

MessagePayload describe(SayablePayload& what) {
  return std::visit(
      [](auto& content) -> MessagePayload {
        using T = std::remove_cvref_t<decltype(content)>;
        if constexpr (std::is_same_v<T, SayableText>) {
          return {
              .type = MessageType::text, .text = content.text, .mention_id_list = content.mentions};
        } else if constexpr (std::is_same_v<T, SayableContact>) {
          return {.type = MessageType::contact, .text = content.contact_id};
        } else if constexpr (std::is_same_v<T, SayableFile>) {
          // The network keeps the name as it was given; what it is goes by the right one.
          const FileBox named = conventional(content.file);
          if (content.type == MessageType::unknown) content.type = type_of(named);
          return {.type = content.type, .filename = named.name()};
        } else if constexpr (std::is_same_v<T, LocationPayload>) {
          return {.type = MessageType::location, .text = content.name};
        } else if constexpr (std::is_same_v<T, MiniProgramPayload>) {
          return {.type = MessageType::mini_program, .text = content.title};
        } else if constexpr (std::is_same_v<T, UrlLinkPayload>) {
          return {.type = MessageType::url, .text = content.url};
        } else {
          return {.type = MessageType::post};
        }
      },
      what.value);
}

}  // namespace wechaty::puppet_mock
