// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/contact_mixin.hpp"

#include <utility>

#include "puppet/mixins/join_ids.hpp"
#include "puppet/mixins/load_all.hpp"
#include "wechaty/puppet/file_box/naming.hpp"

namespace wechaty::puppet {

namespace {
/// Payloads that a search fetches from the service at once, as in the original.
constexpr std::size_t contacts_at_once = 16;
}  // namespace

std::shared_ptr<const ContactPayload> ContactMixin::load_contact(std::string_view contact_id) {
  PuppetCore::require(contact_id, "contact_payload", "contact_id");
  return core_.caches().contact.get(contact_id, [&] {
    ContactPayload payload = do_contact_payload(contact_id);
    if (payload.id.empty()) payload.id = contact_id;
    return payload;
  });
}

ContactPayload ContactMixin::contact_payload(std::string_view contact_id) {
  return *load_contact(contact_id);
}

std::optional<ContactPayload> ContactMixin::contact_payload_cache(std::string_view contact_id) {
  PuppetCore::require(contact_id, "contact_payload_cache", "contact_id");
  const auto present = core_.caches().contact.find(contact_id);
  return present ? std::optional{*present} : std::nullopt;
}

void ContactMixin::receive(ContactPayload contact) {
  PuppetCore::require(contact.id, "receive(ContactPayload)", "id");
  std::string id = contact.id;
  core_.caches().contact.put(id, std::make_shared<const ContactPayload>(std::move(contact)));
}

std::vector<std::string> ContactMixin::contact_list() {
  core_.require_login("contact_list");
  return do_contact_list();
}

std::vector<std::string> ContactMixin::contact_search(std::string_view text) {
  const std::vector<std::string> ids = contact_list();
  if (text.empty()) return ids;
  const auto contacts = load_contacts(ids);
  std::vector<std::string> by_name;
  std::vector<std::string> by_alias;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!contacts[i]) continue;
    if (contacts[i]->name == text) by_name.push_back(ids[i]);
    if (contacts[i]->alias == text) by_alias.push_back(ids[i]);
  }
  return join_ids({by_name, by_alias});
}

std::vector<std::string> ContactMixin::contact_search(
    const ContactQueryFilter& filter, std::optional<std::span<const std::string>> ids) {
  if (filter.id) {
    PuppetCore::require(*filter.id, "contact_search", "filter.id");
    try {
      return {load_contact(*filter.id)->id};
    } catch (...) {
      core_.caches().contact.drop(*filter.id);
      return {};
    }
  }
  if (filter != ContactQueryFilter{}) validate(filter);
  if (ids) return search_among(filter, *ids);
  return search_among(filter, contact_list());
}

std::vector<std::string> ContactMixin::search_among(const ContactQueryFilter& filter,
                                                    std::span<const std::string> ids) {
  if (filter == ContactQueryFilter{}) return {ids.begin(), ids.end()};
  const auto contacts = load_contacts(ids);
  std::vector<std::string> found;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (contacts[i] && matches(filter, *contacts[i])) found.push_back(ids[i]);
  }
  return found;
}

std::vector<std::shared_ptr<const ContactPayload>> ContactMixin::load_contacts(
    std::span<const std::string> ids) {
  return load_all(
      core_.caches().contact, nullptr, ids, contacts_at_once,
      [this](const std::string& id) { return load_contact(id); },
      [this](const std::exception_ptr& error, const std::string& id) {
        core_.report_error(error, "contact_search: contact \"" + id + "\"");
      });
}

std::string ContactMixin::contact_alias(std::string_view contact_id) {
  PuppetCore::require(contact_id, "contact_alias", "contact_id");
  core_.require_login("contact_alias");
  return do_contact_alias(contact_id);
}

void ContactMixin::set_contact_alias(std::string_view contact_id,
                                     std::optional<std::string_view> alias) {
  PuppetCore::require(contact_id, "set_contact_alias", "contact_id");
  core_.require_login("set_contact_alias");
  do_set_contact_alias(contact_id, alias);
  dirty_.dirty_payload(DirtyType::contact, contact_id);
}

FileBox ContactMixin::contact_avatar(std::string_view contact_id) {
  PuppetCore::require(contact_id, "contact_avatar", "contact_id");
  core_.require_login("contact_avatar");
  return core_.with_resolver(conventional(do_contact_avatar(contact_id)));
}

void ContactMixin::set_contact_avatar(std::string_view contact_id, const FileBox& avatar) {
  PuppetCore::require(contact_id, "set_contact_avatar", "contact_id");
  core_.require_login("set_contact_avatar");
  do_set_contact_avatar(contact_id, core_.with_resolver(conventional(avatar)));
  dirty_.dirty_payload(DirtyType::contact, contact_id);
}

void ContactMixin::set_contact_phone(std::string_view contact_id,
                                     std::span<const std::string> phones) {
  PuppetCore::require(contact_id, "set_contact_phone", "contact_id");
  core_.require_login("set_contact_phone");
  do_set_contact_phone(contact_id, phones);
  dirty_.dirty_payload(DirtyType::contact, contact_id);
}

void ContactMixin::set_contact_corporation_remark(std::string_view contact_id,
                                                  std::optional<std::string_view> remark) {
  PuppetCore::require(contact_id, "set_contact_corporation_remark", "contact_id");
  core_.require_login("set_contact_corporation_remark");
  do_set_contact_corporation_remark(contact_id, remark);
  dirty_.dirty_payload(DirtyType::contact, contact_id);
}

void ContactMixin::set_contact_description(std::string_view contact_id,
                                           std::optional<std::string_view> description) {
  PuppetCore::require(contact_id, "set_contact_description", "contact_id");
  core_.require_login("set_contact_description");
  do_set_contact_description(contact_id, description);
  dirty_.dirty_payload(DirtyType::contact, contact_id);
}

void ContactMixin::set_contact_self_name(std::string_view name) {
  PuppetCore::require(name, "set_contact_self_name", "name");
  const auto [session, self] = core_.require_login("set_contact_self_name");
  do_set_contact_self_name(name);
  dirty_.dirty_payload(DirtyType::contact, self);
}

std::string ContactMixin::contact_self_qr_code() {
  core_.require_login("contact_self_qr_code");
  return do_contact_self_qr_code();
}

void ContactMixin::set_contact_self_signature(std::string_view signature) {
  const auto [session, self] = core_.require_login("set_contact_self_signature");
  do_set_contact_self_signature(signature);
  dirty_.dirty_payload(DirtyType::contact, self);
}

}  // namespace wechaty::puppet
