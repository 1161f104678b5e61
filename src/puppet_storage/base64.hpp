// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wechaty::puppet_storage {

/// RFC 4648 section 4, with padding.
[[nodiscard]] std::string to_base64(std::string_view bytes);
/// nullopt when the text is not of that form.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace wechaty::puppet_storage
