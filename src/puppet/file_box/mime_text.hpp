// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wechaty::puppet {

/// Valid UTF-8 (but for a character that is cut off at the end) without control characters.
bool is_utf8_text(std::string_view content);

/// Text in some encoding that has ASCII in it: no NUL, no control characters.
bool may_be_text(std::string_view content);

/// The ASCII of a text in UTF-16, with or without byte order mark, `?` for all else; nullopt for
/// what is no such text.
std::optional<std::string> ascii_of_utf16(std::string_view content);

/// The type of a text that its own form proves: XML, SVG, HTML, JSON, CSV, vCard, iCalendar, a
/// script; nullopt for any other text.
/// @param whole  whether there is no more than this
std::optional<std::string_view> type_of_text(std::string_view text, bool whole);

/// Types that are text, whatever they are besides.
bool is_text_type(std::string_view type);

/// Prose in which every comma is followed by a blank, which libmagic takes for CSV.
bool is_prose(std::string_view text, char separator = ',');

}  // namespace wechaty::puppet
