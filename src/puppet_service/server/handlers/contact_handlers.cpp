// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <vector>

#include "puppet_service/server/methods.hpp"
#include "puppet_service/wire/payloads.hpp"
#include "puppet_service/wire/text.hpp"
#include "puppet_service/wire/twins.hpp"

namespace wechaty::puppet_service {
namespace {

void contact_self_qr_code(const Incoming& incoming, const pb::ContactSelfQRCodeRequest&,
                          pb::ContactSelfQRCodeResponse& response) {
  response.set_qrcode(utf8(incoming.puppet().contact_self_qr_code()));
}

void contact_self_name(const Incoming& incoming, const pb::ContactSelfNameRequest& request,
                       pb::ContactSelfNameResponse&) {
  incoming.puppet().set_contact_self_name(request.name());
}

void contact_self_signature(const Incoming& incoming,
                            const pb::ContactSelfSignatureRequest& request,
                            pb::ContactSelfSignatureResponse&) {
  incoming.puppet().set_contact_self_signature(request.signature());
}

void contact_payload(const Incoming& incoming, const pb::ContactPayloadRequest& request,
                     pb::ContactPayloadResponse& response) {
  write(incoming.puppet().contact_payload(request.id()), response);
}

bool cached_contact_payload(const Incoming& incoming, const pb::ContactPayloadRequest& request,
                            pb::ContactPayloadResponse& response) {
  const auto payload = incoming.puppet().contact_payload_cache(request.id());
  if (payload) write(*payload, response);
  return payload.has_value();
}

void contact_alias(const Incoming& incoming, const pb::ContactAliasRequest& request,
                   pb::ContactAliasResponse& response) {
  const auto alias =
      twin(request.has_alias(), request.alias(), request.has_alias_string_value_deprecated(),
           request.alias_string_value_deprecated());
  if (alias) {
    const bool clears = alias->empty();
    incoming.puppet().set_contact_alias(
        request.id(), clears ? std::nullopt : std::optional<std::string_view>{*alias});
    return;
  }
  // The twin is what npm clients can read an empty alias from.
  const std::string current = utf8(incoming.puppet().contact_alias(request.id()));
  response.set_alias(current);
  response.mutable_alias_string_value_deprecated()->set_value(current);
}

void contact_avatar(const Incoming& incoming, const pb::ContactAvatarRequest& request,
                    pb::ContactAvatarResponse& response) {
  const auto box = twin(request.has_file_box(), request.file_box(),
                        request.has_filebox_string_value_deprecated(),
                        request.filebox_string_value_deprecated());
  if (box) {
    incoming.puppet().set_contact_avatar(
        request.id(), incoming.account.incoming(*box, "ContactAvatarRequest.file_box"));
    return;
  }
  const std::string text =
      incoming.account.outgoing(incoming.puppet().contact_avatar(request.id()));
  response.set_file_box(text);
  response.mutable_filebox_string_value_deprecated()->set_value(text);
}

void contact_phone(const Incoming& incoming, const pb::ContactPhoneRequest& request,
                   pb::ContactPhoneResponse&) {
  const std::vector<std::string> phones{request.phones().begin(), request.phones().end()};
  incoming.puppet().set_contact_phone(request.contact_id(), phones);
}

std::optional<std::string_view> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>{text};
}

void contact_corporation_remark(const Incoming& incoming,
                                const pb::ContactCorporationRemarkRequest& request,
                                pb::ContactCorporationRemarkResponse&) {
  const std::string& remark =
      twin(request.corporation_remark(), request.corporation_remark_string_value_deprecated());
  incoming.puppet().set_contact_corporation_remark(request.contact_id(), unless_empty(remark));
}

void contact_description(const Incoming& incoming, const pb::ContactDescriptionRequest& request,
                         pb::ContactDescriptionResponse&) {
  const std::string& description =
      twin(request.description(), request.description_string_value_deprecated());
  incoming.puppet().set_contact_description(request.contact_id(), unless_empty(description));
}

void contact_list(const Incoming& incoming, const pb::ContactListRequest&,
                  pb::ContactListResponse& response) {
  for (const auto& id : incoming.puppet().contact_list()) response.add_ids(utf8(id));
}

}  // namespace

void add_contact_methods(UnaryMethods& methods) {
  methods["ContactSelfQRCode"] = method<&contact_self_qr_code>();
  methods["ContactSelfName"] = method<&contact_self_name>();
  methods["ContactSelfSignature"] = method<&contact_self_signature>();
  methods["ContactPayload"] = method<&contact_payload, &cached_contact_payload>();
  methods["ContactAlias"] = method<&contact_alias>();
  methods["ContactAvatar"] = method<&contact_avatar>();
  methods["ContactPhone"] = method<&contact_phone>();
  methods["ContactCorporationRemark"] = method<&contact_corporation_remark>();
  methods["ContactDescription"] = method<&contact_description>();
  methods["ContactList"] = method<&contact_list>();
}

}  // namespace wechaty::puppet_service
