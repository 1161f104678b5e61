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
#include "wechaty/puppet/query/room_query.hpp"

namespace wechaty::puppet {

/// Rooms: group chats of which the bot is a member.
///
/// Thread: every public function from any thread; those that ask the service block for a round trip
/// to it. Hooks may be called concurrently.
/// Errors: InvalidArgumentError on an empty id; NotLoggedInError from what needs a login session;
/// UnsupportedError where the puppet lacks the hook; whatever the hook throws, unchanged.
/// Source: wechaty-puppet src/mixins/room-mixin.ts.
class RoomMixin {
 public:
  /// What is known of a room: from the cache, else from the service (contract R6).
  [[nodiscard]] RoomPayload room_payload(std::string_view room_id);
  /// The same from the cache only.
  [[nodiscard]] std::optional<RoomPayload> room_payload_cache(std::string_view room_id);

  /// The ids of all rooms of the account.
  [[nodiscard]] std::vector<std::string> room_list();

  /// The ids of the rooms that match; a filter with `id` looks at nothing else.
  ///
  /// Payloads that are not cached are fetched, 10 at a time; a room whose payload cannot be had is
  /// left out, with an `error` event.
  /// @param filter  at most one key set; none: all rooms
  /// @throws InvalidArgumentError on more than one key or an empty value, before anything is
  /// fetched
  [[nodiscard]] std::vector<std::string> room_search(const RoomQueryFilter& filter = {});

  /// Make a room with these contacts and the bot in it.
  ///
  /// @param contact_ids  the others; each non-empty
  /// @param topic        UTF-8; empty: the service's default
  /// @result the id of the new room, never empty
  /// @throws ContractError when the hook gives no id
  [[nodiscard]] std::string room_create(std::span<const std::string> contact_ids,
                                        std::string_view topic = {});
  /// Add a contact to a room, or invite it where the service asks the invited.
  ///
  /// @param invite_only  send an invitation even where the bot could add directly
  /// Effects: drops the room and its members from the caches, then emits EventDirtyPayload for
  /// both.
  void room_add(std::string_view room_id, std::string_view contact_id, bool invite_only = false);
  /// Remove a contact from a room. Effects: as room_add().
  void room_del(std::string_view room_id, std::string_view contact_id);
  /// Leave a room. Effects: as room_add().
  void room_quit(std::string_view room_id);

  [[nodiscard]] std::string room_topic(std::string_view room_id);
  /// Rename a room. Effects: drops the cached payload, then emits EventDirtyPayload.
  void set_room_topic(std::string_view room_id, std::string_view topic);

  /// The announcement of a room; "" for none.
  [[nodiscard]] std::string room_announce(std::string_view room_id);
  /// Change the announcement; empty clears it. Effects: as set_room_topic().
  void set_room_announce(std::string_view room_id, std::string_view text);

  /// The picture of a room; its name tells its MIME type (contract R5).
  [[nodiscard]] FileBox room_avatar(std::string_view room_id);
  /// The text of the QR code by which others join the room.
  [[nodiscard]] std::string room_qr_code(std::string_view room_id);

  [[nodiscard]] std::optional<bool> implements(Capability capability) const;

 protected:
  RoomMixin(PuppetCore& core, DirtyMixin& dirty) : core_{core}, dirty_{dirty}, hooks_{this} {}
  virtual ~RoomMixin() = default;

  /// Hand the base a payload that the service pushed.
  void receive(RoomPayload room);

  /// @throws NotFoundError for an id that the service does not know
  virtual RoomPayload do_room_payload(std::string_view room_id);
  virtual std::vector<std::string> do_room_list();
  /// @result the id of the new room, not empty
  virtual std::string do_room_create(std::span<const std::string> contact_ids,
                                     std::string_view topic);
  virtual void do_room_add(std::string_view room_id, std::string_view contact_id, bool invite_only);
  virtual void do_room_del(std::string_view room_id, std::string_view contact_id);
  virtual void do_room_quit(std::string_view room_id);
  virtual std::string do_room_topic(std::string_view room_id);
  virtual void do_set_room_topic(std::string_view room_id, std::string_view topic);
  virtual std::string do_room_announce(std::string_view room_id);
  virtual void do_set_room_announce(std::string_view room_id, std::string_view text);
  virtual FileBox do_room_avatar(std::string_view room_id);
  virtual std::string do_room_qr_code(std::string_view room_id);

 private:
  [[nodiscard]] std::shared_ptr<const RoomPayload> load_room(std::string_view room_id);
  void members_changed(std::string_view room_id);

  PuppetCore& core_;
  DirtyMixin& dirty_;
  HookTable hooks_;
};

}  // namespace wechaty::puppet
