// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/client/client.hpp"
#include "puppet_service/wire/payloads.hpp"
#include "puppet_service/wire/text.hpp"
#include "puppet_service/wire/twins.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet_service/puppet_service.hpp"

// Rooms, their members, and invitations to them. Where a field has a deprecated twin both are sent
// and both are read.

namespace wechaty::puppet_service {

puppet::RoomPayload PuppetService::do_room_payload(std::string_view id) {
  pb::RoomPayloadRequest request;
  request.set_id(std::string{id});
  return read(client_->call("RoomPayload", &Stub::RoomPayload, request));
}

std::vector<std::string> PuppetService::do_room_list() {
  const auto answer = client_->call("RoomList", &Stub::RoomList, pb::RoomListRequest{});
  return {answer.ids().begin(), answer.ids().end()};
}

std::string PuppetService::do_room_create(std::span<const std::string> contact_ids,
                                          std::string_view topic) {
  pb::RoomCreateRequest request;
  for (const auto& id : contact_ids) request.add_contact_ids(id);
  request.set_topic(utf8(topic));
  return client_->call("RoomCreate", &Stub::RoomCreate, request).id();
}

void PuppetService::do_room_add(std::string_view id, std::string_view contact_id,
                                bool invite_only) {
  pb::RoomAddRequest request;
  request.set_id(std::string{id});
  request.set_contact_id(std::string{contact_id});
  request.set_invite_only(invite_only);
  client_->call("RoomAdd", &Stub::RoomAdd, request);
}

void PuppetService::do_room_del(std::string_view id, std::string_view contact_id) {
  pb::RoomDelRequest request;
  request.set_id(std::string{id});
  request.set_contact_id(std::string{contact_id});
  client_->call("RoomDel", &Stub::RoomDel, request);
}

void PuppetService::do_room_quit(std::string_view id) {
  pb::RoomQuitRequest request;
  request.set_id(std::string{id});
  client_->call("RoomQuit", &Stub::RoomQuit, request);
}

std::string PuppetService::do_room_topic(std::string_view id) {
  pb::RoomTopicRequest request;
  request.set_id(std::string{id});
  const auto answer = client_->call("RoomTopic", &Stub::RoomTopic, request);
  return twin(answer.topic(), answer.topic_string_value_deprecated());
}

void PuppetService::do_set_room_topic(std::string_view id, std::string_view topic) {
  pb::RoomTopicRequest request;
  request.set_id(std::string{id});
  request.set_topic(utf8(topic));
  request.mutable_topic_string_value_deprecated()->set_value(utf8(topic));
  client_->call("RoomTopic", &Stub::RoomTopic, request);
}

std::string PuppetService::do_room_announce(std::string_view id) {
  pb::RoomAnnounceRequest request;
  request.set_id(std::string{id});
  const auto answer = client_->call("RoomAnnounce", &Stub::RoomAnnounce, request);
  return twin(answer.text(), answer.text_string_value_deprecated());
}

/// Differs: the reference's client cannot clear an announcement; it asks for it instead.
void PuppetService::do_set_room_announce(std::string_view id, std::string_view text) {
  pb::RoomAnnounceRequest request;
  request.set_id(std::string{id});
  request.set_text(utf8(text));
  request.mutable_text_string_value_deprecated()->set_value(utf8(text));
  client_->call("RoomAnnounce", &Stub::RoomAnnounce, request);
}

puppet::FileBox PuppetService::do_room_avatar(std::string_view id) {
  pb::RoomAvatarRequest request;
  request.set_id(std::string{id});
  const auto answer = client_->call("RoomAvatar", &Stub::RoomAvatar, request);
  return client_->files().box_of(answer.file_box(), "RoomAvatarResponse.file_box");
}

std::string PuppetService::do_room_qr_code(std::string_view id) {
  pb::RoomQRCodeRequest request;
  request.set_id(std::string{id});
  return client_->call("RoomQRCode", &Stub::RoomQRCode, request).qrcode();
}

std::vector<std::string> PuppetService::do_room_member_list(std::string_view room_id) {
  pb::RoomMemberListRequest request;
  request.set_id(std::string{room_id});
  const auto answer = client_->call("RoomMemberList", &Stub::RoomMemberList, request);
  return {answer.member_ids().begin(), answer.member_ids().end()};
}

puppet::RoomMemberPayload PuppetService::do_room_member_payload(std::string_view room_id,
                                                                std::string_view member_id) {
  pb::RoomMemberPayloadRequest request;
  request.set_id(std::string{room_id});
  request.set_member_id(std::string{member_id});
  return read(client_->call("RoomMemberPayload", &Stub::RoomMemberPayload, request));
}

puppet::RoomInvitationPayload PuppetService::do_room_invitation_payload(std::string_view id) {
  pb::RoomInvitationPayloadRequest request;
  request.set_id(std::string{id});
  return read(client_->call("RoomInvitationPayload", &Stub::RoomInvitationPayload, request));
}

void PuppetService::do_room_invitation_accept(std::string_view id) {
  pb::RoomInvitationAcceptRequest request;
  request.set_id(std::string{id});
  client_->call("RoomInvitationAccept", &Stub::RoomInvitationAccept, request);
}

}  // namespace wechaty::puppet_service
