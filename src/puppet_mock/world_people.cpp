// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "puppet_mock/world_lookup.hpp"
#include "wechaty/puppet_mock/world.hpp"

namespace wechaty::puppet_mock {

using namespace wechaty::puppet;  // NOLINT: this file is about its payloads

// --- friends ---------------------------------------------------------------------------------

std::string World::befriend(FriendshipPayload request, std::string_view account) {
  std::string id;
  {
    const std::lock_guard lock{mutex_};
    ContactPayload& contact = find_in(contacts_, request.contact_id, "contact");
    if (request.type == FriendshipType::confirm) contact.is_friend = true;
    if (request.id.empty()) request.id = next_id("friendship");
    if (request.timestamp == Timestamp{}) request.timestamp = now();
    id = request.id;
    friendships_.insert_or_assign(id, request);
    post_news({std::string{account}}, std::move(request));
  }
  tell();
  return id;
}

FriendshipPayload World::friendship(std::string_view id) const {
  const std::lock_guard lock{mutex_};
  return find_in(friendships_, id, "friendship");
}

void World::accept_friendship(std::string_view id, std::string_view account) {
  FriendshipPayload confirmed;
  {
    const std::lock_guard lock{mutex_};
    const FriendshipPayload& request = find_in(friendships_, id, "friendship");
    if (request.type != FriendshipType::receive) {
      throw InvalidArgumentError{"friendship \"" + std::string{id} +
                                 "\" is no request that could be accepted"};
    }
    confirmed = {.contact_id = request.contact_id, .type = FriendshipType::confirm};
  }
  befriend(confirmed, account);
  tell_dirty(account, DirtyType::contact, confirmed.contact_id);
}

void World::ask_friendship(std::string_view account, std::string_view contact_id,
                           std::optional<std::string> hello) {
  {
    const std::lock_guard lock{mutex_};
    find_in(contacts_, contact_id, "contact");
  }
  // To somebody who is a puppet here, too, it arrives; everybody else thinks about it until the
  // script or befriend() confirms.
  befriend({.contact_id = std::string{account},
            .hello = std::move(hello),
            .type = FriendshipType::receive,
            .ticket = ""},
           contact_id);
}

std::optional<std::string> World::find_by_phone(std::string_view phone) const {
  const std::lock_guard lock{mutex_};
  for (const auto& [id, contact] : contacts_) {
    if (contains(contact.phone, phone)) return id;
  }
  return std::nullopt;
}

std::optional<std::string> World::find_by_handle(std::string_view handle) const {
  const std::lock_guard lock{mutex_};
  for (const auto& [id, contact] : contacts_) {
    if (contact.handle == handle || contact.weixin == handle) return id;
  }
  return std::nullopt;
}

void World::tell_dirty(std::string_view account, DirtyType type, std::string_view id) {
  {
    const std::lock_guard lock{mutex_};
    post_news({std::string{account}},
              EventDirtyPayload{.payload_type = type, .payload_id = std::string{id}});
  }
  tell();
}

// --- tags, read marks ------------------------------------------------------------------------

void World::add_tag(std::string_view tag, std::string_view contact_id) {
  const std::lock_guard lock{mutex_};
  find_in(contacts_, contact_id, "contact");
  tags_[std::string{tag}].emplace(contact_id);
}

void World::remove_tag(std::string_view tag, std::string_view contact_id) {
  const std::lock_guard lock{mutex_};
  auto& tagged = find_in(tags_, tag, "tag");
  if (const auto found = tagged.find(contact_id); found != tagged.end()) tagged.erase(found);
}

void World::delete_tag(std::string_view tag) {
  const std::lock_guard lock{mutex_};
  find_in(tags_, tag, "tag");
  tags_.erase(tags_.find(tag));
}

std::vector<std::string> World::tags(std::string_view contact_id) const {
  const std::lock_guard lock{mutex_};
  find_in(contacts_, contact_id, "contact");
  std::vector<std::string> found;
  for (const auto& [tag, tagged] : tags_) {
    if (tagged.contains(contact_id)) found.push_back(tag);
  }
  return found;
}

std::vector<std::string> World::tags() const {
  const std::lock_guard lock{mutex_};
  std::vector<std::string> all;
  for (const auto& [tag, tagged] : tags_) all.push_back(tag);
  return all;
}

bool World::is_read(std::string_view account, std::string_view conversation_id) const {
  const std::lock_guard lock{mutex_};
  return !unread_.contains({std::string{account}, std::string{conversation_id}});
}

void World::set_read(std::string_view account, std::string_view conversation_id, bool read) {
  const std::lock_guard lock{mutex_};
  if (!contacts_.contains(conversation_id)) find_in(rooms_, conversation_id, "conversation");
  const std::pair key{std::string{account}, std::string{conversation_id}};
  if (read) {
    unread_.erase(key);
  } else {
    unread_.insert(key);
  }
}

// --- posts -----------------------------------------------------------------------------------

std::string World::publish(std::string_view by, const PostPayload& post) {
  const std::lock_guard lock{mutex_};
  std::vector<std::string> message_ids;
  for (SayablePayload sayable : std::get<std::vector<SayablePayload>>(post.sayable_list)) {
    MessagePayload payload = describe(sayable);
    payload.id = next_id("message");
    payload.talker_id = by;
    payload.timestamp = now();
    message_ids.push_back(payload.id);
    messages_.insert_or_assign(message_ids.back(), WorldMessage{.payload = std::move(payload),
                                                                .content = std::move(sayable)});
  }
  PostPayload published = post;
  published.id = next_id("post");
  published.sayable_list = std::move(message_ids);
  published.contact_id = by;
  published.timestamp = now();
  published.counter = PostCounter{.children = 0, .descendant = 0, .taps = {}};
  if (post.parent_id) {
    PostPayload& parent = find_in(posts_, *post.parent_id, "post");
    parent.counter->children = parent.counter->children.value_or(0) + 1;
  }
  if (post.root_id) {
    PostPayload& root = find_in(posts_, *post.root_id, "post");
    root.counter->descendant = root.counter->descendant.value_or(0) + 1;
  }
  std::string id = *published.id;
  posts_.insert_or_assign(id, std::move(published));
  return id;
}

PostPayload World::post(std::string_view id) const {
  const std::lock_guard lock{mutex_};
  PostPayload post = find_in(posts_, id, "post");
  if (const auto taps = taps_.find(id); taps != taps_.end()) {
    for (const auto& [tap, when] : taps->second) ++post.counter->taps[tap.first];
  }
  return post;
}

std::vector<std::string> World::find_posts(const PostQueryFilter& filter) const {
  const std::lock_guard lock{mutex_};
  std::vector<std::pair<Timestamp, std::string>> found;
  for (const auto& [id, post] : posts_) {
    if (matches(filter, post)) found.emplace_back(post.timestamp.value_or(Timestamp{}), id);
  }
  std::stable_sort(found.begin(), found.end());
  std::vector<std::string> ids;
  for (auto& [when, id] : found) ids.push_back(std::move(id));
  return ids;
}

bool World::tapped(std::string_view post_id, std::string_view by, TapType type) const {
  const std::lock_guard lock{mutex_};
  find_in(posts_, post_id, "post");
  const auto taps = taps_.find(post_id);
  return taps != taps_.end() && taps->second.contains({type, std::string{by}});
}

void World::set_tapped(std::string_view post_id, std::string_view by, TapType type, bool tapped) {
  const std::lock_guard lock{mutex_};
  find_in(posts_, post_id, "post");
  auto& taps = taps_[std::string{post_id}];
  if (tapped) {
    taps.emplace(std::pair{type, std::string{by}}, now());
  } else {
    taps.erase({type, std::string{by}});
  }
}

TapPayload World::taps(std::string_view post_id) const {
  const std::lock_guard lock{mutex_};
  find_in(posts_, post_id, "post");
  TapPayload payload;
  const auto taps = taps_.find(post_id);
  if (taps == taps_.end()) return payload;
  for (const auto& [tap, when] : taps->second) {
    payload.taps[tap.first].contact_id.push_back(tap.second);
    payload.taps[tap.first].timestamp.push_back(when);
  }
  return payload;
}

}  // namespace wechaty::puppet_mock
