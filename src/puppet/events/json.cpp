// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/events/json.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <variant>

#include "puppet/schemas/json_reader.hpp"
#include "puppet/schemas/json_writer.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet {

using nlohmann::json;

// Not in an unnamed namespace: argument dependent lookup would not find describe() there.
namespace detail {

template <class IO, class T>
using Ref = typename IO::template Ref<T>;

template <class IO>
void describe(IO& io, Ref<IO, EventDirtyPayload> event) {
  io.required("payloadType", event.payload_type);
  io.required("payloadId", event.payload_id);
}

template <class IO>
void describe(IO& io, Ref<IO, EventDongPayload> event) {
  io.optional("data", event.data);
}

template <class IO>
void describe(IO& io, Ref<IO, EventErrorPayload> event) {
  // Optional on the wire, but a text here: an error event without it says nothing.
  std::optional<std::string> gerror;
  if (!event.gerror.empty()) gerror = event.gerror;
  io.optional("gerror", gerror);
  if constexpr (IO::reads) event.gerror = gerror.value_or("");
  io.optional("data", event.data);
}

template <class IO>
void describe(IO& io, Ref<IO, EventFriendshipPayload> event) {
  io.required("friendshipId", event.friendship_id);
}

template <class IO>
void describe(IO& io, Ref<IO, EventHeartbeatPayload> event) {
  io.optional("data", event.data);
}

template <class IO>
void describe(IO& io, Ref<IO, EventLoginPayload> event) {
  io.required("contactId", event.contact_id);
}

template <class IO>
void describe(IO& io, Ref<IO, EventLogoutPayload> event) {
  io.required("contactId", event.contact_id);
  io.optional("data", event.data);
}

template <class IO>
void describe(IO& io, Ref<IO, EventMessagePayload> event) {
  io.required("messageId", event.message_id);
}

template <class IO>
void describe(IO& io, Ref<IO, EventPostPayload> event) {
  io.required("postId", event.post_id);
}

template <class IO>
void describe(IO& io, Ref<IO, EventReadyPayload> event) {
  io.optional("data", event.data);
}

template <class IO>
void describe(IO& io, Ref<IO, EventResetPayload> event) {
  io.optional("data", event.data);
}

template <class IO>
void describe(IO& io, Ref<IO, EventRoomAnnouncePayload> event) {
  io.required("changerId", event.changer_id);
  io.required("newAnnounce", event.new_announce);
  io.optional("oldAnnounce", event.old_announce);
  io.required("roomId", event.room_id);
  io.required("timestamp", event.timestamp);
}

template <class IO>
void describe(IO& io, Ref<IO, EventRoomInvitePayload> event) {
  io.required("roomInvitationId", event.room_invitation_id);
}

template <class IO>
void describe(IO& io, Ref<IO, EventRoomJoinPayload> event) {
  io.required("inviteeIdList", event.invitee_id_list);
  io.required("inviterId", event.inviter_id);
  io.required("roomId", event.room_id);
  io.required("timestamp", event.timestamp);
}

template <class IO>
void describe(IO& io, Ref<IO, EventRoomLeavePayload> event) {
  io.required("removeeIdList", event.removee_id_list);
  io.required("removerId", event.remover_id);
  io.required("roomId", event.room_id);
  io.required("timestamp", event.timestamp);
}

template <class IO>
void describe(IO& io, Ref<IO, EventRoomTopicPayload> event) {
  io.required("changerId", event.changer_id);
  io.required("newTopic", event.new_topic);
  io.required("oldTopic", event.old_topic);
  io.required("roomId", event.room_id);
  io.required("timestamp", event.timestamp);
}

template <class IO>
void describe(IO& io, Ref<IO, EventScanPayload> event) {
  io.required("status", event.status);
  io.optional("qrcode", event.qrcode);
  io.optional("data", event.data);
}

template <class IO>
void describe(IO& /*io*/, Ref<IO, EventStartPayload> /*event*/) {}

template <class IO>
void describe(IO& /*io*/, Ref<IO, EventStopPayload> /*event*/) {}

/// `Event` is one of the alternatives of EventPayload, found by its name on the wire.
template <class... Event>
EventPayload read_by_name(std::string_view name, const json& in, const std::variant<Event...>*) {
  std::optional<EventPayload> result;
  const auto try_one = [&]<class E>(E event) {
    if (event_name<E> != name) return false;
    from_json(in, event);
    result = std::move(event);
    return true;
  };
  if (!(try_one(Event{}) || ...)) {
    throw InvalidArgumentError{"unknown event " + excerpt(name)};
  }
  return std::move(*result);
}

}  // namespace detail

void to_json(json& out, const EventPayload& event) {
  std::visit([&out](const auto& payload) { to_json(out, payload); }, event);
}

EventPayload event_from_json(std::string_view name, const json& in) {
  return detail::read_by_name(name, in, static_cast<const EventPayload*>(nullptr));
}

void to_json(json& out, const EventDirtyPayload& event) { out = detail::written(event); }
void to_json(json& out, const EventDongPayload& event) { out = detail::written(event); }
void to_json(json& out, const EventErrorPayload& event) { out = detail::written(event); }
void to_json(json& out, const EventFriendshipPayload& event) { out = detail::written(event); }
void to_json(json& out, const EventHeartbeatPayload& event) { out = detail::written(event); }
void to_json(json& out, const EventLoginPayload& event) { out = detail::written(event); }
void to_json(json& out, const EventLogoutPayload& event) { out = detail::written(event); }
void to_json(json& out, const EventMessagePayload& event) { out = detail::written(event); }
void to_json(json& out, const EventPostPayload& event) { out = detail::written(event); }
void to_json(json& out, const EventReadyPayload& event) { out = detail::written(event); }
void to_json(json& out, const EventResetPayload& event) { out = detail::written(event); }
void to_json(json& out, const EventRoomAnnouncePayload& event) { out = detail::written(event); }
void to_json(json& out, const EventRoomInvitePayload& event) { out = detail::written(event); }
void to_json(json& out, const EventRoomJoinPayload& event) { out = detail::written(event); }
void to_json(json& out, const EventRoomLeavePayload& event) { out = detail::written(event); }
void to_json(json& out, const EventRoomTopicPayload& event) { out = detail::written(event); }
void to_json(json& out, const EventScanPayload& event) { out = detail::written(event); }
void to_json(json& out, const EventStartPayload& event) { out = detail::written(event); }
void to_json(json& out, const EventStopPayload& event) { out = detail::written(event); }

void from_json(const json& in, EventDirtyPayload& event) {
  detail::read_document("EventDirtyPayload", in, event);
}
void from_json(const json& in, EventDongPayload& event) {
  detail::read_document("EventDongPayload", in, event);
}
void from_json(const json& in, EventErrorPayload& event) {
  detail::read_document("EventErrorPayload", in, event);
}
void from_json(const json& in, EventFriendshipPayload& event) {
  detail::read_document("EventFriendshipPayload", in, event);
}
void from_json(const json& in, EventHeartbeatPayload& event) {
  detail::read_document("EventHeartbeatPayload", in, event);
}
void from_json(const json& in, EventLoginPayload& event) {
  detail::read_document("EventLoginPayload", in, event);
}
void from_json(const json& in, EventLogoutPayload& event) {
  detail::read_document("EventLogoutPayload", in, event);
}
void from_json(const json& in, EventMessagePayload& event) {
  detail::read_document("EventMessagePayload", in, event);
}
void from_json(const json& in, EventPostPayload& event) {
  detail::read_document("EventPostPayload", in, event);
}
void from_json(const json& in, EventReadyPayload& event) {
  detail::read_document("EventReadyPayload", in, event);
}
void from_json(const json& in, EventResetPayload& event) {
  detail::read_document("EventResetPayload", in, event);
}
void from_json(const json& in, EventRoomAnnouncePayload& event) {
  detail::read_document("EventRoomAnnouncePayload", in, event);
}
void from_json(const json& in, EventRoomInvitePayload& event) {
  detail::read_document("EventRoomInvitePayload", in, event);
}
void from_json(const json& in, EventRoomJoinPayload& event) {
  detail::read_document("EventRoomJoinPayload", in, event);
}
void from_json(const json& in, EventRoomLeavePayload& event) {
  detail::read_document("EventRoomLeavePayload", in, event);
}
void from_json(const json& in, EventRoomTopicPayload& event) {
  detail::read_document("EventRoomTopicPayload", in, event);
}
void from_json(const json& in, EventScanPayload& event) {
  detail::read_document("EventScanPayload", in, event);
}
void from_json(const json& in, EventStartPayload& event) {
  if (!in.is_null()) detail::read_document("EventStartPayload", in, event);
}
void from_json(const json& in, EventStopPayload& event) {
  if (!in.is_null()) detail::read_document("EventStopPayload", in, event);
}

}  // namespace wechaty::puppet
