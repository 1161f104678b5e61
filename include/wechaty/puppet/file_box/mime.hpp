// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wechaty::puppet {

/// The type of whatever is known by nothing else.
inline constexpr std::string_view octet_stream = "application/octet-stream";

/// The MIME type that the extension of a name tells; nullopt for none or an unknown one.
/// Thread: any.
[[nodiscard]] std::optional<std::string_view> type_of_name(std::string_view name);

/// The usual extension of a MIME type, without the dot. Parameters, capitals and synonyms
/// (`image/jpg`) are understood; nullopt for an unknown type. Thread: any.
[[nodiscard]] std::optional<std::string_view> extension_of_type(std::string_view media_type);

/// The MIME type of a content by its first bytes; 4 KiB are enough. Thread: any.
/// @result `application/octet-stream` when nothing is recognised
[[nodiscard]] std::string type_of_content(std::span<const std::byte> beginning);

}  // namespace wechaty::puppet
