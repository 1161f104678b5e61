// SPDX-License-Identifier: Apache-2.0
#include "puppet/file_box/mime_text.hpp"

#include <algorithm>
#include <array>

#include "puppet/file_box/mime_markup.hpp"
#include "puppet/file_box/mime_tables_in_text.hpp"
#include "puppet/file_box/utf8.hpp"

using namespace std::string_view_literals;

namespace wechaty::puppet {

namespace {

bool is_control(unsigned char c) {
  // Tab to carriage return, and the escape of terminals and of ISO-2022, are in texts.
  return (c < 0x20 && !(c >= 0x08 && c <= 0x0D) && c != 0x1B) || c == 0x7F;
}

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

/// A script by the program that its first line names.
std::optional<std::string_view> script_type(std::string_view text) {
  const std::string_view line = first_line(text);
  if (!line.starts_with("#!") || line.find('/') == std::string_view::npos) return std::nullopt;
  struct Program {
    std::string_view name;
    std::string_view type;
  };
  static constexpr auto programs = std::to_array<Program>({
      {"python", "text/x-python"},
      {"perl", "application/x-perl"},
      {"ruby", "text/x-ruby"},
      {"node", "application/javascript"},
      {"php", "application/x-httpd-php"},
      {"bash", "application/x-sh"},
      {"zsh", "application/x-sh"},
      {"dash", "application/x-sh"},
      {"/sh", "application/x-sh"},
      {" sh", "application/x-sh"},
  });
  for (const Program& program : programs) {
    if (line.find(program.name) != std::string_view::npos) return program.type;
  }
  return std::nullopt;
}

bool begins_with(std::string_view text, std::string_view upper) {
  return text.size() >= upper.size() &&
         std::equal(upper.begin(), upper.end(), text.begin(), [](char wanted, char c) {
           return wanted == (c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
         });
}

}  // namespace

bool may_be_text(std::string_view content) {
  return std::none_of(content.begin(), content.end(),
                      [](char c) { return is_control(static_cast<unsigned char>(c)); });
}

bool is_utf8_text(std::string_view content) {
  if (!may_be_text(content)) return false;
  while (!content.empty()) {
    if (take_utf8(content) != bad_utf8) continue;
    // A character that is cut off: a lead byte, then fewer than it wants, then the end.
    return content.size() < 3 && std::all_of(content.begin(), content.end(), [](char c) {
             return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
           });
  }
  return true;
}

std::optional<std::string> ascii_of_utf16(std::string_view content) {
  if (content.size() < 2) return std::nullopt;
  bool big = content.starts_with("\xFE\xFF");
  const bool marked = big || content.starts_with("\xFF\xFE");
  if (marked) content.remove_prefix(2);
  if (!marked) {
    // Without a mark it has to be ASCII for the most part: every other byte is NUL.
    if (content.size() < 8) return std::nullopt;
    std::array<std::size_t, 2> nul{};
    for (std::size_t i = 0; i < content.size(); ++i) nul.at(i % 2) += content[i] == '\0' ? 1U : 0U;
    big = nul[0] > nul[1];
    if (nul.at(big ? 1 : 0) > 0 || nul.at(big ? 0 : 1) * 10 < content.size() * 4) {
      return std::nullopt;
    }
  }
  std::string ascii;
  for (std::size_t at = 0; at + 2 <= content.size(); at += 2) {
    const char high = content[at + (big ? 0 : 1)];
    const char low = content[at + (big ? 1 : 0)];
    const auto unit = static_cast<unsigned>(static_cast<unsigned char>(high)) << 8U |
                      static_cast<unsigned char>(low);
    const bool ends_a_sentence = unit == 0x3002 || unit == 0xFF01 || unit == 0xFF1F;
    ascii += unit < 0x80 ? low : ends_a_sentence ? '.' : 'x';
  }
  return may_be_text(ascii) ? std::optional{ascii} : std::nullopt;
}

std::optional<std::string_view> type_of_text(std::string_view text, bool whole) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t begin = text.find_first_not_of(" \t\r\n\f");
  if (begin == std::string_view::npos) return std::nullopt;
  const std::string_view content = text.substr(begin);
  if (content.front() == '<') return markup_type(content, whole);
  if (content.front() == '{' || content.front() == '[') {
    if (const auto type = json_type(content, whole)) return type;
  }
  if (begins_with(content, "BEGIN:VCARD")) return "text/x-vcard";
  if (begins_with(content, "BEGIN:VCALENDAR")) return "text/calendar";
  if (begins_with(content, "WEBVTT") && first_line(content).size() < 80) return "text/vtt";
  if (content.starts_with("#EXTM3U")) return "audio/x-mpegurl";
  if (const auto type = script_type(content)) return type;
  return table_type(text, whole);
}

bool is_text_type(std::string_view type) {
  static constexpr auto types = std::to_array<std::string_view>({
      "application/ecmascript",
      "application/javascript",
      "application/json",
      "application/json5",
      "application/sql",
      "application/toml",
      "application/typescript",
      "application/x-httpd-php",
      "application/x-ndjson",
      "application/x-perl",
      "application/x-sh",
      "application/x-csh",
      "application/x-sql",
      "application/x-subrip",
      "application/x-tex",
      "application/xml",
      "application/xml-dtd",
      "audio/x-mpegurl",
      "application/vnd.apple.mpegurl",
      "image/svg+xml",
      "message/rfc822",
      "application/pgp-signature",
      "application/pgp-keys",
      "application/x-x509-ca-cert",
  });
  return type.starts_with("text/") || type.ends_with("+xml") || type.ends_with("+json") ||
         std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace wechaty::puppet
