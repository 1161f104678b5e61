// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "wechaty/puppet/file_box/file_box.hpp"

namespace wechaty::puppet_service {

/// Contents up to this many bytes travel inside the JSON. Source: the reference's pass-through
/// size.
inline constexpr std::size_t pass_through_size = 20 * 1024;

/// How a box travels in a field of the wire.
enum class BoxForm {
  as_it_is,  ///< URL, QR code; small base64
  base64,    ///< a small buffer, as base64 of the same content
  stored,    ///< its content is stored or uploaded, a UUID travels
};

/// UUIDs are `stored` too: one that was made elsewhere means nothing to the peer. Whoever knows
/// that the UUID is the peer's own sends the box as it is. Differs: the reference cannot send small
/// buffers at all; here they travel as base64. Thread: any. Reads nothing.
[[nodiscard]] BoxForm form_of(const puppet::FileBox& box);

/// The JSON text for as_it_is and base64, always valid. Thread: any.
/// @throws UnsupportedError for a box whose form is `stored` and that is no UUID
[[nodiscard]] std::string box_text(const puppet::FileBox& box);
/// The JSON text of a base64 box with the content, whatever its size. Reads it to its end.
/// Thread: any. @throws what reading it throws
[[nodiscard]] std::string inline_text(const puppet::FileBox& box);
/// The JSON text of a UUID that stands for `box`: same name, checksum and size.
/// Differs: the metadata stays; the reference loses it.
[[nodiscard]] std::string box_text(const puppet::FileBox& box, const std::string& uuid);

/// @param field  names the field in errors, e.g. "MessageSendFileRequest.file_box"
/// @throws InvalidArgumentError on what is no JSON of a FileBox, or a UUID box whose uuid is none
/// Thread: any.
[[nodiscard]] puppet::FileBox read_box(std::string_view text, std::string_view field);

}  // namespace wechaty::puppet_service
