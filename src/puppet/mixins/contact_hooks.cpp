// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/contact_mixin.hpp"

// The hooks of ContactMixin where a puppet does not override them.

namespace wechaty::puppet {

ContactPayload ContactMixin::do_contact_payload(std::string_view) {
  core_.unsupported(Capability::contact_payload);
}

std::vector<std::string> ContactMixin::do_contact_list() {
  core_.unsupported(Capability::contact_list);
}

std::string ContactMixin::do_contact_alias(std::string_view) {
  core_.unsupported(Capability::contact_alias);
}

void ContactMixin::do_set_contact_alias(std::string_view, std::optional<std::string_view>) {
  core_.unsupported(Capability::set_contact_alias);
}

FileBox ContactMixin::do_contact_avatar(std::string_view) {
  core_.unsupported(Capability::contact_avatar);
}

void ContactMixin::do_set_contact_avatar(std::string_view, const FileBox&) {
  core_.unsupported(Capability::set_contact_avatar);
}

void ContactMixin::do_set_contact_phone(std::string_view, std::span<const std::string>) {
  core_.unsupported(Capability::set_contact_phone);
}

void ContactMixin::do_set_contact_corporation_remark(std::string_view,
                                                     std::optional<std::string_view>) {
  core_.unsupported(Capability::set_contact_corporation_remark);
}

void ContactMixin::do_set_contact_description(std::string_view, std::optional<std::string_view>) {
  core_.unsupported(Capability::set_contact_description);
}

void ContactMixin::do_set_contact_self_name(std::string_view) {
  core_.unsupported(Capability::set_contact_self_name);
}

std::string ContactMixin::do_contact_self_qr_code() {
  core_.unsupported(Capability::contact_self_qr_code);
}

void ContactMixin::do_set_contact_self_signature(std::string_view) {
  core_.unsupported(Capability::set_contact_self_signature);
}

std::optional<bool> ContactMixin::implements(Capability capability) const {
  switch (capability) {
    case Capability::contact_payload:
      return hooks_.overrides(this, &ContactMixin::do_contact_payload);
    case Capability::contact_list: return hooks_.overrides(this, &ContactMixin::do_contact_list);
    case Capability::contact_alias: return hooks_.overrides(this, &ContactMixin::do_contact_alias);
    case Capability::set_contact_alias:
      return hooks_.overrides(this, &ContactMixin::do_set_contact_alias);
    case Capability::contact_avatar:
      return hooks_.overrides(this, &ContactMixin::do_contact_avatar);
    case Capability::set_contact_avatar:
      return hooks_.overrides(this, &ContactMixin::do_set_contact_avatar);
    case Capability::set_contact_phone:
      return hooks_.overrides(this, &ContactMixin::do_set_contact_phone);
    case Capability::set_contact_corporation_remark:
      return hooks_.overrides(this, &ContactMixin::do_set_contact_corporation_remark);
    case Capability::set_contact_description:
      return hooks_.overrides(this, &ContactMixin::do_set_contact_description);
    case Capability::set_contact_self_name:
      return hooks_.overrides(this, &ContactMixin::do_set_contact_self_name);
    case Capability::contact_self_qr_code:
      return hooks_.overrides(this, &ContactMixin::do_contact_self_qr_code);
    case Capability::set_contact_self_signature:
      return hooks_.overrides(this, &ContactMixin::do_set_contact_self_signature);
    default: return std::nullopt;
  }
}

}  // namespace wechaty::puppet
