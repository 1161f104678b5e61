// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "wechaty/puppet/schemas/dirty_type.hpp"
#include "wechaty/puppet/schemas/scan_status.hpp"

/// The events about the puppet itself: its life, its session, its caches.
/// Source of all of them: wechaty-puppet schemas/event.ts.
namespace wechaty::puppet {

/// `start`: the puppet is up. No payload.
struct EventStartPayload {
  friend bool operator==(const EventStartPayload&, const EventStartPayload&) = default;
};

/// `stop`: the puppet is down. No payload.
struct EventStopPayload {
  friend bool operator==(const EventStopPayload&, const EventStopPayload&) = default;
};

/// `scan`: a code has to be scanned to log in, or its scan has come a step further.
struct EventScanPayload {
  ScanStatus status = ScanStatus::unknown;
  std::optional<std::string> qrcode;  ///< the text of the code, with ScanStatus::waiting
  std::optional<std::string> data;

  friend bool operator==(const EventScanPayload&, const EventScanPayload&) = default;
};

/// `login`: a login session began.
struct EventLoginPayload {
  std::string contact_id;  ///< the account that the puppet is logged in as

  friend bool operator==(const EventLoginPayload&, const EventLoginPayload&) = default;
};

/// `logout`: the login session ended.
struct EventLogoutPayload {
  std::string contact_id;           ///< the account that was logged in
  std::optional<std::string> data;  ///< the reason

  friend bool operator==(const EventLogoutPayload&, const EventLogoutPayload&) = default;
};

/// `ready`: all contacts, rooms and members are synchronised.
struct EventReadyPayload {
  std::optional<std::string> data;

  friend bool operator==(const EventReadyPayload&, const EventReadyPayload&) = default;
};

/// `reset`: the puppet is about to be stopped and started again.
struct EventResetPayload {
  std::optional<std::string> data;  ///< the reason

  friend bool operator==(const EventResetPayload&, const EventResetPayload&) = default;
};

/// `heartbeat`: the connection to the service is alive.
struct EventHeartbeatPayload {
  std::optional<std::string> data;

  friend bool operator==(const EventHeartbeatPayload&, const EventHeartbeatPayload&) = default;
};

/// `dong`: the answer to `ding(data)`, with the same data.
struct EventDongPayload {
  std::optional<std::string> data;

  friend bool operator==(const EventDongPayload&, const EventDongPayload&) = default;
};

/// `dirty`: a payload has changed at the service and is no longer in the cache.
struct EventDirtyPayload {
  DirtyType payload_type = DirtyType::unspecified;
  std::string payload_id;  ///< with DirtyType::room_member the id of the room

  friend bool operator==(const EventDirtyPayload&, const EventDirtyPayload&) = default;
};

/// `error`: something failed that no caller waits for. See error_event.hpp for making and
/// reading one.
struct EventErrorPayload {
  std::string gerror;               ///< JSON text of `{code, details, message, name}`
  std::optional<std::string> data;  ///< deprecated: the message alone

  friend bool operator==(const EventErrorPayload&, const EventErrorPayload&) = default;
};

}  // namespace wechaty::puppet
