// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/tag_mixin.hpp"

// The hooks of TagMixin where a puppet does not override them.

namespace wechaty::puppet {

void TagMixin::do_tag_contact_add(std::string_view, std::string_view) {
  core_.unsupported(Capability::tag_contact_add);
}

void TagMixin::do_tag_contact_remove(std::string_view, std::string_view) {
  core_.unsupported(Capability::tag_contact_remove);
}

void TagMixin::do_tag_contact_delete(std::string_view) {
  core_.unsupported(Capability::tag_contact_delete);
}

std::vector<std::string> TagMixin::do_tag_contact_list(std::string_view) {
  core_.unsupported(Capability::tag_contact_list);
}

std::vector<std::string> TagMixin::do_tag_contact_list_all() {
  core_.unsupported(Capability::tag_contact_list_all);
}

std::optional<bool> TagMixin::implements(Capability capability) const {
  switch (capability) {
    case Capability::tag_contact_add: return hooks_.overrides(this, &TagMixin::do_tag_contact_add);
    case Capability::tag_contact_remove:
      return hooks_.overrides(this, &TagMixin::do_tag_contact_remove);
    case Capability::tag_contact_delete:
      return hooks_.overrides(this, &TagMixin::do_tag_contact_delete);
    case Capability::tag_contact_list:
      return hooks_.overrides(this, &TagMixin::do_tag_contact_list);
    case Capability::tag_contact_list_all:
      return hooks_.overrides(this, &TagMixin::do_tag_contact_list_all);
    default: return std::nullopt;
  }
}

}  // namespace wechaty::puppet
