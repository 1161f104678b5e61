// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wechaty::puppet {

/// Base64 with padding (RFC 4648, section 4).
[[nodiscard]] std::string base64_encode(std::span<const std::byte> bytes);

/// Reads base64 with or without its padding.
/// @throws InvalidArgumentError on any other character, or a length that cannot be, naming the
/// place
[[nodiscard]] std::vector<std::byte> base64_decode(std::string_view text);

}  // namespace wechaty::puppet
