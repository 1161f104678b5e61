// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/client/client.hpp"
#include "puppet_service/wire/payloads.hpp"
#include "puppet_service/wire/text.hpp"
#include "puppet_service/wire/twins.hpp"
#include "wechaty/puppet_service/puppet_service.hpp"

// Contacts. Where a field has a deprecated twin both are sent and both are read.

namespace wechaty::puppet_service {

namespace {

/// A file goes into the deprecated twin too, whole, as the reference does, if it is no larger.
constexpr std::size_t twin_bytes = 1024 * 1024;

}  // namespace

puppet::ContactPayload PuppetService::do_contact_payload(std::string_view id) {
  pb::ContactPayloadRequest request;
  request.set_id(std::string{id});
  return read(client_->call("ContactPayload", &Stub::ContactPayload, request));
}

std::vector<std::string> PuppetService::do_contact_list() {
  const auto answer = client_->call("ContactList", &Stub::ContactList, pb::ContactListRequest{});
  return {answer.ids().begin(), answer.ids().end()};
}

std::string PuppetService::do_contact_alias(std::string_view id) {
  pb::ContactAliasRequest request;
  request.set_id(std::string{id});
  const auto answer = client_->call("ContactAlias", &Stub::ContactAlias, request);
  return twin(answer.alias(), answer.alias_string_value_deprecated());
}

void PuppetService::do_set_contact_alias(std::string_view id,
                                         std::optional<std::string_view> alias) {
  const std::string text = utf8(alias.value_or(""));
  pb::ContactAliasRequest request;
  request.set_id(std::string{id});
  request.set_alias(text);
  request.mutable_alias_string_value_deprecated()->set_value(text);
  client_->call("ContactAlias", &Stub::ContactAlias, request);
}

puppet::FileBox PuppetService::do_contact_avatar(std::string_view id) {
  pb::ContactAvatarRequest request;
  request.set_id(std::string{id});
  const auto answer = client_->call("ContactAvatar", &Stub::ContactAvatar, request);
  return client_->files().box_of(twin(answer.file_box(), answer.filebox_string_value_deprecated()),
                                 "ContactAvatarResponse.file_box");
}

void PuppetService::do_set_contact_avatar(std::string_view id, const puppet::FileBox& avatar) {
  pb::ContactAvatarRequest request;
  request.set_id(std::string{id});
  request.set_file_box(client_->files().text_of(avatar));
  const bool can_be_read_again =
      avatar.type() == puppet::FileBoxType::buffer || avatar.type() == puppet::FileBoxType::base64;
  if (can_be_read_again && avatar.size().value_or(twin_bytes + 1) <= twin_bytes) {
    request.mutable_filebox_string_value_deprecated()->set_value(
        puppet::FileBox::from_base64(avatar.to_base64(), avatar.name(), avatar.md5())
            .to_json_text());
  }
  client_->call("ContactAvatar", &Stub::ContactAvatar, request);
}

void PuppetService::do_set_contact_phone(std::string_view id, std::span<const std::string> phones) {
  pb::ContactPhoneRequest request;
  request.set_contact_id(std::string{id});
  for (const auto& phone : phones) request.add_phones(phone);
  client_->call("ContactPhone", &Stub::ContactPhone, request);
}

void PuppetService::do_set_contact_corporation_remark(std::string_view id,
                                                      std::optional<std::string_view> remark) {
  pb::ContactCorporationRemarkRequest request;
  request.set_contact_id(std::string{id});
  if (remark && !remark->empty()) {  // nothing at all means "clear it"
    request.set_corporation_remark(utf8(*remark));
    request.mutable_corporation_remark_string_value_deprecated()->set_value(utf8(*remark));
  }
  client_->call("ContactCorporationRemark", &Stub::ContactCorporationRemark, request);
}

void PuppetService::do_set_contact_description(std::string_view id,
                                               std::optional<std::string_view> description) {
  pb::ContactDescriptionRequest request;
  request.set_contact_id(std::string{id});
  if (description && !description->empty()) {
    request.set_description(utf8(*description));
    request.mutable_description_string_value_deprecated()->set_value(utf8(*description));
  }
  client_->call("ContactDescription", &Stub::ContactDescription, request);
}

void PuppetService::do_set_contact_self_name(std::string_view name) {
  pb::ContactSelfNameRequest request;
  request.set_name(utf8(name));
  client_->call("ContactSelfName", &Stub::ContactSelfName, request);
}

std::string PuppetService::do_contact_self_qr_code() {
  return client_
      ->call("ContactSelfQRCode", &Stub::ContactSelfQRCode, pb::ContactSelfQRCodeRequest{})
      .qrcode();
}

void PuppetService::do_set_contact_self_signature(std::string_view signature) {
  pb::ContactSelfSignatureRequest request;
  request.set_signature(utf8(signature));
  client_->call("ContactSelfSignature", &Stub::ContactSelfSignature, request);
}

}  // namespace wechaty::puppet_service
