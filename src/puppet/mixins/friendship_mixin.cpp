// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/friendship_mixin.hpp"

#include <memory>
#include <utility>

namespace wechaty::puppet {

FriendshipPayload FriendshipMixin::friendship_payload(std::string_view friendship_id) {
  PuppetCore::require(friendship_id, "friendship_payload", "friendship_id");
  return *core_.caches().friendship.get(friendship_id, [&] {
    FriendshipPayload payload = do_friendship_payload(friendship_id);
    if (payload.id.empty()) payload.id = friendship_id;
    return payload;
  });
}

std::optional<FriendshipPayload> FriendshipMixin::friendship_payload_cache(
    std::string_view friendship_id) {
  PuppetCore::require(friendship_id, "friendship_payload_cache", "friendship_id");
  const auto present = core_.caches().friendship.find(friendship_id);
  return present ? std::optional{*present} : std::nullopt;
}

void FriendshipMixin::set_friendship_payload(FriendshipPayload friendship) {
  PuppetCore::require(friendship.id, "set_friendship_payload", "id");
  std::string id = friendship.id;
  core_.caches().friendship.put(id,
                                std::make_shared<const FriendshipPayload>(std::move(friendship)));
}

void FriendshipMixin::receive(FriendshipPayload friendship) {
  PuppetCore::require(friendship.id, "receive(FriendshipPayload)", "id");
  const auto payload = std::make_shared<const FriendshipPayload>(std::move(friendship));
  core_.report_with(core_.caches().friendship, payload->id, payload,
                    EventFriendshipPayload{.friendship_id = payload->id});
}

void FriendshipMixin::friendship_accept(std::string_view friendship_id) {
  PuppetCore::require(friendship_id, "friendship_accept", "friendship_id");
  core_.require_login("friendship_accept");
  do_friendship_accept(friendship_id);
}

void FriendshipMixin::friendship_add(std::string_view contact_id,
                                     const FriendshipAddOptions& options) {
  PuppetCore::require(contact_id, "friendship_add", "contact_id");
  core_.require_login("friendship_add");
  do_friendship_add(contact_id, options);
}

std::optional<std::string> FriendshipMixin::friendship_search(
    const FriendshipSearchQueryFilter& filter) {
  validate(filter);
  if (filter.phone) return friendship_search_phone(*filter.phone);
  return friendship_search_handle(filter.handle ? *filter.handle : filter.weixin.value_or(""));
}

std::optional<std::string> FriendshipMixin::friendship_search_phone(std::string_view phone) {
  PuppetCore::require(phone, "friendship_search_phone", "phone");
  core_.require_login("friendship_search_phone");
  return do_friendship_search_phone(phone);
}

std::optional<std::string> FriendshipMixin::friendship_search_handle(std::string_view handle) {
  PuppetCore::require(handle, "friendship_search_handle", "handle");
  core_.require_login("friendship_search_handle");
  return do_friendship_search_handle(handle);
}

}  // namespace wechaty::puppet
