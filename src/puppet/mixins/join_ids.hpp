// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <unordered_set>
#include <vector>

namespace wechaty::puppet {

/// Lists of ids one after the other, each id once, at its first place.
inline std::vector<std::string> join_ids(std::initializer_list<std::vector<std::string>> lists) {
  std::vector<std::string> joined;
  std::unordered_set<std::string> seen;
  for (const auto& list : lists) {
    for (const std::string& id : list) {
      if (seen.insert(id).second) joined.push_back(id);
    }
  }
  return joined;
}

}  // namespace wechaty::puppet
