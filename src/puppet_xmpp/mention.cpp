// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/mention.hpp"

#include <algorithm>
#include <array>

namespace wechaty::puppet_xmpp {

namespace {

/// Blanks and punctuation beyond ASCII, as their UTF-8 begins: U+00A0, U+2000 to U+207F, U+3000 to
/// U+303F, U+FF00 to U+FF3F.
constexpr std::array<std::string_view, 5> other_marks{"\xC2\xA0", "\xE2\x80", "\xE2\x81",
                                                      "\xE3\x80", "\xEF\xBC"};

bool is_word_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

bool begins_with_word_character(std::string_view text) {
  if (text.empty()) return false;
  if (static_cast<unsigned char>(text.front()) < 0x80U) return is_word_character(text.front());
  return std::none_of(other_marks.begin(), other_marks.end(),
                      [&](std::string_view mark) { return text.starts_with(mark); });
}

}  // namespace

bool is_mention_at(std::string_view text, std::size_t place, std::string_view name) {
  if (name.empty() || text.substr(place, 1) != "@") return false;
  if (place > 0 && is_word_character(text[place - 1])) return false;  // mail@example.org
  const std::string_view rest = text.substr(place + 1);
  return rest.starts_with(name) && !begins_with_word_character(rest.substr(name.size()));
}

std::size_t find_mention(std::string_view text, std::string_view name) {
  auto place = text.find('@');
  while (place != std::string_view::npos && !is_mention_at(text, place, name)) {
    place = text.find('@', place + 1);
  }
  return place;
}

}  // namespace wechaty::puppet_xmpp
