// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "wechaty/puppet/schemas/enum_names.hpp"
#include "wechaty/puppet/schemas/timestamp.hpp"

namespace wechaty::puppet {

/// The puppet's numbering, which is the one that travels; wechaty-grpc's message.proto numbers
/// the same names differently.
enum class MessageType : int {
  unknown = 0,
  attachment = 1,
  audio = 2,
  contact = 3,
  chat_history = 4,
  emoticon = 5,
  image = 6,
  text = 7,
  location = 8,
  mini_program = 9,
  group_note = 10,
  transfer = 11,
  red_envelope = 12,
  recalled = 13,
  url = 14,
  video = 15,
  post = 16,
  system = 18,  ///< newer than the published npm packages, which have no 17 either
};

template <>
inline constexpr std::array enum_names<MessageType>{
    EnumName{MessageType::unknown, "Unknown"},
    EnumName{MessageType::attachment, "Attachment"},
    EnumName{MessageType::audio, "Audio"},
    EnumName{MessageType::contact, "Contact"},
    EnumName{MessageType::chat_history, "ChatHistory"},
    EnumName{MessageType::emoticon, "Emoticon"},
    EnumName{MessageType::image, "Image"},
    EnumName{MessageType::text, "Text"},
    EnumName{MessageType::location, "Location"},
    EnumName{MessageType::mini_program, "MiniProgram"},
    EnumName{MessageType::group_note, "GroupNote"},
    EnumName{MessageType::transfer, "Transfer"},
    EnumName{MessageType::red_envelope, "RedEnvelope"},
    EnumName{MessageType::recalled, "Recalled"},
    EnumName{MessageType::url, "Url"},
    EnumName{MessageType::video, "Video"},
    EnumName{MessageType::post, "Post"},
    EnumName{MessageType::system, "System"},
};

/// The sizes in which a service keeps a picture.
enum class ImageType : int { unknown = 0, thumbnail = 1, hd = 2, artwork = 3 };

template <>
inline constexpr std::array enum_names<ImageType>{
    EnumName{ImageType::unknown, "Unknown"},
    EnumName{ImageType::thumbnail, "Thumbnail"},
    EnumName{ImageType::hd, "HD"},
    EnumName{ImageType::artwork, "Artwork"},
};

/// One message, in a room (`room_id` is set) or from one contact to another (`listener_id` is set).
///
/// Source: wechaty-puppet schemas/message.ts, whose room form and direct form are one struct here.
struct MessagePayload {
  std::string id;
  std::string talker_id;  ///< the sender; reading JSON falls back to the deprecated `fromId`
  MessageType type = MessageType::unknown;
  Timestamp timestamp{};
  std::optional<std::string> text;
  std::optional<std::string> filename;
  std::optional<std::string> room_id;
  std::vector<std::string> mention_id_list;  ///< contacts mentioned; empty = no key in the JSON
  std::optional<std::string> listener_id;    ///< the receiver; reading falls back to `toId`
  std::optional<std::string> from_id;        ///< deprecated name of talker_id
  std::optional<std::string> to_id;          ///< deprecated name of listener_id

  friend bool operator==(const MessagePayload&, const MessagePayload&) = default;
};

}  // namespace wechaty::puppet
