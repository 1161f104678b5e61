// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wechaty/puppet/engine/hook_table.hpp"
#include "wechaty/puppet/engine/puppet_core.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"
#include "wechaty/puppet/mixins/dirty_mixin.hpp"
#include "wechaty/puppet/query/contact_query.hpp"

namespace wechaty::puppet {

/// Contacts, and the bot's own profile.
///
/// Thread: every public function from any thread; those that ask the service block for a round trip
/// to it. Hooks may be called concurrently.
/// Errors: InvalidArgumentError on an empty id; NotLoggedInError from what needs a login session;
/// UnsupportedError where the puppet lacks the hook; whatever the hook throws, unchanged.
/// Source: wechaty-puppet src/mixins/contact-mixin.ts.
class ContactMixin {
 public:
  /// What is known of a contact: from the cache, else from the service (contract R6).
  [[nodiscard]] ContactPayload contact_payload(std::string_view contact_id);
  /// The same from the cache only.
  [[nodiscard]] std::optional<ContactPayload> contact_payload_cache(std::string_view contact_id);

  /// The ids of all contacts of the account.
  [[nodiscard]] std::vector<std::string> contact_list();

  /// The ids of all contacts whose name is `text`, then those whose alias is, without doubles; all
  /// contacts when it is empty.
  [[nodiscard]] std::vector<std::string> contact_search(std::string_view text = {});

  /// The ids of the contacts that match; a filter with `id` looks at nothing else.
  ///
  /// Payloads that are not cached are fetched, 16 at a time; a contact whose payload cannot be had
  /// is left out, with an `error` event.
  /// @param filter  at most one key set; none: all contacts
  /// @param ids     where to search; nullopt: in contact_list()
  /// @throws InvalidArgumentError on more than one key or an empty value
  [[nodiscard]] std::vector<std::string> contact_search(
      const ContactQueryFilter& filter,
      std::optional<std::span<const std::string>> ids = std::nullopt);

  /// The name that the bot gave the contact; "" for none.
  [[nodiscard]] std::string contact_alias(std::string_view contact_id);
  /// Rename how we see a contact.
  ///
  /// @param alias  UTF-8, as long as the protocol allows; nullopt clears it
  /// Effects: drops the cached payload, then emits EventDirtyPayload.
  /// Differs: in the original the caller has to mark the contact dirty.
  void set_contact_alias(std::string_view contact_id, std::optional<std::string_view> alias);

  /// The picture of a contact, or of the bot; its name tells its MIME type (contract R5).
  [[nodiscard]] FileBox contact_avatar(std::string_view contact_id);
  /// Change a picture, as a rule the bot's own. Effects: as set_contact_alias().
  void set_contact_avatar(std::string_view contact_id, const FileBox& avatar);

  /// Note the phone numbers of a contact. Effects: as set_contact_alias().
  void set_contact_phone(std::string_view contact_id, std::span<const std::string> phones);
  /// Note the company of a contact; nullopt clears it. Effects: as set_contact_alias().
  void set_contact_corporation_remark(std::string_view contact_id,
                                      std::optional<std::string_view> remark);
  /// Note something about a contact; nullopt clears it. Effects: as set_contact_alias().
  void set_contact_description(std::string_view contact_id,
                               std::optional<std::string_view> description);

  /// Change the bot's own name; non-empty. Effects: drops the own payload and emits
  /// EventDirtyPayload.
  void set_contact_self_name(std::string_view name);
  /// The text of the QR code by which others add the bot.
  [[nodiscard]] std::string contact_self_qr_code();
  /// Change the bot's signature; empty clears it. Effects: as set_contact_self_name().
  void set_contact_self_signature(std::string_view signature);

  [[nodiscard]] std::optional<bool> implements(Capability capability) const;

 protected:
  ContactMixin(PuppetCore& core, DirtyMixin& dirty) : core_{core}, dirty_{dirty}, hooks_{this} {}
  virtual ~ContactMixin() = default;

  /// Hand the base a payload that the service pushed.
  void receive(ContactPayload contact);

  /// @throws NotFoundError for an id that the service does not know
  virtual ContactPayload do_contact_payload(std::string_view contact_id);
  virtual std::vector<std::string> do_contact_list();
  virtual std::string do_contact_alias(std::string_view contact_id);
  virtual void do_set_contact_alias(std::string_view contact_id,
                                    std::optional<std::string_view> alias);
  virtual FileBox do_contact_avatar(std::string_view contact_id);
  virtual void do_set_contact_avatar(std::string_view contact_id, const FileBox& avatar);
  virtual void do_set_contact_phone(std::string_view contact_id,
                                    std::span<const std::string> phones);
  virtual void do_set_contact_corporation_remark(std::string_view contact_id,
                                                 std::optional<std::string_view> remark);
  virtual void do_set_contact_description(std::string_view contact_id,
                                          std::optional<std::string_view> description);
  virtual void do_set_contact_self_name(std::string_view name);
  virtual std::string do_contact_self_qr_code();
  virtual void do_set_contact_self_signature(std::string_view signature);

 private:
  friend class LoginMixin;       // loads the own payload before `login` is delivered
  friend class RoomMemberMixin;  // looks for aliases

  [[nodiscard]] std::shared_ptr<const ContactPayload> load_contact(std::string_view contact_id);
  [[nodiscard]] std::vector<std::shared_ptr<const ContactPayload>> load_contacts(
      std::span<const std::string> ids);
  [[nodiscard]] std::vector<std::string> search_among(const ContactQueryFilter& filter,
                                                      std::span<const std::string> ids);

  PuppetCore& core_;
  DirtyMixin& dirty_;
  HookTable hooks_;
};

}  // namespace wechaty::puppet
