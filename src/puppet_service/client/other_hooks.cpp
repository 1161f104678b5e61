// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/client/client.hpp"
#include "puppet_service/wire/payloads.hpp"
#include "puppet_service/wire/text.hpp"
#include "puppet_service/wire/twins.hpp"
#include "wechaty/puppet_service/puppet_service.hpp"

// Friendships and tags. Where a field has a deprecated twin both are sent and both are read.

namespace wechaty::puppet_service {

namespace {

/// The contact that a search has found, if it has.
template <class Response>
std::optional<std::string> found(const Response& answer) {
  const std::string& id = twin(answer.contact_id(), answer.contact_id_string_value_deprecated());
  return id.empty() ? std::nullopt : std::optional{id};
}

}  // namespace

puppet::FriendshipPayload PuppetService::do_friendship_payload(std::string_view id) {
  pb::FriendshipPayloadRequest request;
  request.set_id(std::string{id});
  return read(client_->call("FriendshipPayload", &Stub::FriendshipPayload, request));
}

void PuppetService::do_friendship_accept(std::string_view id) {
  pb::FriendshipAcceptRequest request;
  request.set_id(std::string{id});
  client_->call("FriendshipAccept", &Stub::FriendshipAccept, request);
}

void PuppetService::do_friendship_add(std::string_view contact_id,
                                      const puppet::FriendshipAddOptions& options) {
  pb::FriendshipAddRequest request;
  request.set_contact_id(std::string{contact_id});
  request.set_hello(utf8(options.hello.value_or("")));
  const std::string room = options.room_id.value_or("");
  const std::string contact = options.contact_id.value_or("");
  request.mutable_referrer()->set_room_id(room);
  request.mutable_referrer()->set_contact_id(contact);
  // The reference's server reads nothing but these.
  request.mutable_source_room_id_string_value_deprecated()->set_value(room);
  request.mutable_source_contact_id_string_value_deprecated()->set_value(contact);
  client_->call("FriendshipAdd", &Stub::FriendshipAdd, request);
}

std::optional<std::string> PuppetService::do_friendship_search_phone(std::string_view phone) {
  pb::FriendshipSearchPhoneRequest request;
  request.set_phone(std::string{phone});
  return found(client_->call("FriendshipSearchPhone", &Stub::FriendshipSearchPhone, request));
}

std::optional<std::string> PuppetService::do_friendship_search_handle(std::string_view handle) {
  pb::FriendshipSearchHandleRequest request;
  request.set_weixin(std::string{handle});
  return found(client_->call("FriendshipSearchHandle", &Stub::FriendshipSearchHandle, request));
}

void PuppetService::do_tag_contact_add(std::string_view tag_id, std::string_view contact_id) {
  pb::TagContactAddRequest request;
  request.set_id(std::string{tag_id});
  request.set_contact_id(std::string{contact_id});
  client_->call("TagContactAdd", &Stub::TagContactAdd, request);
}

void PuppetService::do_tag_contact_remove(std::string_view tag_id, std::string_view contact_id) {
  pb::TagContactRemoveRequest request;
  request.set_id(std::string{tag_id});
  request.set_contact_id(std::string{contact_id});
  client_->call("TagContactRemove", &Stub::TagContactRemove, request);
}

void PuppetService::do_tag_contact_delete(std::string_view tag_id) {
  pb::TagContactDeleteRequest request;
  request.set_id(std::string{tag_id});
  client_->call("TagContactDelete", &Stub::TagContactDelete, request);
}

std::vector<std::string> PuppetService::do_tag_contact_list(std::string_view contact_id) {
  pb::TagContactListRequest request;
  request.set_contact_id(std::string{contact_id});
  request.mutable_contact_id_string_value_deprecated()->set_value(std::string{contact_id});
  const auto answer = client_->call("TagContactList", &Stub::TagContactList, request);
  return {answer.ids().begin(), answer.ids().end()};
}

std::vector<std::string> PuppetService::do_tag_contact_list_all() {
  const auto answer =
      client_->call("TagContactList", &Stub::TagContactList, pb::TagContactListRequest{});
  return {answer.ids().begin(), answer.ids().end()};
}

}  // namespace wechaty::puppet_service
