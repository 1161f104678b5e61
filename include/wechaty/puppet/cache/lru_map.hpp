// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace wechaty::puppet {

/// Lets an unordered_map with string keys be searched by string_view.
struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};

/// A map that forgets the entry that was not used for the longest time when it is full.
///
/// Thread: none; its owner locks.
template <class Value>
class LruMap {
 public:
  /// @param capacity  the most entries it holds, at least 1
  explicit LruMap(std::size_t capacity) : capacity_{capacity} {}

  /// The value of `key`, which counts as used now; null when there is none. The pointer holds until
  /// the next change.
  [[nodiscard]] Value* find(std::string_view key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->second;
  }

  /// As find(), but it does not count as a use.
  [[nodiscard]] Value* peek(std::string_view key) {
    const auto found = places_.find(key);
    return found == places_.end() ? nullptr : &found->second->second;
  }

  /// Insert or replace.
  Value& put(std::string_view key, Value value) {
    if (Value* present = find(key)) {
      *present = std::move(value);
      return *present;
    }
    if (entries_.size() >= capacity_) {
      places_.erase(places_.find(entries_.back().first));
      entries_.pop_back();
    }
    entries_.emplace_front(std::string{key}, std::move(value));
    places_.emplace(entries_.front().first, entries_.begin());
    return entries_.front().second;
  }

  bool erase(std::string_view key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return false;
    const auto entry = found->second;
    places_.erase(found);
    entries_.erase(entry);
    return true;
  }

  void clear() {
    places_.clear();
    entries_.clear();
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  /// Newest use first.
  [[nodiscard]] auto begin() const { return entries_.begin(); }
  [[nodiscard]] auto end() const { return entries_.end(); }

 private:
  using Entries = std::list<std::pair<std::string, Value>>;

  std::size_t capacity_;
  Entries entries_;  // newest use first; a place's key views the entry's string
  // With the standard's hash, whose results libstdc++ keeps; those of another it computes anew.
  std::unordered_map<std::string_view, typename Entries::iterator> places_;
};

}  // namespace wechaty::puppet
