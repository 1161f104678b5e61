// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace wechaty::puppet {

/// What can be told of the texts that a regular expression matches without running it: a search
/// through a hundred thousand names runs it on the few that can match.
struct PatternHints {
  /// Every text that matches has this in it, byte by byte; empty: nothing is known.
  std::string required;
  /// It matches at the beginning of a text or not at all.
  bool anchored = false;
};

/// @param pattern  well-formed ECMAScript, in UTF-8, that tells capital letters from small ones
/// Thread: any.
[[nodiscard]] PatternHints hints_of(std::string_view pattern);

}  // namespace wechaty::puppet
