// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace wechaty::puppet {

/// Whether capital and small letters are the same to a Regex.
enum class RegexCase { sensitive, insensitive };

/// A regular expression (ECMAScript) that is searched for anywhere in a text.
///
/// Cheap to copy; copies share one compiled pattern. Texts and patterns are UTF-8 and matched by
/// code points.
/// Thread: any; search() of one object may run on many threads at once.
class Regex {
 public:
  /// @param pattern    ECMAScript as std::regex knows it: no look-behind, no named groups
  /// @throws InvalidArgumentError, naming the pattern, when it is malformed or too large
  explicit Regex(std::string_view pattern, RegexCase letters = RegexCase::sensitive);

  /// Whether the pattern is found somewhere in `text`.
  [[nodiscard]] bool search(std::string_view text) const;

  [[nodiscard]] const std::string& pattern() const noexcept;
  [[nodiscard]] RegexCase letters() const noexcept;

  /// Same pattern, same treatment of capitals.
  friend bool operator==(const Regex& a, const Regex& b) noexcept;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

}  // namespace wechaty::puppet
