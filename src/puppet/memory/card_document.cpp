// SPDX-License-Identifier: Apache-2.0
#include "puppet/memory/card_document.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "puppet/memory/card_entries.hpp"

namespace wechaty::puppet::memory {
namespace {

using nlohmann::json;

/// The length of the UTF-8 sequence at the start of `text`; 0 when it is invalid.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first < 0xc2   ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf5 ? 4
                                            : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  }
  // Overlong forms, surrogates, beyond U+10FFFF.
  if (first == 0xe0 && byte(1) < 0xa0) return 0;
  if (first == 0xed && byte(1) > 0x9f) return 0;
  if (first == 0xf0 && byte(1) < 0x90) return 0;
  if (first == 0xf4 && byte(1) > 0x8f) return 0;
  return length;
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
      out += text[i++];
      continue;
    }
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0) throw InvalidArgumentError{"invalid UTF-8 at byte " + std::to_string(i + 1)};
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (c < 0x20) {
          out += "\\u00";
          out += "0123456789abcdef"[c >> 4U];
          out += "0123456789abcdef"[c & 0xfU];
        } else {
          out.append(text, i, length);
        }
    }
    i += length;
  }
  out += '"';
}

/// ECMAScript Number::toString for a finite number, which JSON.stringify uses.
void append_number(std::string& out, double value) {
  if (value == 0) {  // -0, too
    out += '0';
    return;
  }
  std::array<char, 40> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific)
                       .ptr;
  std::string_view text{buffer.data(), static_cast<std::size_t>(end - buffer.data())};
  if (text.front() == '-') {
    out += '-';
    text.remove_prefix(1);
  }
  const auto e = text.find('e');
  std::string digits{text.substr(0, 1)};
  if (e > 1) digits += text.substr(2, e - 2);
  int exponent = 0;
  const auto sign_length = text[e + 1] == '+' ? 2U : 1U;
  std::from_chars(text.data() + e + sign_length, text.data() + text.size(), exponent);
  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // digits before the decimal point
  if (count <= point && point <= 21) {
    out += digits;
    out.append(static_cast<std::size_t>(point - count), '0');
  } else if (0 < point && point <= 21) {
    out += digits.insert(static_cast<std::size_t>(point), ".");
  } else if (-6 < point && point <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-point), '0');
    out += digits;
  } else {
    if (count > 1) digits.insert(1, ".");
    out += digits + (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
  }
}

/// Builds the text out of the events of a parser (nlohmann's SAX interface) or of a walk.
class Builder {
 public:
  using Member = std::function<void(std::string&&, std::string&&)>;

  /// With `member`, the members of the outermost object are handed over instead of kept.
  explicit Builder(const Member* member = nullptr, std::size_t levels = max_depth)
      : member_{member}, allowed_levels_{levels} {}

  std::string take() { return std::move(out_); }
  [[nodiscard]] const std::string& fault() const { return fault_; }

  bool null() { return literal("null"); }
  bool boolean(bool value) { return literal(value ? "true" : "false"); }
  bool number_integer(std::int64_t value) { return literal(std::to_string(value)); }
  bool number_unsigned(std::uint64_t value) { return literal(std::to_string(value)); }
  bool number_float(double value, const std::string& /*as written*/) {
    if (!begin_value()) return false;
    if (!std::isfinite(value))
      throw InvalidArgumentError{"JSON has no infinite numbers and no NaN"};
    append_number(out_, value);
    return end_value();
  }
  bool string(const std::string& value) {
    if (!begin_value()) return false;
    append_string(out_, value);
    return end_value();
  }
  bool binary(const json::binary_t& /*value*/) {
    throw InvalidArgumentError{"JSON has no binary values"};
  }

  bool start_object(std::size_t /*size*/) { return open('{'); }
  bool key(const std::string& name) {
    Level& level = levels_.back();
    if (!level.names.insert(name).second) return fail("the same key twice in one object");
    if (handing_over()) {
      key_ = name;
      out_.clear();
      return true;
    }
    level.members.push_back({.whole = whole_number(name), .begin = out_.size()});
    append_string(out_, name);
    out_ += ':';
    return true;
  }
  bool end_object() {
    if (levels_.size() == 1 && member_ != nullptr) {
      levels_.pop_back();
      return true;
    }
    sort_members();
    return close('}');
  }
  bool start_array(std::size_t /*size*/) { return open('['); }
  bool end_array() { return close(']'); }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const json::exception& error) {
    // Neither the token nor the library's message is passed on: they quote the document.
    const char* what = error.id == 406 ? "a number that is too large" : "broken JSON";
    return fail("byte " + std::to_string(position) + ": " + what);
  }

 private:
  struct MemberPlace {
    std::optional<std::uint32_t> whole;
    std::size_t begin;
  };
  struct Level {
    char open;
    std::size_t begin;
    std::unordered_set<std::string> names{};
    std::vector<MemberPlace> members{};
  };

  [[nodiscard]] bool handing_over() const { return member_ != nullptr && levels_.size() == 1; }

  bool fail(std::string fault) {
    if (fault_.empty()) fault_ = std::move(fault);
    return false;
  }

  bool begin_value() {
    if (levels_.empty() && member_ != nullptr) return fail("not a JSON object");
    return true;
  }

  bool end_value() {
    if (levels_.empty()) return true;
    if (handing_over()) {
      (*member_)(std::move(key_), std::move(out_));
      out_.clear();
    } else {
      out_ += ',';
    }
    return true;
  }

  bool literal(std::string_view text) {
    if (!begin_value()) return false;
    out_ += text;
    return end_value();
  }

  bool open(char bracket) {
    if (levels_.empty() && member_ != nullptr && bracket != '{') return begin_value();
    if (levels_.size() == allowed_levels_) {
      return fail("more than " + std::to_string(allowed_levels_) + " levels");
    }
    levels_.push_back({.open = bracket, .begin = out_.size()});
    out_ += bracket;
    return true;
  }

  bool close(char bracket) {
    if (out_.back() == ',') {
      out_.back() = bracket;
    } else {
      out_ += bracket;
    }
    levels_.pop_back();
    return end_value();
  }

  /// JavaScript lists whole-number keys first, ascending.
  void sort_members() {
    auto& members = levels_.back().members;
    const auto is_whole = [](const MemberPlace& m) { return m.whole.has_value(); };
    if (std::none_of(members.begin(), members.end(), is_whole)) return;
    std::vector<std::pair<std::uint64_t, std::string>> texts;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto end = i + 1 < members.size() ? members[i + 1].begin : out_.size();
      texts.emplace_back(members[i].whole ? *members[i].whole : std::uint64_t{1} << 32U,
                         out_.substr(members[i].begin, end - members[i].begin));
    }
    std::stable_sort(texts.begin(), texts.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    out_.resize(levels_.back().begin + 1);
    for (const auto& [order, text] : texts) out_ += text;
  }

  const Member* member_;
  std::size_t allowed_levels_;
  std::vector<Level> levels_;
  std::string out_;
  std::string key_;
  std::string fault_;
};

void walk(Builder& builder, const json& value, std::size_t depth) {
  if (value.is_structured() && depth >= max_depth) {
    throw InvalidArgumentError{"more than " + std::to_string(max_depth - 1) + " levels"};
  }
  switch (value.type()) {
    case json::value_t::null: builder.null(); return;
    case json::value_t::boolean: builder.boolean(value.get<bool>()); return;
    case json::value_t::number_integer: builder.number_integer(value.get<std::int64_t>()); return;
    case json::value_t::number_unsigned:
      builder.number_unsigned(value.get<std::uint64_t>());
      return;
    case json::value_t::number_float: builder.number_float(value.get<double>(), {}); return;
    case json::value_t::string: builder.string(value.get_ref<const std::string&>()); return;
    case json::value_t::array:
      builder.start_array(value.size());
      for (const auto& element : value) walk(builder, element, depth + 1);
      builder.end_array();
      return;
    case json::value_t::object:
      builder.start_object(value.size());
      for (const auto& [name, element] : value.items()) {
        builder.key(name);
        walk(builder, element, depth + 1);
      }
      builder.end_object();
      return;
    case json::value_t::binary: throw InvalidArgumentError{"JSON has no binary values"};
    case json::value_t::discarded: throw InvalidArgumentError{"a discarded JSON value"};
  }
}

/// The four hexadecimal digits behind a `\u` at `at`; nullopt when there is none.
std::optional<unsigned> unicode_escape(std::string_view text, std::size_t at) {
  if (text.size() < at + 6 || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  unsigned code = 0;
  const char* end = text.data() + at + 6;
  const auto parsed = std::from_chars(text.data() + at + 2, end, code, 16);
  if (parsed.ptr != end) return std::nullopt;
  return code;
}

std::string replace_unpaired_surrogates(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\') {
      result += text[i++];
      continue;
    }
    const auto code = unicode_escape(text, i);
    if (!code || *code < 0xd800 || *code > 0xdfff) {
      result.append(text, i, 2);
      i += 2;
      continue;
    }
    const auto next = unicode_escape(text, i + 6);
    const bool pair = *code < 0xdc00 && next && *next >= 0xdc00 && *next <= 0xdfff;
    if (pair) {
      result.append(text, i, 12);
    } else {
      result += "\\ufffd";
    }
    i += pair ? 12 : 6;
  }
  return result;
}

}  // namespace

void read_object(std::string_view text, const Builder::Member& member, std::size_t levels) {
  std::string repaired;
  if (text.find("\\ud") != std::string_view::npos || text.find("\\uD") != std::string_view::npos) {
    repaired = replace_unpaired_surrogates(text);
    text = repaired;
  }
  Builder builder{&member, levels};
  if (!json::sax_parse(text.begin(), text.end(), &builder)) {
    throw JsonSyntaxError{builder.fault().empty() ? "broken JSON" : builder.fault()};
  }
}

std::string value_text(const json& value) {
  Builder builder;
  walk(builder, value, 1);  // level 0 is the document itself
  return builder.take();
}

std::string number_text(double value) {
  if (!std::isfinite(value)) throw InvalidArgumentError{"JSON has no infinite numbers and no NaN"};
  std::string text;
  append_number(text, value);
  return text;
}

std::string string_text(std::string_view value) {
  std::string text;
  append_string(text, value);
  return text;
}

}  // namespace wechaty::puppet::memory
