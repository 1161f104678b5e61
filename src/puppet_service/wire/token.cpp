// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/wire/token.hpp"

#include <algorithm>

namespace wechaty::puppet_service {

std::string server_name_of(std::string_view token) {
  const auto end = token.rfind('_');
  if (end == std::string_view::npos) return {};
  std::string name{token.substr(0, end)};
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return name;
}

}  // namespace wechaty::puppet_service
