// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "puppet_service/wire/messages.hpp"
#include "wechaty/puppet/events/event_payload.hpp"

namespace wechaty::puppet_service {

/// The event as it travels: its number and the JSON text of its payload, always valid.
///
/// @result nullopt for the events that the reference never sends and its clients do not know:
///         reset, start, stop and room-announce
/// Thread: any.
[[nodiscard]] std::optional<pb::EventResponse> write_event(const puppet::EventPayload& event);

/// The event in a message of the stream.
///
/// @result nullopt for numbers that are no event of ours; a newer peer may send them
/// @throws InvalidArgumentError when the payload is no JSON of that event
/// Thread: any.
[[nodiscard]] std::optional<puppet::EventPayload> read_event(const pb::EventResponse& message);

}  // namespace wechaty::puppet_service
