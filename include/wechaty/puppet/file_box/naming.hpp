// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wechaty/puppet/file_box/file_box.hpp"

namespace wechaty::puppet {

/// The file under a name that tells its MIME type (contract R5).
///
/// The name becomes a safe base name. An extension that is not known gives way to the one of, in
/// this order: the declared type, the content, `.dat`. A known extension that contradicts a content
/// that is certain gives way too; a more specific one stays (`.docx` on what looks like a zip).
/// Boxes whose content is behind a network are named by their name and declared type alone.
///
/// @param declared_media_type  e.g. from a Content-Type header; else what the box itself knows
/// Thread: any. Reads at most 4 KiB of the content, once for all copies that come from the result.
[[nodiscard]] FileBox conventional(
    FileBox box, std::optional<std::string_view> declared_media_type = std::nullopt);

/// A name without folders, control characters, bidi controls and other tricks: valid UTF-8, at most
/// 255 bytes with the extension kept, no name that Windows reserves. "file" when nothing is left.
/// Thread: any.
[[nodiscard]] std::string safe_base_name(std::string_view name);

}  // namespace wechaty::puppet
