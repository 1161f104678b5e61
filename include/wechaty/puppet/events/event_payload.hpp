// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <variant>

#include "wechaty/puppet/events/chat_events.hpp"
#include "wechaty/puppet/events/room_events.hpp"
#include "wechaty/puppet/events/system_events.hpp"

namespace wechaty::puppet {

/// Any event of the contract. A new event is added here and gets its name below; whoever visits
/// the variant without an answer to it does not compile any more.
using EventPayload =
    std::variant<EventDirtyPayload, EventDongPayload, EventErrorPayload, EventFriendshipPayload,
                 EventHeartbeatPayload, EventLoginPayload, EventLogoutPayload, EventMessagePayload,
                 EventPostPayload, EventReadyPayload, EventResetPayload, EventRoomAnnouncePayload,
                 EventRoomInvitePayload, EventRoomJoinPayload, EventRoomLeavePayload,
                 EventRoomTopicPayload, EventScanPayload, EventStartPayload, EventStopPayload>;

namespace detail {
template <class E>
consteval std::string_view not_an_event() {
  static_assert(sizeof(E) == 0, "this type is no event of the contract");
  return {};
}
}  // namespace detail

/// The name of an event on the wire and in every other language, e.g. "room-join".
template <class E>
inline constexpr std::string_view event_name = detail::not_an_event<E>();

template <>
inline constexpr std::string_view event_name<EventDirtyPayload> = "dirty";
template <>
inline constexpr std::string_view event_name<EventDongPayload> = "dong";
template <>
inline constexpr std::string_view event_name<EventErrorPayload> = "error";
template <>
inline constexpr std::string_view event_name<EventFriendshipPayload> = "friendship";
template <>
inline constexpr std::string_view event_name<EventHeartbeatPayload> = "heartbeat";
template <>
inline constexpr std::string_view event_name<EventLoginPayload> = "login";
template <>
inline constexpr std::string_view event_name<EventLogoutPayload> = "logout";
template <>
inline constexpr std::string_view event_name<EventMessagePayload> = "message";
template <>
inline constexpr std::string_view event_name<EventPostPayload> = "post";
template <>
inline constexpr std::string_view event_name<EventReadyPayload> = "ready";
template <>
inline constexpr std::string_view event_name<EventResetPayload> = "reset";
template <>
inline constexpr std::string_view event_name<EventRoomAnnouncePayload> = "room-announce";
template <>
inline constexpr std::string_view event_name<EventRoomInvitePayload> = "room-invite";
template <>
inline constexpr std::string_view event_name<EventRoomJoinPayload> = "room-join";
template <>
inline constexpr std::string_view event_name<EventRoomLeavePayload> = "room-leave";
template <>
inline constexpr std::string_view event_name<EventRoomTopicPayload> = "room-topic";
template <>
inline constexpr std::string_view event_name<EventScanPayload> = "scan";
template <>
inline constexpr std::string_view event_name<EventStartPayload> = "start";
template <>
inline constexpr std::string_view event_name<EventStopPayload> = "stop";

/// The wire name of the event inside. Thread: any.
[[nodiscard]] constexpr std::string_view name_of(const EventPayload& event) {
  return std::visit([]<class E>(const E&) { return event_name<E>; }, event);
}

}  // namespace wechaty::puppet
