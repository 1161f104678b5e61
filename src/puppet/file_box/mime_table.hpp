// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace wechaty::puppet {

/// A line of the tables, which cmake/WechatyPuppetMimeTable.cmake makes of mime_types.txt and
/// mime_types_own.txt.
struct MimeEntry {
  std::string_view key;
  std::string_view value;
};

/// Extension -> type.
inline constexpr auto mime_extensions = std::to_array<MimeEntry>({
#include "mime_extensions.inc"
});

/// Type -> its usual extension.
inline constexpr auto mime_types = std::to_array<MimeEntry>({
#include "mime_types.inc"
});

inline constexpr auto by_key = [](const MimeEntry& a, const MimeEntry& b) { return a.key < b.key; };
static_assert(std::is_sorted(mime_extensions.begin(), mime_extensions.end(), by_key));
static_assert(std::is_sorted(mime_types.begin(), mime_types.end(), by_key));

}  // namespace wechaty::puppet
