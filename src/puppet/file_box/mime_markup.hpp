// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace wechaty::puppet {

/// XML with and without its prolog, SVG, and HTML that says so; nullopt for what is none of them.
/// @param text   begins with `<`
/// @param whole  whether there is no more than this
std::optional<std::string_view> markup_type(std::string_view text, bool whole);

}  // namespace wechaty::puppet
