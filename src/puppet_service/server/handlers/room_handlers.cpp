// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "puppet_service/server/methods.hpp"
#include "puppet_service/wire/payloads.hpp"
#include "puppet_service/wire/text.hpp"
#include "puppet_service/wire/twins.hpp"
#include "wechaty/puppet/schemas/json.hpp"

namespace wechaty::puppet_service {
namespace {

void room_payload(const Incoming& incoming, const pb::RoomPayloadRequest& request,
                  pb::RoomPayloadResponse& response) {
  write(incoming.puppet().room_payload(request.id()), response);
}

bool cached_room_payload(const Incoming& incoming, const pb::RoomPayloadRequest& request,
                         pb::RoomPayloadResponse& response) {
  const auto payload = incoming.puppet().room_payload_cache(request.id());
  if (payload) write(*payload, response);
  return payload.has_value();
}

void room_list(const Incoming& incoming, const pb::RoomListRequest&,
               pb::RoomListResponse& response) {
  for (const auto& id : incoming.puppet().room_list()) response.add_ids(utf8(id));
}

void room_add(const Incoming& incoming, const pb::RoomAddRequest& request, pb::RoomAddResponse&) {
  incoming.puppet().room_add(request.id(), request.contact_id(), request.invite_only());
}

void room_del(const Incoming& incoming, const pb::RoomDelRequest& request, pb::RoomDelResponse&) {
  incoming.puppet().room_del(request.id(), request.contact_id());
}

void room_create(const Incoming& incoming, const pb::RoomCreateRequest& request,
                 pb::RoomCreateResponse& response) {
  const std::vector<std::string> contacts{request.contact_ids().begin(),
                                          request.contact_ids().end()};
  response.set_id(utf8(incoming.puppet().room_create(contacts, request.topic())));
}

void room_quit(const Incoming& incoming, const pb::RoomQuitRequest& request,
               pb::RoomQuitResponse&) {
  incoming.puppet().room_quit(request.id());
}

void room_topic(const Incoming& incoming, const pb::RoomTopicRequest& request,
                pb::RoomTopicResponse& response) {
  const auto topic =
      twin(request.has_topic(), request.topic(), request.has_topic_string_value_deprecated(),
           request.topic_string_value_deprecated());
  if (topic) {
    incoming.puppet().set_room_topic(request.id(), *topic);
    return;
  }
  const std::string current = utf8(incoming.puppet().room_topic(request.id()));
  response.set_topic(current);
  response.mutable_topic_string_value_deprecated()->set_value(current);
}

void room_announce(const Incoming& incoming, const pb::RoomAnnounceRequest& request,
                   pb::RoomAnnounceResponse& response) {
  const auto text =
      twin(request.has_text(), request.text(), request.has_text_string_value_deprecated(),
           request.text_string_value_deprecated());
  if (text) {
    incoming.puppet().set_room_announce(request.id(), *text);
    return;
  }
  const std::string current = utf8(incoming.puppet().room_announce(request.id()));
  response.set_text(current);
  response.mutable_text_string_value_deprecated()->set_value(current);
}

void room_qr_code(const Incoming& incoming, const pb::RoomQRCodeRequest& request,
                  pb::RoomQRCodeResponse& response) {
  response.set_qrcode(utf8(incoming.puppet().room_qr_code(request.id())));
}

void room_avatar(const Incoming& incoming, const pb::RoomAvatarRequest& request,
                 pb::RoomAvatarResponse& response) {
  response.set_file_box(incoming.account.outgoing(incoming.puppet().room_avatar(request.id())));
}

void room_member_list(const Incoming& incoming, const pb::RoomMemberListRequest& request,
                      pb::RoomMemberListResponse& response) {
  for (const auto& id : incoming.puppet().room_member_list(request.id())) {
    response.add_member_ids(utf8(id));
  }
}

void room_member_payload(const Incoming& incoming, const pb::RoomMemberPayloadRequest& request,
                         pb::RoomMemberPayloadResponse& response) {
  write(incoming.puppet().room_member_payload(request.id(), request.member_id()), response);
}

/// With a payload it is a setter.
void room_invitation_payload(const Incoming& incoming,
                             const pb::RoomInvitationPayloadRequest& request,
                             pb::RoomInvitationPayloadResponse& response) {
  const std::string& json =
      setter_json(request.payload(), request.payload_string_value_deprecated());
  if (!json.empty()) {
    auto payload = parse_json(json, "RoomInvitationPayloadRequest.payload")
                       .get<puppet::RoomInvitationPayload>();
    payload.id = request.id();
    incoming.puppet().set_room_invitation_payload(std::move(payload));
    return;
  }
  write(incoming.puppet().room_invitation_payload(request.id()), response);
}

void room_invitation_accept(const Incoming& incoming,
                            const pb::RoomInvitationAcceptRequest& request,
                            pb::RoomInvitationAcceptResponse&) {
  incoming.puppet().room_invitation_accept(request.id());
}

}  // namespace

void add_room_methods(UnaryMethods& methods) {
  methods["RoomPayload"] = method<&room_payload, &cached_room_payload>();
  methods["RoomList"] = method<&room_list>();
  methods["RoomAdd"] = method<&room_add>();
  methods["RoomDel"] = method<&room_del>();
  methods["RoomCreate"] = method<&room_create>();
  methods["RoomQuit"] = method<&room_quit>();
  methods["RoomTopic"] = method<&room_topic>();
  methods["RoomAnnounce"] = method<&room_announce>();
  methods["RoomQRCode"] = method<&room_qr_code>();
  methods["RoomAvatar"] = method<&room_avatar>();
  methods["RoomMemberList"] = method<&room_member_list>();
  methods["RoomMemberPayload"] = method<&room_member_payload>();
  methods["RoomInvitationPayload"] = method<&room_invitation_payload>();
  methods["RoomInvitationAccept"] = method<&room_invitation_accept>();
}

}  // namespace wechaty::puppet_service
