// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/wire/text.hpp"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_service {
namespace {

/// How many bytes the well-formed character at the beginning has (RFC 3629); 0 for none.
std::size_t character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool second = follows(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF);
    return second && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool second = follows(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF);
    return second && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

/// The deepest nesting, without a parser that could itself be too deep.
bool too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > max_json_depth) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

}  // namespace

std::string utf8(std::string_view text) {
  const auto plain = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  const auto end = std::find_if_not(text.begin(), text.end(), plain);
  std::string out{text.begin(), end};
  text.remove_prefix(out.size());
  while (!text.empty()) {
    const std::size_t length = character(text);
    out += length == 0 ? std::string_view{"\xEF\xBF\xBD"} : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

nlohmann::json parse_json(std::string_view text, std::string_view what) {
  if (too_deep(text)) {
    throw puppet::InvalidArgumentError{std::string{what} + ": JSON nested deeper than " +
                                       std::to_string(max_json_depth)};
  }
  nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) {
    throw puppet::InvalidArgumentError{std::string{what} + ": the text is no JSON"};
  }
  return json;
}

}  // namespace wechaty::puppet_service
