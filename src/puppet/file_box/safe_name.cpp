// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>

#include "wechaty/puppet/file_box/naming.hpp"

namespace wechaty::puppet {

namespace {

constexpr std::size_t longest_name = 255;      // bytes; what file systems take
constexpr std::size_t longest_extension = 32;  // bytes with the dot; longer is no extension
constexpr std::uint32_t bad_sequence = 0xFFFFFFFF;

/// Takes one character off the front of UTF-8 text; bad_sequence (one byte) where it is none.
std::uint32_t take_character(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  std::uint32_t code = length == 1 ? first : first & (0x7FU >> length);
  bool good = first < 0x80 || (first >= 0xC2 && first <= 0xF4);
  for (std::size_t i = 1; good && i < length; ++i) {
    good = i < text.size() && (byte(i) & 0xC0U) == 0x80U;
    if (good) code = code << 6U | (byte(i) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  good = good && code >= least.at(length) && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  text.remove_prefix(good ? length : 1);
  return good ? code : bad_sequence;
}

/// Control characters, and those that turn the direction of the text or cannot be seen.
bool is_forbidden(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x61C ||
         (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || (code & 0xFFFEU) == 0xFFFE;
}

std::string printable(std::string_view name) {
  std::string result;
  bool shortened = false;
  while (!name.empty()) {
    const std::string_view before = name;
    const std::uint32_t code = take_character(name);
    if (code == bad_sequence) {
      result += '_';
    } else if (!is_forbidden(code)) {
      result += before.substr(0, before.size() - name.size());
    }
    if (!shortened && result.size() > 4 * longest_name) {
      // Only the beginning and the extension survive anyway.
      shortened = true;
      const std::size_t dot = name.rfind('.');
      if (dot == std::string_view::npos || name.size() - dot > longest_extension) break;
      name.remove_prefix(dot);
    }
  }
  return result;
}

/// Names that Windows gives to devices, with any extension.
bool is_reserved(std::string_view stem) {
  std::string upper{stem.substr(0, stem.find('.'))};
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  static constexpr std::array<std::string_view, 4> plain{"CON", "PRN", "AUX", "NUL"};
  if (std::find(plain.begin(), plain.end(), upper) != plain.end()) return true;
  return upper.size() == 4 && (upper.starts_with("COM") || upper.starts_with("LPT")) &&
         upper[3] >= '1' && upper[3] <= '9';
}

/// Cuts to at most `limit` bytes, at a character's border.
void cut(std::string& text, std::size_t limit) {
  if (text.size() <= limit) return;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U) --limit;
  text.resize(limit);
}

}  // namespace

std::string safe_base_name(std::string_view name) {
  while (!name.empty() && (name.back() == '/' || name.back() == '\\')) name.remove_suffix(1);
  if (const std::size_t slash = name.find_last_of("/\\"); slash != std::string_view::npos) {
    name.remove_prefix(slash + 1);
  }
  std::string result = printable(name);
  for (char& c : result) {
    // A stream or a drive to Windows, or a pattern to a shell.
    if (std::string_view{":*?\"<>|"}.find(c) != std::string_view::npos) c = '_';
  }
  const std::size_t begin = result.find_first_not_of(' ');
  result.erase(0, begin == std::string::npos ? result.size() : begin);
  while (!result.empty() && (result.back() == ' ' || result.back() == '.')) result.pop_back();
  if (result.empty()) return "file";
  if (result.front() == '.') result.insert(0, "file");  // only an extension, or a hidden file
  if (is_reserved(result)) result.insert(0, "_");
  if (result.size() > longest_name) {
    const std::size_t dot = result.rfind('.');
    std::string extension;
    if (dot != std::string::npos && result.size() - dot <= longest_extension) {
      extension = result.substr(dot);
      result.resize(dot);
    }
    cut(result, longest_name - extension.size());
    result += extension;
  }
  return result;
}

}  // namespace wechaty::puppet
