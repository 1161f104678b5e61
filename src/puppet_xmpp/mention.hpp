// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace wechaty::puppet_xmpp {

/// Whether `@name` stands there as a word of its own: not within a longer name or a mail address.
/// @param place  of the `@`
[[nodiscard]] bool is_mention_at(std::string_view text, std::size_t place, std::string_view name);

/// The first such place; npos when there is none.
[[nodiscard]] std::size_t find_mention(std::string_view text, std::string_view name);

}  // namespace wechaty::puppet_xmpp
