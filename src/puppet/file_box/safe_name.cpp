// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>

#include "puppet/file_box/utf8.hpp"
#include "wechaty/puppet/file_box/naming.hpp"

namespace wechaty::puppet {

namespace {

constexpr std::size_t longest_name = 255;      // bytes; what file systems take
constexpr std::size_t longest_extension = 32;  // bytes with the dot; longer is no extension

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

/// Control characters, those that turn the direction of the text, those that cannot be seen, and
/// those that are none. Variation selectors stay: emoji have them.
constexpr auto forbidden = std::to_array<Range>({
    {0x00, 0x1F},     {0x7F, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},     {0x61C, 0x61C},
    {0x115F, 0x1160}, {0x17B4, 0x17B5},   {0x180B, 0x180E},   {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F}, {0x3164, 0x3164},   {0xFDD0, 0xFDEF},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE00FF},
});

bool is_forbidden(std::uint32_t code) {
  if (code >= 0x20 && code < 0x7F) return false;
  if ((code & 0xFFFEU) == 0xFFFE) return true;
  const auto* const range =
      std::lower_bound(forbidden.begin(), forbidden.end(), code,
                       [](const Range& r, std::uint32_t c) { return r.last < c; });
  return range != forbidden.end() && code >= range->first;
}

bool is_blank(std::uint32_t code) {
  return code == ' ' || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) ||
         code == 0x202F || code == 0x205F || code == 0x2800 || code == 0x3000;
}

/// Characters that mean a stream, a drive or a pattern to a file system or a shell.
bool is_special(char c) { return std::string_view{":*?\"<>|"}.find(c) != std::string_view::npos; }

/// Nothing in it to change, which is so nearly always.
bool is_plain(std::string_view name) {
  if (name.empty() || name.size() > longest_name) return false;
  if (name.front() == ' ' || name.front() == '.' || name.back() == ' ' || name.back() == '.') {
    return false;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return c >= 0x20 && c < 0x7F && c != '/' && c != '\\' && c != '%' && !is_special(c);
  });
}

/// Without what cannot be seen, valid UTF-8, and not much longer than a name may be.
std::string printable(std::string_view name) {
  std::string result;
  bool shortened = false;
  while (!name.empty()) {
    const std::string_view before = name;
    const std::uint32_t code = take_utf8(name);
    if (code == bad_utf8 || (code < 0x80 && is_special(static_cast<char>(code)))) {
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

int hexadecimal(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// What is percent-encoded and would be a path or a control character to whoever decodes it, once
/// or several times, is decoded here; the rest stays as it is.
std::string without_encoded_tricks(std::string_view name) {
  std::string result;
  for (std::size_t at = 0; at < name.size(); ++at) {
    result += name[at];
    if (name[at] != '%') continue;
    std::size_t digits = at + 1;
    while (name.substr(digits, 2) == "25") digits += 2;
    if (digits + 2 > name.size()) continue;
    const int high = hexadecimal(name[digits]);
    const int low = hexadecimal(name[digits + 1]);
    if (high < 0 || low < 0) continue;
    const int byte = high * 16 + low;
    const bool overlong = byte == 0xC0 || byte == 0xC1;  // how a slash hides in wrong UTF-8
    if (byte >= 0x20 && byte != 0x7F && byte != '/' && byte != '\\' && byte != '.' && !overlong) {
      continue;
    }
    result.back() = overlong ? '_' : static_cast<char>(byte);
    at = digits + 1;
  }
  return result;
}

void trim(std::string& name) {
  std::string_view rest = name;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool seen = false;
  while (!rest.empty()) {
    const std::size_t at = name.size() - rest.size();
    const std::uint32_t code = take_utf8(rest);
    if (is_blank(code)) continue;
    if (!seen) begin = at;
    seen = true;
    if (code != '.') end = name.size() - rest.size();
  }
  name.resize(end);
  name.erase(0, std::min(begin, end));
}

/// Names that Windows gives to devices, with any extension.
bool is_reserved(std::string_view name) {
  std::string upper{name.substr(0, name.find('.'))};
  while (upper.ends_with(' ')) upper.pop_back();
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  static constexpr auto plain =
      std::to_array<std::string_view>({"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"});
  if (std::find(plain.begin(), plain.end(), upper) != plain.end()) return true;
  if (!upper.starts_with("COM") && !upper.starts_with("LPT")) return false;
  static constexpr auto numbers = std::to_array<std::string_view>(
      {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "\xC2\xB9", "\xC2\xB2", "\xC2\xB3"});
  return std::find(numbers.begin(), numbers.end(), std::string_view{upper}.substr(3)) !=
         numbers.end();
}

/// Cuts to at most `limit` bytes, at a character's border.
void cut(std::string& text, std::size_t limit) {
  if (text.size() <= limit) return;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U) --limit;
  text.resize(limit);
}

/// Cuts to the longest name, and keeps the extension.
void shorten(std::string& name) {
  if (name.size() <= longest_name) return;
  const std::size_t dot = name.rfind('.');
  std::string extension;
  if (dot != std::string::npos && name.size() - dot <= longest_extension) {
    extension = name.substr(dot);
    name.resize(dot);
  }
  cut(name, longest_name - extension.size());
  name += extension;
}

std::string one_pass(std::string_view name) {
  while (!name.empty() && (name.back() == '/' || name.back() == '\\')) name.remove_suffix(1);
  if (const std::size_t slash = name.find_last_of("/\\"); slash != std::string_view::npos) {
    name.remove_prefix(slash + 1);
  }
  std::string result = without_encoded_tricks(printable(name));
  trim(result);
  if (result.empty()) return "file";
  if (result.front() == '.') result.insert(0, "file");  // only an extension, or a hidden file
  if (is_reserved(result)) result.insert(0, "_");
  shorten(result);
  return result;
}

}  // namespace

std::string safe_base_name(std::string_view name) {
  if (is_plain(name) && !is_reserved(name)) return std::string{name};
  // One step can bring about what an earlier one removes: until nothing changes. Each pass makes
  // the name shorter, but for a prefix that comes once.
  std::string result = one_pass(name);
  while (true) {
    std::string next = one_pass(result);
    if (next == result) return result;
    result = std::move(next);
  }
}

}  // namespace wechaty::puppet
