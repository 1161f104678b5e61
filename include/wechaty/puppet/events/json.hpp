// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "wechaty/puppet/events/event_payload.hpp"

/// JSON of the events, with the field names of the contract. Rules and errors: schemas/json.hpp.
namespace wechaty::puppet {

/// The payload of the event inside, without its name; `{}` for start and stop.
/// Thread: any.
void to_json(nlohmann::json& json, const EventPayload& event);

/// The event of that name with this payload.
///
/// @param name  as on the wire, e.g. "room-join"
/// @param json  an object; for start and stop null is taken as well
/// @throws InvalidArgumentError for an unknown name, a wrong type or a missing field
/// Thread: any.
[[nodiscard]] EventPayload event_from_json(std::string_view name, const nlohmann::json& json);

void to_json(nlohmann::json& json, const EventDirtyPayload& event);
void to_json(nlohmann::json& json, const EventDongPayload& event);
void to_json(nlohmann::json& json, const EventErrorPayload& event);
void to_json(nlohmann::json& json, const EventFriendshipPayload& event);
void to_json(nlohmann::json& json, const EventHeartbeatPayload& event);
void to_json(nlohmann::json& json, const EventLoginPayload& event);
void to_json(nlohmann::json& json, const EventLogoutPayload& event);
void to_json(nlohmann::json& json, const EventMessagePayload& event);
void to_json(nlohmann::json& json, const EventPostPayload& event);
void to_json(nlohmann::json& json, const EventReadyPayload& event);
void to_json(nlohmann::json& json, const EventResetPayload& event);
void to_json(nlohmann::json& json, const EventRoomAnnouncePayload& event);
void to_json(nlohmann::json& json, const EventRoomInvitePayload& event);
void to_json(nlohmann::json& json, const EventRoomJoinPayload& event);
void to_json(nlohmann::json& json, const EventRoomLeavePayload& event);
void to_json(nlohmann::json& json, const EventRoomTopicPayload& event);
void to_json(nlohmann::json& json, const EventScanPayload& event);
void to_json(nlohmann::json& json, const EventStartPayload& event);
void to_json(nlohmann::json& json, const EventStopPayload& event);

void from_json(const nlohmann::json& json, EventDirtyPayload& event);
void from_json(const nlohmann::json& json, EventDongPayload& event);
void from_json(const nlohmann::json& json, EventErrorPayload& event);
void from_json(const nlohmann::json& json, EventFriendshipPayload& event);
void from_json(const nlohmann::json& json, EventHeartbeatPayload& event);
void from_json(const nlohmann::json& json, EventLoginPayload& event);
void from_json(const nlohmann::json& json, EventLogoutPayload& event);
void from_json(const nlohmann::json& json, EventMessagePayload& event);
void from_json(const nlohmann::json& json, EventPostPayload& event);
void from_json(const nlohmann::json& json, EventReadyPayload& event);
void from_json(const nlohmann::json& json, EventResetPayload& event);
void from_json(const nlohmann::json& json, EventRoomAnnouncePayload& event);
void from_json(const nlohmann::json& json, EventRoomInvitePayload& event);
void from_json(const nlohmann::json& json, EventRoomJoinPayload& event);
void from_json(const nlohmann::json& json, EventRoomLeavePayload& event);
void from_json(const nlohmann::json& json, EventRoomTopicPayload& event);
void from_json(const nlohmann::json& json, EventScanPayload& event);
void from_json(const nlohmann::json& json, EventStartPayload& event);
void from_json(const nlohmann::json& json, EventStopPayload& event);

}  // namespace wechaty::puppet
