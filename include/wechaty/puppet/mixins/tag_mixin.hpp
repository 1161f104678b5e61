// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wechaty/puppet/engine/hook_table.hpp"
#include "wechaty/puppet/engine/puppet_core.hpp"

namespace wechaty::puppet {

/// Tags: the bot's own labels on contacts.
///
/// Thread and errors: as ContactMixin.
/// Source: wechaty-puppet src/mixins/tag-mixin.ts.
class TagMixin {
 public:
  /// Put a tag on a contact; makes the tag if there is none.
  void tag_contact_add(std::string_view tag_id, std::string_view contact_id);
  /// Take a tag off a contact.
  void tag_contact_remove(std::string_view tag_id, std::string_view contact_id);
  /// Delete a tag altogether.
  void tag_contact_delete(std::string_view tag_id);
  /// The tags of one contact.
  [[nodiscard]] std::vector<std::string> tag_contact_list(std::string_view contact_id);
  /// All tags of the account.
  [[nodiscard]] std::vector<std::string> tag_contact_list();

  [[nodiscard]] std::optional<bool> implements(Capability capability) const;

 protected:
  explicit TagMixin(PuppetCore& core) : core_{core}, hooks_{this} {}
  virtual ~TagMixin() = default;

  virtual void do_tag_contact_add(std::string_view tag_id, std::string_view contact_id);
  virtual void do_tag_contact_remove(std::string_view tag_id, std::string_view contact_id);
  virtual void do_tag_contact_delete(std::string_view tag_id);
  virtual std::vector<std::string> do_tag_contact_list(std::string_view contact_id);
  virtual std::vector<std::string> do_tag_contact_list_all();

 private:
  PuppetCore& core_;
  HookTable hooks_;
};

}  // namespace wechaty::puppet
