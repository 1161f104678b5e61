// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace wechaty::puppet_service {

/// The name in front of a token `<name>_<uuid>`: what stands before its last `_`, in small letters.
///
/// @result "" when there is no `_`, or nothing before it
/// Source: npm wechaty-token WechatyToken.
[[nodiscard]] std::string server_name_of(std::string_view token);

}  // namespace wechaty::puppet_service
