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

/// The MIME type that the extension of a name tells, in capitals or not; nullopt for none or an
/// unknown one.
///
/// Thread: any. Allocates nothing.
/// Source: npm mime-db; the answers are those of npm mime 3.0.0, which file-box uses, but for the
/// exceptions of docs/file-box.md.
[[nodiscard]] std::optional<std::string_view> type_of_name(std::string_view name);

/// The usual extension of a MIME type, without the dot. Parameters, capitals and other names of a
/// type (`image/jpg`) are understood; nullopt for an unknown type.
///
/// Thread: any. Allocates nothing.
/// Source: as type_of_name().
[[nodiscard]] std::optional<std::string_view> extension_of_type(std::string_view media_type);

/// The MIME type of a content by its first bytes, as type_of_name() names it; 4 KiB are enough for
/// most, the whole content tells more where an archive has to be looked into.
///
/// @result `application/octet-stream` when nothing is recognised
/// @throws Error when libmagic has no database
/// Thread: any.
[[nodiscard]] std::string type_of_content(std::span<const std::byte> content);

}  // namespace wechaty::puppet
