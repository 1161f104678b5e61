// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/tag_mixin.hpp"

namespace wechaty::puppet {

void TagMixin::tag_contact_add(std::string_view tag_id, std::string_view contact_id) {
  PuppetCore::require(tag_id, "tag_contact_add", "tag_id");
  PuppetCore::require(contact_id, "tag_contact_add", "contact_id");
  core_.require_login("tag_contact_add");
  do_tag_contact_add(tag_id, contact_id);
}

void TagMixin::tag_contact_remove(std::string_view tag_id, std::string_view contact_id) {
  PuppetCore::require(tag_id, "tag_contact_remove", "tag_id");
  PuppetCore::require(contact_id, "tag_contact_remove", "contact_id");
  core_.require_login("tag_contact_remove");
  do_tag_contact_remove(tag_id, contact_id);
}

void TagMixin::tag_contact_delete(std::string_view tag_id) {
  PuppetCore::require(tag_id, "tag_contact_delete", "tag_id");
  core_.require_login("tag_contact_delete");
  do_tag_contact_delete(tag_id);
}

std::vector<std::string> TagMixin::tag_contact_list(std::string_view contact_id) {
  PuppetCore::require(contact_id, "tag_contact_list", "contact_id");
  core_.require_login("tag_contact_list");
  return do_tag_contact_list(contact_id);
}

std::vector<std::string> TagMixin::tag_contact_list() {
  core_.require_login("tag_contact_list");
  return do_tag_contact_list_all();
}

}  // namespace wechaty::puppet
