// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>

#include "wechaty/puppet/events/event_payload.hpp"
#include "wechaty/puppet/schemas.hpp"

namespace wechaty::puppet_xmpp {

/// The puppet, as the extensions see it: where news goes.
///
/// Thread: any. Does not block.
class Host {
 public:
  virtual ~Host() = default;
  virtual void report(puppet::EventPayload event) = 0;
  virtual void receive(puppet::MessagePayload message) = 0;
  virtual void receive(puppet::FriendshipPayload friendship) = 0;
  virtual void report_error(std::exception_ptr error) = 0;
};

/// `dirty` of one payload.
[[nodiscard]] inline puppet::EventDirtyPayload dirty(puppet::DirtyType type, std::string id) {
  return {.payload_type = type, .payload_id = std::move(id)};
}

}  // namespace wechaty::puppet_xmpp
