// SPDX-License-Identifier: Apache-2.0
#include "puppet/memory/card_entries.hpp"

#include <charconv>
#include <limits>

#include "puppet/memory/card_document.hpp"

namespace wechaty::puppet::memory {

std::optional<std::uint32_t> whole_number(std::string_view key) noexcept {
  if (key.empty() || key.size() > 10 || (key.front() == '0' && key.size() > 1)) return std::nullopt;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
  if (error != std::errc{} || end != key.data() + key.size()) return std::nullopt;
  if (number == std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return number;
}

const std::string* CardEntries::find(const std::string& key) const {
  const auto place = places_.find(key);
  return place == places_.end() ? nullptr : &sorted_.at(place->second).text;
}

bool CardEntries::set(std::string&& key, std::string&& text) {
  if (const auto place = places_.find(key); place != places_.end()) {
    std::string& current = sorted_.at(place->second).text;
    if (current == text) return false;
    current = std::move(text);
    return true;
  }
  const auto whole = whole_number(key);
  const Order order = whole ? Order{0, *whole} : Order{1, insertions_++};
  places_.emplace(key, order);
  sorted_.emplace(order, Entry{.key = std::move(key), .text = std::move(text)});
  return true;
}

bool CardEntries::erase(const std::string& key) {
  const auto place = places_.find(key);
  if (place == places_.end()) return false;
  sorted_.erase(place->second);
  places_.erase(place);
  return true;
}

std::string CardEntries::to_text() const {
  std::size_t size = 2;
  for (const auto& [order, entry] : sorted_) size += entry.key.size() + entry.text.size() + 16;
  std::string text{"{"};
  text.reserve(size);
  for (const auto& [order, entry] : sorted_) {
    if (text.size() > 1) text += ',';
    text += string_text(entry.key);
    text += ':';
    text += entry.text;
  }
  text += '}';
  return text;
}

}  // namespace wechaty::puppet::memory
