// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "wechaty/puppet.hpp"

namespace wechaty::puppet_mock {

/// @throws NotFoundError that says what is not there
template <class Map>
auto& find_in(Map& map, std::string_view id, std::string_view what) {
  const auto found = map.find(id);
  if (found == map.end()) {
    throw puppet::NotFoundError{"the mock network knows no " + std::string{what} + " \"" +
                                std::string{id} + "\""};
  }
  return found->second;
}

[[nodiscard]] inline bool contains(const std::vector<std::string>& ids, std::string_view id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// The payload of a message with this content, as far as the content tells. Completes `what`: a
/// file of no stated type becomes a picture, a video, a sound or an attachment by its name.
[[nodiscard]] puppet::MessagePayload describe(puppet::SayablePayload& what);

}  // namespace wechaty::puppet_mock
