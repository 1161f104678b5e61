// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_service/connection_status.hpp"

namespace wechaty::puppet_service {

std::string_view state_name(ConnectionState state) noexcept {
  switch (state) {
    case ConnectionState::connecting: return "connecting";
    case ConnectionState::online: return "online";
    case ConnectionState::stale: return "stale";
    case ConnectionState::offline: return "offline";
  }
  return "offline";
}

}  // namespace wechaty::puppet_service
