// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "wechaty/puppet/cache/payload_cache.hpp"
#include "wechaty/puppet/options.hpp"
#include "wechaty/puppet/schemas.hpp"

namespace wechaty::puppet {

/// All payload caches of one puppet (contract R6).
///
/// Source: wechaty-puppet src/agents/cache-agent.ts.
/// Differs: room members are cached under their own ids, and the age is the intended 15 minutes.
struct PayloadCaches {
  /// @throws InvalidArgumentError when a size in `options.cache` is 0, naming it
  explicit PayloadCaches(const PuppetOptions& options);

  /// Forget what a dirty event names; for a room member `id` is the room's, and all its members go.
  ///
  /// @throws InvalidArgumentError for DirtyType::unspecified, naming the id
  void drop(DirtyType type, std::string_view id);

  void clear();

  /// Forget everything but the messages for which `keep` is true.
  void clear_but_messages(const std::function<bool(const MessagePayload&)>& keep);

  PayloadCache<ContactPayload> contact;
  PayloadCache<FriendshipPayload> friendship;
  PayloadCache<MessagePayload> message;
  PayloadCache<PostPayload> post;
  PayloadCache<RoomPayload> room;
  PayloadCache<RoomInvitationPayload> room_invitation;
  PayloadCache<RoomMemberPayload> room_member;
};

/// The size that counts: the option, else the environment variable
/// WECHATY_PUPPET_LRU_CACHE_SIZE_<NAME>, else `fallback`.
///
/// @param name  CONTACT, ROOM_MEMBER, ...
[[nodiscard]] std::size_t cache_size(std::optional<std::size_t> option, const char* name,
                                     std::size_t fallback);

}  // namespace wechaty::puppet
