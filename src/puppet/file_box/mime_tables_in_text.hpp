// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace wechaty::puppet {

/// `application/json` for a JSON object or list, also when its end is missing and more is to come;
/// `application/x-ndjson` for one on each line; nullopt for anything else.
std::optional<std::string_view> json_type(std::string_view text, bool whole);

/// `text/csv` or `text/tab-separated-values` for lines that all have the same number of fields,
/// two at least; nullopt for anything else. Quotes may hold separators and line ends; a semicolon
/// separates where a comma is the decimal point.
std::optional<std::string_view> table_type(std::string_view text, bool whole);

}  // namespace wechaty::puppet
