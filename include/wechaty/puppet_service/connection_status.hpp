// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "wechaty/puppet/schemas/timestamp.hpp"

namespace wechaty::puppet_service {

/// How a client stands with its server. Whether the account is logged in is another question, but
/// it never is while the connection is `offline`.
enum class ConnectionState {
  connecting,  ///< start() is looking for the server
  online,      ///< events flow
  stale,       ///< the server fell silent or the stream broke; one attempt to go on is being made
  offline,     ///< not connected; after start() the client goes on trying
};

/// "connecting", "online", "stale", "offline".
[[nodiscard]] std::string_view state_name(ConnectionState state) noexcept;

struct ConnectionStatus {
  ConnectionState state = ConnectionState::offline;
  std::string reason;         ///< why, for people; "" while online
  puppet::Timestamp since{};  ///< when this state began

  bool operator==(const ConnectionStatus&) const = default;
};

}  // namespace wechaty::puppet_service
