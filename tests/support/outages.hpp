// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <sstream>
#include <vector>

namespace wechaty::puppet::test {

/// Seconds that a server is away: 3, or what the environment says, e.g. "3 20 120".
inline std::vector<int> outages() {
  const char* const given = std::getenv("WECHATY_PUPPET_TEST_OUTAGES");
  std::istringstream words{given != nullptr ? given : "3"};
  std::vector<int> seconds;
  for (int one = 0; words >> one;) seconds.push_back(one);
  return seconds;
}

}  // namespace wechaty::puppet::test
