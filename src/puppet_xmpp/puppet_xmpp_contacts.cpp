// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <utility>

#include "puppet_xmpp/account.hpp"
#include "wechaty/puppet_xmpp/puppet_xmpp.hpp"

namespace wechaty::puppet_xmpp {

using namespace wechaty::puppet;  // NOLINT: this file is about its payloads

namespace {

std::optional<std::string> filled(std::string text) {
  return text.empty() ? std::nullopt : std::optional{std::move(text)};
}

ContactGender gender_of(std::string_view text) {
  if (text == "male" || text == "Male" || text == "M") return ContactGender::male;
  if (text == "female" || text == "Female" || text == "F") return ContactGender::female;
  return ContactGender::unknown;
}

/// The address of a contact; a server alone is none.
std::string contact_jid(std::string_view id, std::string_view what) {
  const auto jid = Jid::parse(id);
  if (!jid || jid->local.empty()) {
    throw NotFoundError{std::string{what} + ": no contact \"" + std::string{id} + "\""};
  }
  return jid->bare();
}

std::string text_or_empty(std::optional<std::string_view> text) {
  return std::string{text.value_or("")};
}

}  // namespace

ContactPayload PuppetXmpp::do_contact_payload(std::string_view id) {
  const auto self = account("contact_payload");
  const std::string jid = contact_jid(id, "contact_payload");
  if (self->rooms.knows(id)) throw NotFoundError{"contact_payload: \"" + jid + "\" is a room"};
  if (!resource_of(id).empty()) {  // somebody whose address a room hides
    const std::string nick = self->rooms.name_of(jid, id);
    return {.id = std::string{id},
            .type = ContactType::individual,
            .name = nick.empty() ? std::string{resource_of(id)} : nick};
  }
  const auto item = self->roster.find(jid);
  const Profile profile = self->profiles.load(jid);
  Note note;
  try {
    note = self->notes.find(jid);
  } catch (const TimeoutError&) {
    throw;
  } catch (const CancelledError&) {
    throw;
  } catch (const Error&) {  // a server without private storage
  }
  ContactPayload contact{.id = jid, .type = ContactType::individual};
  contact.gender = gender_of(profile.gender);
  contact.name = profile.name.empty() ? jid.substr(0, jid.find('@')) : profile.name;
  contact.address = filled(profile.address);
  contact.alias = item ? filled(item->name) : std::nullopt;
  contact.city = filled(profile.city);
  contact.province = filled(profile.province);
  contact.is_friend = item && item->is_friend();
  contact.signature = filled(profile.description);
  contact.handle = jid;
  contact.phone = note.phones.empty() ? profile.phones : note.phones;
  contact.corporation = filled(note.corporation.empty() ? profile.corporation : note.corporation);
  contact.title = filled(profile.title);
  contact.description = filled(note.description);
  return contact;
}

std::vector<std::string> PuppetXmpp::do_contact_list() {
  std::vector<std::string> friends;
  for (const auto& item : account("contact_list")->roster.items()) {
    if (item.is_friend()) friends.push_back(item.jid);
  }
  return friends;
}

std::string PuppetXmpp::do_contact_alias(std::string_view id) {
  const auto item = account("contact_alias")->roster.find(contact_jid(id, "contact_alias"));
  return item ? item->name : std::string{};
}

void PuppetXmpp::do_set_contact_alias(std::string_view id, std::optional<std::string_view> alias) {
  account("set_contact_alias")
      ->roster.change(contact_jid(id, "set_contact_alias"),
                      [&](RosterItem& item) { item.name = text_or_empty(alias); });
}

FileBox PuppetXmpp::do_contact_avatar(std::string_view id) {
  const std::string jid = contact_jid(id, "contact_avatar");
  const Picture picture = account("contact_avatar")->profiles.picture(jid);
  // XMPP knows no names of pictures.
  return conventional(FileBox::from_buffer(picture.bytes, jid.substr(0, jid.find('@'))),
                      picture.media_type);
}

void PuppetXmpp::do_set_contact_avatar(std::string_view id, const FileBox& avatar) {
  const auto self = account("set_contact_avatar");
  if (contact_jid(id, "set_contact_avatar") != self->self()) {
    throw UnsupportedError{"set_contact_avatar: \"" + std::string{id} +
                           "\": XMPP has pictures of one's own only"};
  }
  self->profiles.set_own_picture({.media_type = avatar.media_type(), .bytes = avatar.to_text()});
}

void PuppetXmpp::do_set_contact_phone(std::string_view id, std::span<const std::string> phones) {
  account("set_contact_phone")->notes.change(contact_jid(id, "set_contact_phone"), [&](Note& note) {
    note.phones.assign(phones.begin(), phones.end());
  });
}

void PuppetXmpp::do_set_contact_corporation_remark(std::string_view id,
                                                   std::optional<std::string_view> remark) {
  account("set_contact_corporation_remark")
      ->notes.change(contact_jid(id, "set_contact_corporation_remark"),
                     [&](Note& note) { note.corporation = text_or_empty(remark); });
}

void PuppetXmpp::do_set_contact_description(std::string_view id,
                                            std::optional<std::string_view> description) {
  account("set_contact_description")
      ->notes.change(contact_jid(id, "set_contact_description"),
                     [&](Note& note) { note.description = text_or_empty(description); });
}

void PuppetXmpp::do_set_contact_self_name(std::string_view name) {
  account("set_contact_self_name")->profiles.set_own_name(name);
}

std::string PuppetXmpp::do_contact_self_qr_code() {
  return "xmpp:" + account("contact_self_qr_code")->self() + "?subscribe";
}

void PuppetXmpp::do_set_contact_self_signature(std::string_view signature) {
  account("set_contact_self_signature")->profiles.set_own_description(signature);
}

// --- friendships -----------------------------------------------------------------------------

FriendshipPayload PuppetXmpp::do_friendship_payload(std::string_view id) {
  if (auto known = account("friendship_payload")->requests.friendship(id)) return *known;
  throw NotFoundError{"no friendship \"" + std::string{id} + "\""};
}

void PuppetXmpp::do_friendship_accept(std::string_view id) {
  const auto self = account("friendship_accept");
  const auto friendship = friendship_payload(id);  // a bot may have kept it across a restart
  if (friendship.type != FriendshipType::receive) {
    throw InvalidArgumentError{"friendship_accept: \"" + std::string{id} + "\" is no request"};
  }
  self->requests.accept_friendship(friendship);
}

void PuppetXmpp::do_friendship_add(std::string_view contact_id,
                                   const FriendshipAddOptions& options) {
  const auto self = account("friendship_add");
  const std::string jid = contact_jid(contact_id, "friendship_add");
  if (!self->roster.find(jid)) self->roster.change(jid, [](RosterItem&) {});
  self->requests.add(jid, options.hello.value_or(""), {});
}

std::optional<std::string> PuppetXmpp::do_friendship_search_handle(std::string_view handle) {
  // Whether the account exists, servers do not tell strangers.
  const auto jid = Jid::parse(handle);
  if (!jid || jid->local.empty()) return std::nullopt;
  return jid->bare();
}

// --- tags are groups of the roster -------------------------------------------------------------

void PuppetXmpp::do_tag_contact_add(std::string_view tag_id, std::string_view contact_id) {
  account("tag_contact_add")
      ->roster.change(contact_jid(contact_id, "tag_contact_add"), [&](RosterItem& item) {
        if (std::find(item.groups.begin(), item.groups.end(), tag_id) == item.groups.end()) {
          item.groups.emplace_back(tag_id);
        }
      });
}

void PuppetXmpp::do_tag_contact_remove(std::string_view tag_id, std::string_view contact_id) {
  const auto self = account("tag_contact_remove");
  const std::string jid = contact_jid(contact_id, "tag_contact_remove");
  if (!self->roster.find(jid)) return;
  self->roster.change(jid, [&](RosterItem& item) { std::erase(item.groups, tag_id); });
}

void PuppetXmpp::do_tag_contact_delete(std::string_view tag_id) {
  const auto self = account("tag_contact_delete");
  for (const auto& item : self->roster.items()) {
    if (std::find(item.groups.begin(), item.groups.end(), tag_id) == item.groups.end()) continue;
    self->roster.change(item.jid, [&](RosterItem& changed) { std::erase(changed.groups, tag_id); });
  }
}

std::vector<std::string> PuppetXmpp::do_tag_contact_list(std::string_view contact_id) {
  const auto item =
      account("tag_contact_list")->roster.find(contact_jid(contact_id, "tag_contact_list"));
  return item ? item->groups : std::vector<std::string>{};
}

std::vector<std::string> PuppetXmpp::do_tag_contact_list_all() {
  std::set<std::string> tags;
  for (const auto& item : account("tag_contact_list")->roster.items()) {
    tags.insert(item.groups.begin(), item.groups.end());
  }
  return {tags.begin(), tags.end()};
}

}  // namespace wechaty::puppet_xmpp
