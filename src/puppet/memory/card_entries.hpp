// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace wechaty::puppet::memory {

/// The number of a key that JavaScript sorts as one: "0" to "4294967294", no leading zeros.
[[nodiscard]] std::optional<std::uint32_t> whole_number(std::string_view key) noexcept;

/// The key-value pairs of a card, in the order of a JavaScript object. Values are JSON texts: what
/// was loaded is saved again without loss, and a save only has to join them.
class CardEntries {
 public:
  struct Entry {
    std::string key;
    std::string text;
  };
  /// Whole numbers are (0, number), others (1, count of insertions).
  using Order = std::pair<int, std::uint64_t>;

  [[nodiscard]] const std::string* find(const std::string& key) const;
  /// Returns whether anything changed.
  bool set(std::string&& key, std::string&& text);
  bool erase(const std::string& key);
  /// Remove all entries whose key the predicate accepts; returns whether there was one.
  template <class Predicate>
  bool erase_if(Predicate accepts) {
    return std::erase_if(sorted_, [&](const auto& item) {
             if (!accepts(item.second.key)) return false;
             places_.erase(item.second.key);
             return true;
           }) > 0;
  }

  [[nodiscard]] const std::map<Order, Entry>& sorted() const noexcept { return sorted_; }
  /// The document.
  [[nodiscard]] std::string to_text() const;

 private:
  std::map<Order, Entry> sorted_;
  std::unordered_map<std::string, Order> places_;
  std::uint64_t insertions_ = 0;
};

}  // namespace wechaty::puppet::memory
