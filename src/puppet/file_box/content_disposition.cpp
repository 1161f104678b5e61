// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>

#include "wechaty/puppet/file_box/url_text.hpp"

namespace wechaty::puppet {

namespace {

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned first = byte(i);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || i + length > text.size()) return false;
    std::uint32_t code = length == 1 ? first : first & (0x7FU >> length);
    for (std::size_t j = 1; j < length; ++j) {
      if ((byte(i + j) & 0xC0U) != 0x80U) return false;
      code = code << 6U | (byte(i + j) & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    if (code < least.at(length) || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
      return false;
    }
    i += length;
  }
  return true;
}

std::string latin1_to_utf8(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x80) {
      result += c;
    } else {
      result += static_cast<char>(0xC0U | code >> 6U);
      result += static_cast<char>(0x80U | (code & 0x3FU));
    }
  }
  return result;
}

/// `charset'language'percent-encoded`
std::optional<std::string> extended_value(std::string_view value) {
  const std::size_t first = value.find('\'');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = value.find('\'', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string charset = lower(value.substr(0, first));
  std::string bytes = percent_decoded(value.substr(second + 1));
  if (charset == "utf-8") return is_utf8(bytes) ? std::optional{std::move(bytes)} : std::nullopt;
  if (charset == "iso-8859-1") return latin1_to_utf8(bytes);
  return std::nullopt;
}

/// Takes a value off the front of `rest`, up to the next semicolon.
std::string take_value(std::string_view& rest) {
  const std::size_t begin = rest.find_first_not_of(" \t");
  rest.remove_prefix(begin == std::string_view::npos ? rest.size() : begin);
  std::string value;
  if (rest.starts_with('"')) {
    std::size_t i = 1;
    for (; i < rest.size() && rest[i] != '"'; ++i) {
      if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
      value += rest[i];
    }
    rest.remove_prefix(std::min(i + 1, rest.size()));
  } else {
    value = trimmed(rest.substr(0, rest.find(';')));
  }
  rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  return value;
}

}  // namespace

std::optional<std::string> name_in_content_disposition(std::string_view header) {
  std::string plain;
  std::string extended;
  std::string_view rest = header;
  while (!rest.empty()) {
    if (rest.front() == ';') {
      rest.remove_prefix(1);
      continue;
    }
    const std::size_t end = rest.find_first_of("=;");
    const std::string name = lower(trimmed(rest.substr(0, end)));
    rest.remove_prefix(std::min(end, rest.size()));
    if (!rest.starts_with('=')) continue;  // the disposition type
    rest.remove_prefix(1);
    std::string value = take_value(rest);
    // Of a parameter that is there twice the first counts.
    if (name == "filename" && plain.empty()) {
      plain = is_utf8(value) ? std::move(value) : latin1_to_utf8(value);
    } else if (name == "filename*" && extended.empty()) {
      extended = extended_value(value).value_or("");
    }
  }
  if (!extended.empty()) return extended;
  if (!plain.empty()) return plain;
  return std::nullopt;
}

}  // namespace wechaty::puppet
