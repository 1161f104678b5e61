// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wechaty::puppet {

/// A URL for messages and logs: without user, password, query and fragment, which may hold tokens.
/// At most 200 bytes, control characters replaced. Thread: any.
[[nodiscard]] std::string url_without_secrets(std::string_view url);

/// The last part of a URL's path, without query and fragment; "" when the path ends with a slash.
/// Not percent-decoded, as in npm file-box. Thread: any.
[[nodiscard]] std::string name_in_url(std::string_view url);

/// The percent-decoded bytes of a text; a `%` that no two hexadecimal digits follow stays.
/// Thread: any.
[[nodiscard]] std::string percent_decoded(std::string_view text);

/// The file name in the value of a Content-Disposition header, as UTF-8.
///
/// `filename*` goes before `filename`. What RFC 6266 forbids and servers send all the same is
/// understood: no quotes around blanks, raw UTF-8 or Latin-1, a missing disposition type.
/// @result nullopt when there is none, or it is empty; may be any text, so pass it on to
///         safe_base_name() or a FileBox
/// Thread: any.
/// Source: RFC 6266, RFC 8187.
[[nodiscard]] std::optional<std::string> name_in_content_disposition(std::string_view header);

}  // namespace wechaty::puppet
