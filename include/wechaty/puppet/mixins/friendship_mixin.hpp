// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wechaty/puppet/engine/hook_table.hpp"
#include "wechaty/puppet/engine/puppet_core.hpp"
#include "wechaty/puppet/query/friendship_query.hpp"

namespace wechaty::puppet {

/// Friend requests, in both directions.
///
/// Thread: every public function from any thread; those that ask the service block for a round trip
/// to it. Hooks may be called concurrently.
/// Errors: InvalidArgumentError on an empty id; NotLoggedInError from what needs a login session;
/// UnsupportedError where the puppet lacks the hook; whatever the hook throws, unchanged.
/// Source: wechaty-puppet src/mixins/friendship-mixin.ts.
class FriendshipMixin {
 public:
  /// What is known of a request: from the cache, else from the service (contract R6).
  [[nodiscard]] FriendshipPayload friendship_payload(std::string_view friendship_id);
  /// The same from the cache only.
  [[nodiscard]] std::optional<FriendshipPayload> friendship_payload_cache(
      std::string_view friendship_id);
  /// Put a payload into the cache, e.g. one that a bot kept across a restart.
  void set_friendship_payload(FriendshipPayload friendship);

  /// Become a friend of who asked.
  void friendship_accept(std::string_view friendship_id);
  /// Ask somebody to become a friend.
  void friendship_add(std::string_view contact_id, const FriendshipAddOptions& options = {});

  /// The contact with this phone number or handle, if there is one.
  ///
  /// @param filter  exactly one key
  [[nodiscard]] std::optional<std::string> friendship_search(
      const FriendshipSearchQueryFilter& filter);
  [[nodiscard]] std::optional<std::string> friendship_search_phone(std::string_view phone);
  [[nodiscard]] std::optional<std::string> friendship_search_handle(std::string_view handle);

  [[nodiscard]] std::optional<bool> implements(Capability capability) const;

 protected:
  explicit FriendshipMixin(PuppetCore& core) : core_{core}, hooks_{this} {}
  virtual ~FriendshipMixin() = default;

  /// A request or its confirmation has come: emits EventFriendshipPayload; its payload answers from
  /// then on.
  void receive(FriendshipPayload friendship);

  /// @throws NotFoundError for an id that the service does not know
  virtual FriendshipPayload do_friendship_payload(std::string_view friendship_id);
  virtual void do_friendship_accept(std::string_view friendship_id);
  virtual void do_friendship_add(std::string_view contact_id, const FriendshipAddOptions& options);
  virtual std::optional<std::string> do_friendship_search_phone(std::string_view phone);
  virtual std::optional<std::string> do_friendship_search_handle(std::string_view handle);

 private:
  PuppetCore& core_;
  HookTable hooks_;
};

}  // namespace wechaty::puppet
