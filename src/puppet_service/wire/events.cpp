// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/wire/events.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "puppet_service/wire/text.hpp"
#include "wechaty/puppet/events/error_event.hpp"
#include "wechaty/puppet/events/json.hpp"

namespace wechaty::puppet_service {
namespace {

struct Number {
  std::string_view name;
  pb::EventType type;
};

constexpr std::array numbers{
    Number{"heartbeat", pb::EVENT_TYPE_HEARTBEAT},
    Number{"message", pb::EVENT_TYPE_MESSAGE},
    Number{"dong", pb::EVENT_TYPE_DONG},
    Number{"post", pb::EVENT_TYPE_POST},
    Number{"error", pb::EVENT_TYPE_ERROR},
    Number{"friendship", pb::EVENT_TYPE_FRIENDSHIP},
    Number{"room-invite", pb::EVENT_TYPE_ROOM_INVITE},
    Number{"room-join", pb::EVENT_TYPE_ROOM_JOIN},
    Number{"room-leave", pb::EVENT_TYPE_ROOM_LEAVE},
    Number{"room-topic", pb::EVENT_TYPE_ROOM_TOPIC},
    Number{"scan", pb::EVENT_TYPE_SCAN},
    Number{"ready", pb::EVENT_TYPE_READY},
    Number{"login", pb::EVENT_TYPE_LOGIN},
    Number{"logout", pb::EVENT_TYPE_LOGOUT},
    Number{"dirty", pb::EVENT_TYPE_DIRTY},
};

/// Clients in Rust and Python leave out events of these kinds that have no `data`.
void complete(nlohmann::json& json, const puppet::EventPayload& event) {
  if (json.contains("data")) return;
  if (const auto* error = std::get_if<puppet::EventErrorPayload>(&event)) {
    json["data"] = puppet::error_info(*error).message;
  } else if (std::holds_alternative<puppet::EventReadyPayload>(event)) {
    json["data"] = "ready";
  } else if (std::holds_alternative<puppet::EventLogoutPayload>(event)) {
    json["data"] = "logout";
  } else if (std::holds_alternative<puppet::EventDongPayload>(event)) {
    json["data"] = "";
  } else if (std::holds_alternative<puppet::EventHeartbeatPayload>(event)) {
    json["data"] = "heartbeat";
  }
}

}  // namespace

std::optional<pb::EventResponse> write_event(const puppet::EventPayload& event) {
  const std::string_view name = puppet::name_of(event);
  for (const auto& number : numbers) {
    if (number.name != name) continue;
    nlohmann::json json;
    puppet::to_json(json, event);
    complete(json, event);
    pb::EventResponse message;
    message.set_type(number.type);
    message.set_payload(
        json.dump(-1, ' ', /*ensure_ascii=*/false, nlohmann::json::error_handler_t::replace));
    return message;
  }
  return std::nullopt;
}

std::optional<puppet::EventPayload> read_event(const pb::EventResponse& message) {
  for (const auto& number : numbers) {
    if (number.type != message.type()) continue;
    return puppet::event_from_json(
        number.name,
        parse_json(message.payload(), "EventResponse.payload of " + std::string{number.name}));
  }
  return std::nullopt;
}

}  // namespace wechaty::puppet_service
