// SPDX-License-Identifier: Apache-2.0
// The map side of MemoryCard: keys and values; memory_card.cpp has the storage side.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "puppet/memory/card_document.hpp"
#include "puppet/memory/memory_card_state.hpp"
#include "wechaty/puppet/memory/memory_card.hpp"

namespace wechaty::puppet {

using nlohmann::json;

namespace {

/// A key for a message: shortened, and only characters that cannot upset a log.
std::string shown(std::string_view key) {
  constexpr std::size_t enough = 80;
  std::string text;
  for (const char c : key.substr(0, enough)) {
    text += static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e ? '?' : c;
  }
  return '\'' + text + (key.size() > enough ? "...'" : "'");
}

}  // namespace

std::string MemoryCard::full_key(std::string_view key) const {
  if (prefix_.empty()) return std::string{key};
  std::string full{prefix_};
  full += '\n';
  return full.append(key);
}

// --- reading ---------------------------------------------------------------------------------

std::optional<std::string> MemoryCard::get_text(std::string_view key) const {
  const std::string full = full_key(key);
  const std::scoped_lock lock{state_->mutex};
  state_->require_loaded();
  const std::string* text = state_->entries.find(full);
  if (text == nullptr) return std::nullopt;
  return *text;
}

std::optional<json> MemoryCard::get(std::string_view key) const {
  const auto text = get_text(key);
  if (!text) return std::nullopt;
  return json::parse(*text);
}

std::optional<std::string> MemoryCard::get_string(std::string_view key) const {
  const auto text = get_text(key);
  if (!text) return std::nullopt;
  if (text->front() != '"') wrong_type(key, "it is not a string");
  return json::parse(*text).get<std::string>();
}

void MemoryCard::wrong_type(std::string_view key, const char* why) {
  throw InvalidArgumentError{"memory card: the value of " + shown(key) +
                             " has another type than asked for: " + why};
}

bool MemoryCard::has(std::string_view key) const {
  const std::string full = full_key(key);
  const std::scoped_lock lock{state_->mutex};
  state_->require_loaded();
  return state_->entries.find(full) != nullptr;
}

std::vector<std::pair<std::string, std::string>> MemoryCard::snapshot() const {
  const std::string own = full_key("");
  std::vector<std::pair<std::string, std::string>> result;
  const std::scoped_lock lock{state_->mutex};
  state_->require_loaded();
  for (const auto& [order, entry] : state_->entries.sorted()) {
    if (entry.key.starts_with(own)) result.emplace_back(entry.key.substr(own.size()), entry.text);
  }
  return result;
}

std::size_t MemoryCard::size() const {
  const std::string own = full_key("");
  const std::scoped_lock lock{state_->mutex};
  state_->require_loaded();
  const auto& sorted = state_->entries.sorted();
  return static_cast<std::size_t>(
      std::count_if(sorted.begin(), sorted.end(),
                    [&](const auto& item) { return item.second.key.starts_with(own); }));
}

std::vector<std::string> MemoryCard::keys() const {
  std::vector<std::string> result;
  for (auto& [key, text] : snapshot()) result.push_back(std::move(key));
  return result;
}

std::vector<json> MemoryCard::values() const {
  std::vector<json> result;
  for (const auto& [key, text] : snapshot()) result.push_back(json::parse(text));
  return result;
}

std::vector<std::pair<std::string, json>> MemoryCard::entries() const {
  std::vector<std::pair<std::string, json>> result;
  for (auto& [key, text] : snapshot()) result.emplace_back(std::move(key), json::parse(text));
  return result;
}

void MemoryCard::for_each(const std::function<void(std::string_view, const json&)>& fn) const {
  for (const auto& [key, text] : snapshot()) fn(key, json::parse(text));
}

// --- changing --------------------------------------------------------------------------------

void MemoryCard::put(std::string_view key, std::string text) {
  std::string full = full_key(key);
  (void)memory::string_text(key);
  const std::scoped_lock lock{state_->mutex};
  state_->require_loaded();
  if (state_->entries.set(std::move(full), std::move(text))) ++state_->changes;
}

namespace {

/// Run `make_text`; what it refuses gets the name of the key.
template <class MakeText>
std::string named(std::string_view key, MakeText make_text) {
  try {
    return make_text();
  } catch (const InvalidArgumentError& error) {
    throw InvalidArgumentError{"memory card: cannot keep the value of " + shown(key) + ": " +
                               error.what()};
  }
}

}  // namespace

void MemoryCard::set(std::string_view key, const json& value) {
  put(key, named(key, [&] { return memory::value_text(value); }));
}
void MemoryCard::set(std::string_view key, bool value) { put(key, value ? "true" : "false"); }
void MemoryCard::set(std::string_view key, double value) {
  put(key, named(key, [&] { return memory::number_text(value); }));
}
void MemoryCard::set_string(std::string_view key, std::string_view value) {
  put(key, named(key, [&] { return memory::string_text(value); }));
}
void MemoryCard::set_integer(std::string_view key, std::int64_t value) {
  put(key, std::to_string(value));
}
void MemoryCard::set_unsigned(std::string_view key, std::uint64_t value) {
  put(key, std::to_string(value));
}

bool MemoryCard::erase(std::string_view key) {
  const std::string full = full_key(key);
  const std::scoped_lock lock{state_->mutex};
  state_->require_loaded();
  if (!state_->entries.erase(full)) return false;
  ++state_->changes;
  return true;
}

void MemoryCard::clear() {
  const std::string own = full_key("");
  const std::string below = prefix_ + '\r';
  const std::scoped_lock lock{state_->mutex};
  state_->require_loaded();
  const auto belongs = [&](const std::string& key) {
    if (!is_multiplex() || key.starts_with(own)) return true;
    return key.starts_with(below) && key.find('\n') != std::string::npos;
  };
  if (state_->entries.erase_if(belongs)) ++state_->changes;
}

}  // namespace wechaty::puppet
