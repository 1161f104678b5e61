// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wechaty/puppet/engine/hook_table.hpp"
#include "wechaty/puppet/engine/puppet_core.hpp"
#include "wechaty/puppet/mixins/contact_mixin.hpp"
#include "wechaty/puppet/query/room_query.hpp"

namespace wechaty::puppet {

/// The members of a room, as the room knows them.
///
/// Thread: every public function from any thread; those that ask the service block for a round trip
/// to it. Hooks may be called concurrently.
/// Errors: InvalidArgumentError on an empty id; NotLoggedInError from what needs a login session;
/// UnsupportedError where the puppet lacks the hook; whatever the hook throws, unchanged.
/// Source: wechaty-puppet src/mixins/room-member-mixin.ts.
class RoomMemberMixin {
 public:
  /// What is known of a member: from the cache, else from the service (contract R6).
  [[nodiscard]] RoomMemberPayload room_member_payload(std::string_view room_id,
                                                      std::string_view member_id);

  /// The contact ids of all members of a room.
  [[nodiscard]] std::vector<std::string> room_member_list(std::string_view room_id);

  /// The ids of the members whose alias in the room, own name or alias of ours is `text`, in this
  /// order and without doubles.
  ///
  /// @param text  non-empty
  [[nodiscard]] std::vector<std::string> room_member_search(std::string_view room_id,
                                                            std::string_view text);
  /// The ids of the members that match any key of `filter`, without doubles; none for no key.
  /// Payloads that are not cached are fetched, 16 at a time.
  ///
  /// @throws InvalidArgumentError when both `name` and `contact_alias` are given, or a value is
  /// empty Differs: an id that matches more than one key comes once.
  [[nodiscard]] std::vector<std::string> room_member_search(std::string_view room_id,
                                                            const RoomMemberQueryFilter& filter);

  [[nodiscard]] std::optional<bool> implements(Capability capability) const;

 protected:
  RoomMemberMixin(PuppetCore& core, ContactMixin& contact)
      : core_{core}, contact_{contact}, hooks_{this} {}
  virtual ~RoomMemberMixin() = default;

  /// Hand the base a payload that the service pushed.
  void receive(std::string_view room_id, RoomMemberPayload member);

  /// @throws NotFoundError for who is not in the room
  virtual RoomMemberPayload do_room_member_payload(std::string_view room_id,
                                                   std::string_view member_id);
  virtual std::vector<std::string> do_room_member_list(std::string_view room_id);

 private:
  [[nodiscard]] std::vector<std::string> search_members(std::string_view room_id,
                                                        const RoomMemberQueryFilter& filter);
  [[nodiscard]] std::shared_ptr<const RoomMemberPayload> load_member(std::string_view room_id,
                                                                     std::string_view member_id);

  PuppetCore& core_;
  ContactMixin& contact_;
  HookTable hooks_;
};

}  // namespace wechaty::puppet
