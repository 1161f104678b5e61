// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <utility>

#include "wechaty/puppet_mock/puppet_mock.hpp"

namespace wechaty::puppet_mock {

using namespace wechaty::puppet;  // NOLINT: this file is about its payloads

namespace {

std::optional<std::string> text_of(std::optional<std::string_view> text) {
  return text ? std::optional{std::string{*text}} : std::nullopt;
}

/// The part of a list that a page asks for; page tokens are offsets.
PaginationResponse<std::vector<std::string>> page_of(const std::vector<std::string>& all,
                                                     const PaginationRequest& page) {
  std::size_t begin = 0;
  if (page.page_token) {
    const char* const end = page.page_token->data() + page.page_token->size();
    if (std::from_chars(page.page_token->data(), end, begin).ptr != end || begin > all.size()) {
      throw InvalidArgumentError{"unknown page token \"" + *page.page_token + "\""};
    }
  }
  const auto wanted =
      static_cast<std::size_t>(std::max<std::int64_t>(1, page.page_size.value_or(20)));
  const std::size_t end = begin + std::min(wanted, all.size() - begin);
  PaginationResponse<std::vector<std::string>> response;
  response.response.assign(all.begin() + static_cast<std::ptrdiff_t>(begin),
                           all.begin() + static_cast<std::ptrdiff_t>(end));
  if (end < all.size()) response.next_page_token = std::to_string(end);
  return response;
}

}  // namespace

// --- contacts --------------------------------------------------------------------------------

ContactPayload PuppetMock::do_contact_payload(std::string_view id) {
  static_cast<void>(hit("contact_payload"));
  return world_->contact_payload(id);
}
std::vector<std::string> PuppetMock::do_contact_list() {
  static_cast<void>(hit("contact_list"));
  return world_->contact_ids(self());
}
std::string PuppetMock::do_contact_alias(std::string_view id) {
  return world_->contact_payload(id).alias.value_or("");
}
void PuppetMock::do_set_contact_alias(std::string_view id, std::optional<std::string_view> alias) {
  static_cast<void>(hit("set_contact_alias"));
  world_->change_contact(id, [&](ContactPayload& contact) { contact.alias = text_of(alias); });
}
FileBox PuppetMock::do_contact_avatar(std::string_view id) { return world_->avatar(id); }
void PuppetMock::do_set_contact_avatar(std::string_view id, const FileBox& avatar) {
  world_->set_avatar(id, avatar);
}
void PuppetMock::do_set_contact_phone(std::string_view id, std::span<const std::string> phones) {
  world_->change_contact(
      id, [&](ContactPayload& contact) { contact.phone.assign(phones.begin(), phones.end()); });
}
void PuppetMock::do_set_contact_corporation_remark(std::string_view id,
                                                   std::optional<std::string_view> remark) {
  world_->change_contact(id,
                         [&](ContactPayload& contact) { contact.corporation = text_of(remark); });
}
void PuppetMock::do_set_contact_description(std::string_view id,
                                            std::optional<std::string_view> description) {
  world_->change_contact(
      id, [&](ContactPayload& contact) { contact.description = text_of(description); });
}
void PuppetMock::do_set_contact_self_name(std::string_view name) {
  world_->change_contact(self(), [&](ContactPayload& contact) { contact.name = name; });
}
std::string PuppetMock::do_contact_self_qr_code() { return "mock://contact/" + self(); }
void PuppetMock::do_set_contact_self_signature(std::string_view signature) {
  world_->change_contact(self(), [&](ContactPayload& contact) {
    contact.signature = signature.empty() ? std::nullopt : text_of(signature);
  });
}

// --- friendships -----------------------------------------------------------------------------

FriendshipPayload PuppetMock::do_friendship_payload(std::string_view id) {
  return world_->friendship(id);
}
void PuppetMock::do_friendship_accept(std::string_view id) {
  static_cast<void>(hit("friendship_accept"));
  world_->accept_friendship(id, self());
}
void PuppetMock::do_friendship_add(std::string_view contact_id,
                                   const FriendshipAddOptions& options) {
  static_cast<void>(hit("friendship_add"));
  world_->ask_friendship(self(), contact_id, options.hello);
}
std::optional<std::string> PuppetMock::do_friendship_search_phone(std::string_view phone) {
  return world_->find_by_phone(phone);
}
std::optional<std::string> PuppetMock::do_friendship_search_handle(std::string_view handle) {
  return world_->find_by_handle(handle);
}

// --- conversations and messages --------------------------------------------------------------

bool PuppetMock::do_conversation_read_mark(std::string_view conversation_id) {
  return world_->is_read(self(), conversation_id);
}
void PuppetMock::do_set_conversation_read_mark(std::string_view conversation_id, bool has_read) {
  world_->set_read(self(), conversation_id, has_read);
}

MessagePayload PuppetMock::do_message_payload(std::string_view id) {
  static_cast<void>(hit("message_payload"));
  return world_->message(id).payload;
}

template <class T>
T PuppetMock::content(std::string_view message_id, std::string_view what) {
  const WorldMessage message = world_->message(message_id);
  if (const auto* found = std::get_if<T>(&message.content.value)) return *found;
  throw InvalidArgumentError{"message \"" + std::string{message_id} + "\" has no " +
                             std::string{what}};
}

std::string PuppetMock::do_message_contact(std::string_view id) {
  return content<SayableContact>(id, "contact card").contact_id;
}
FileBox PuppetMock::do_message_file(std::string_view id) {
  static_cast<void>(hit("message_file"));
  return content<SayableFile>(id, "file").file;
}
FileBox PuppetMock::do_message_image(std::string_view id, ImageType /*type*/) {
  return content<SayableFile>(id, "picture").file;
}
MiniProgramPayload PuppetMock::do_message_mini_program(std::string_view id) {
  return content<MiniProgramPayload>(id, "mini program");
}
UrlLinkPayload PuppetMock::do_message_url(std::string_view id) {
  return content<UrlLinkPayload>(id, "link");
}
LocationPayload PuppetMock::do_message_location(std::string_view id) {
  return content<LocationPayload>(id, "location");
}

// --- rooms -----------------------------------------------------------------------------------

RoomPayload PuppetMock::do_room_payload(std::string_view id) {
  static_cast<void>(hit("room_payload"));
  return world_->room_payload(id);
}
std::vector<std::string> PuppetMock::do_room_list() {
  static_cast<void>(hit("room_list"));
  return world_->room_ids(self());
}
std::string PuppetMock::do_room_create(std::span<const std::string> contact_ids,
                                       std::string_view topic) {
  static_cast<void>(hit("room_create"));
  return world_->create_room(self(), contact_ids, topic).id();
}
void PuppetMock::do_room_add(std::string_view id, std::string_view contact_id, bool invite_only) {
  static_cast<void>(hit("room_add"));
  const std::string contact{contact_id};
  if (!invite_only) return world_->join(id, std::span{&contact, 1}, self());
  const RoomPayload room = world_->room_payload(id);
  world_->invite({.inviter_id = self(),
                  .receiver_id = contact,
                  .topic = room.topic,
                  .avatar = room.avatar.value_or(""),
                  .invitation = "Join " + room.topic,
                  .member_count = static_cast<std::int64_t>(room.member_id_list.size()),
                  .member_id_list = room.member_id_list},
                 id);
}
void PuppetMock::do_room_del(std::string_view id, std::string_view contact_id) {
  static_cast<void>(hit("room_del"));
  const std::string contact{contact_id};
  world_->leave(id, std::span{&contact, 1}, self());
}
void PuppetMock::do_room_quit(std::string_view id) {
  static_cast<void>(hit("room_quit"));
  const std::string account = self();
  world_->leave(id, std::span{&account, 1}, account);
}
std::string PuppetMock::do_room_topic(std::string_view id) {
  return world_->room_payload(id).topic;
}
void PuppetMock::do_set_room_topic(std::string_view id, std::string_view topic) {
  static_cast<void>(hit("set_room_topic"));
  world_->set_topic(id, topic, self());
}
std::string PuppetMock::do_room_announce(std::string_view id) { return world_->announcement(id); }
void PuppetMock::do_set_room_announce(std::string_view id, std::string_view text) {
  world_->set_announcement(id, text, self());
}
FileBox PuppetMock::do_room_avatar(std::string_view id) {
  static_cast<void>(world_->room(id));
  return world_->avatar(id);
}
std::string PuppetMock::do_room_qr_code(std::string_view id) {
  return "mock://room/" + world_->room(id).id();
}
std::vector<std::string> PuppetMock::do_room_member_list(std::string_view room_id) {
  return world_->room_payload(room_id).member_id_list;
}
RoomMemberPayload PuppetMock::do_room_member_payload(std::string_view room_id,
                                                     std::string_view member_id) {
  static_cast<void>(hit("room_member_payload"));
  return world_->room_member_payload(room_id, member_id);
}
RoomInvitationPayload PuppetMock::do_room_invitation_payload(std::string_view id) {
  return world_->invitation(id);
}
void PuppetMock::do_room_invitation_accept(std::string_view id) {
  static_cast<void>(hit("room_invitation_accept"));
  world_->accept_invitation(id, self());
}

// --- tags, posts, taps -----------------------------------------------------------------------

void PuppetMock::do_tag_contact_add(std::string_view tag_id, std::string_view contact_id) {
  world_->add_tag(tag_id, contact_id);
}
void PuppetMock::do_tag_contact_remove(std::string_view tag_id, std::string_view contact_id) {
  world_->remove_tag(tag_id, contact_id);
}
void PuppetMock::do_tag_contact_delete(std::string_view tag_id) { world_->delete_tag(tag_id); }
std::vector<std::string> PuppetMock::do_tag_contact_list(std::string_view contact_id) {
  return world_->tags(contact_id);
}
std::vector<std::string> PuppetMock::do_tag_contact_list_all() { return world_->tags(); }

PostPayload PuppetMock::do_post_payload(std::string_view id) { return world_->post(id); }
std::optional<std::string> PuppetMock::do_post_publish(const PostPayload& post) {
  static_cast<void>(hit("post_publish"));
  return world_->publish(self(), post);
}
PaginationResponse<std::vector<std::string>> PuppetMock::do_post_search(
    const PostQueryFilter& filter, const PaginationRequest& page) {
  return page_of(world_->find_posts(filter), page);
}
bool PuppetMock::do_tap(std::string_view post_id, TapType type) {
  return world_->tapped(post_id, self(), type);
}
void PuppetMock::do_set_tap(std::string_view post_id, TapType type, bool tapped) {
  world_->set_tapped(post_id, self(), type, tapped);
}
PaginationResponse<TapPayload> PuppetMock::do_tap_search(std::string_view post_id,
                                                         const TapQueryFilter& filter,
                                                         const PaginationRequest& /*page*/) {
  PaginationResponse<TapPayload> response;
  for (const auto& [type, list] : world_->taps(post_id).taps) {
    for (std::size_t i = 0; i < list.contact_id.size(); ++i) {
      if (!matches(filter, type, list.contact_id[i])) continue;
      response.response.taps[type].contact_id.push_back(list.contact_id[i]);
      response.response.taps[type].timestamp.push_back(list.timestamp[i]);
    }
  }
  return response;
}

}  // namespace wechaty::puppet_mock
