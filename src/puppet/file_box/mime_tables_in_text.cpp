// SPDX-License-Identifier: Apache-2.0
#include "puppet/file_box/mime_tables_in_text.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "puppet/file_box/mime_text.hpp"

namespace wechaty::puppet {

namespace {

/// Takes no value, and notes where the text stopped being JSON.
class Position final : public nlohmann::json_sax<nlohmann::json> {
 public:
  [[nodiscard]] std::size_t error() const { return error_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::json::exception&) override {
    error_ = position;
    return false;
  }

 private:
  std::size_t error_ = 0;
};

/// Each whole line is a JSON document, and there are two.
bool is_json_lines(std::string_view text, bool whole) {
  std::size_t lines = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos && !whole) break;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (line.front() != '{' && line.front() != '[') return false;
    if (!nlohmann::json::accept(line)) return false;
    ++lines;
  }
  return lines >= 2;
}

/// Whether a line ends as a sentence does, in UTF-8 or in GB 18030.
bool ends_a_sentence(std::string_view line) {
  static constexpr auto marks = std::to_array<std::string_view>(
      {".", "!", "?", ":", "\u3002", "\uFF01", "\uFF1F", "\uFF1A", "\u2026", "\xA1\xA3"});
  return std::any_of(marks.begin(), marks.end(),
                     [&](std::string_view mark) { return line.ends_with(mark); });
}

/// What a text looks like when its lines are cut at one separator.
struct Table {
  std::size_t lines = 0;
  std::size_t fields = 0;      // of each line
  bool ends_are_empty = true;  // of all lines; then it is source code rather
  bool starts_are_empty = true;
  bool ends_are_code = true;
  bool ends_are_sentences = true;
};

std::optional<Table> cut(std::string_view text, char separator, bool whole) {
  Table table;
  std::size_t fields = 1;
  std::size_t begin_of_line = 0;
  std::size_t begin_of_field = 0;
  bool quoted = false;
  const auto end_line = [&](std::size_t at) {
    std::string_view line = text.substr(begin_of_line, at - begin_of_line);
    if (line.ends_with('\r')) line.remove_suffix(1);
    begin_of_line = at + 1;
    begin_of_field = at + 1;
    if (line.empty()) return true;
    if (table.lines > 0 && fields != table.fields) return false;
    table.fields = fields;
    ++table.lines;
    table.ends_are_empty &= line.back() == separator;
    table.starts_are_empty &= line.front() == separator;
    table.ends_are_code &= std::string_view{";{}()"}.find(line.back()) != std::string_view::npos;
    table.ends_are_sentences &= ends_a_sentence(line);
    fields = 1;
    return true;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      quoted = c != '"';
    } else if (c == '"' && at == begin_of_field) {
      quoted = true;
    } else if (c == '"' && at > 0 && text[at - 1] == '"') {
      quoted = true;  // two of them within quotes stand for one
    } else if (c == separator) {
      ++fields;
      begin_of_field = at + 1;
    } else if (c == '\n' && !end_line(at)) {
      return std::nullopt;
    }
  }
  if (whole && quoted) return std::nullopt;
  if (whole && begin_of_line < text.size() && !end_line(text.size())) return std::nullopt;
  if (table.lines < 2 || table.fields < 2 || table.ends_are_empty || table.starts_are_empty) {
    return std::nullopt;
  }
  return table;
}

}  // namespace

std::optional<std::string_view> json_type(std::string_view text, bool whole) {
  Position position;
  if (nlohmann::json::sax_parse(text, &position)) return "application/json";
  if (!whole && position.error() >= text.size()) return "application/json";
  if (is_json_lines(text, whole)) return "application/x-ndjson";
  return std::nullopt;
}

bool is_prose(std::string_view text, char separator) {
  for (std::size_t at = text.find(separator); at != std::string_view::npos;
       at = text.find(separator, at + 1)) {
    if (at + 1 < text.size() && text[at + 1] != ' ' && text[at + 1] != '\n' &&
        text[at + 1] != '\r') {
      return false;
    }
  }
  return true;
}

std::optional<std::string_view> table_type(std::string_view text, bool whole) {
  if (const auto table = cut(text, '\t', whole)) return "text/tab-separated-values";
  for (const char separator : {',', ';'}) {
    const auto table = cut(text, separator, whole);
    if (!table || table->ends_are_code) continue;
    const bool sentences = table->ends_are_sentences;
    const bool prose = is_prose(text, separator)
                           ? table->fields < 3 || table->lines < 3 || sentences
                           : table->fields < 3 && sentences;
    if (!prose) return "text/csv";
  }
  return std::nullopt;
}

}  // namespace wechaty::puppet
