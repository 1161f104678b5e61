// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet::memory {

/// JSON text exactly as JavaScript's JSON.stringify prints what JSON.parse has read: no white
/// space, whole-number keys of objects first, the shortest form of numbers. The npm package
/// memory-card writes its documents so.
///
/// Differs: whole numbers beyond 2^53 keep all their digits.

/// Of lists and objects in a document, itself included.
inline constexpr std::size_t max_depth = 500;

/// Why a text is no document: "byte 17: broken JSON". Never quotes it, because it holds a session.
class JsonSyntaxError : public InvalidArgumentError {
 public:
  using InvalidArgumentError::InvalidArgumentError;
};

/// Read a document, which has to be one object, and hand over its members in the order of the text.
///
/// @throws JsonSyntaxError on anything that is not one JSON object: broken JSON, text behind it,
///         another type, more than `levels` levels, the same key twice in an object, invalid UTF-8
/// Unpaired surrogate escapes (a JavaScript text cut in the middle of a character) become U+FFFD.
void read_object(std::string_view text,
                 const std::function<void(std::string&& key, std::string&& value)>& member,
                 std::size_t levels = max_depth);

/// The text of a value. @throws InvalidArgumentError on binary or discarded values, infinite
/// numbers, texts that are not UTF-8 and max_depth levels or more
[[nodiscard]] std::string value_text(const nlohmann::json& value);
[[nodiscard]] std::string number_text(double value);
/// With quotation marks. @throws InvalidArgumentError when it is not UTF-8
[[nodiscard]] std::string string_text(std::string_view value);

}  // namespace wechaty::puppet::memory
