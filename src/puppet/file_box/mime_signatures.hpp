// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace wechaty::puppet {

/// The type that the first bytes prove, for the forms whose first bytes prove it.
std::optional<std::string_view> type_by_signature(std::string_view beginning);

/// Whether a content begins as every content of `type` does; nullopt for types of which we know no
/// such beginning.
std::optional<bool> begins_like(std::string_view type, std::string_view beginning);

/// A file of ISO media (MP4, QuickTime, 3GP, HEIF, AVIF) by its brands; nullopt for none.
std::optional<std::string_view> iso_media_type(std::string_view beginning);

}  // namespace wechaty::puppet
