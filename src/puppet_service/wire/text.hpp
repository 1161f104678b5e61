// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace wechaty::puppet_service {

/// The text with every byte that is no UTF-8 replaced by U+FFFD: protobuf's readers refuse a
/// message with anything else, and one bad name would cost the whole answer. Thread: any.
[[nodiscard]] std::string utf8(std::string_view text);

/// The longest nesting of arrays and objects that JSON from the wire may have.
inline constexpr int max_json_depth = 64;

/// Parses JSON that somebody else wrote.
///
/// @param what  names the document in errors, e.g. "MessageSendFileRequest.file_box"
/// @throws InvalidArgumentError when it is no JSON, or nested deeper than max_json_depth
/// Thread: any.
[[nodiscard]] nlohmann::json parse_json(std::string_view text, std::string_view what);

}  // namespace wechaty::puppet_service
