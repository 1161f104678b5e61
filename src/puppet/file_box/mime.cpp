// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/file_box/mime.hpp"

#include "puppet/file_box/mime_table.hpp"

namespace wechaty::puppet {

namespace {

/// A key in lower case, without memory of its own; empty when it is longer than any in the tables.
template <std::size_t Longest>
class LowerCase {
 public:
  explicit LowerCase(std::string_view text) {
    if (text.size() > Longest) return;
    for (const char c : text) {
      text_[size_++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

 private:
  std::array<char, Longest> text_{};
  std::size_t size_ = 0;
};

template <class Table>
std::optional<std::string_view> find(const Table& table, std::string_view key) {
  const auto found = std::lower_bound(table.begin(), table.end(), MimeEntry{key, {}}, by_key);
  if (found == table.end() || found->key != key) return std::nullopt;
  return found->value;
}

template <class Table>
constexpr std::size_t longest_key(const Table& table) {
  std::size_t longest = 0;
  for (const MimeEntry& entry : table) longest = std::max(longest, entry.key.size());
  return longest;
}

}  // namespace

std::optional<std::string_view> type_of_name(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  return find(mime_extensions,
              LowerCase<longest_key(mime_extensions)>{name.substr(dot + 1)}.view());
}

std::optional<std::string_view> extension_of_type(std::string_view media_type) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = media_type.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return std::nullopt;
  media_type.remove_prefix(begin);
  media_type = media_type.substr(0, media_type.find_first_of(" \t\r\n;,"));
  return find(mime_types, LowerCase<longest_key(mime_types)>{media_type}.view());
}

}  // namespace wechaty::puppet
