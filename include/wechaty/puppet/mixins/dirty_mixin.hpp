// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "wechaty/puppet/engine/puppet_core.hpp"

namespace wechaty::puppet {

/// Payloads that have changed at the service (contract R6).
class DirtyMixin {
 public:
  /// Forget a cached payload and tell the listeners with a `dirty` event. The next getter asks the
  /// service; a getter whose answer is already on its way gets a fresh one.
  ///
  /// @param type  not unspecified
  /// @param id    non-empty; for DirtyType::room_member the id of the *room*, as on the wire: all
  ///              its members are forgotten
  /// @throws InvalidArgumentError on an empty id or an unspecified type
  /// Thread: any. Does not block unless the puppet's hook does.
  /// Source: contract R6; wechaty-puppet cache-mixin dirtyPayload().
  void dirty_payload(DirtyType type, std::string_view id);

  /// Forget one member of a room only. Its `dirty` event names the room, as the wire has no more.
  ///
  /// @throws InvalidArgumentError on an empty id
  void dirty_room_member(std::string_view room_id, std::string_view member_id);

 protected:
  explicit DirtyMixin(PuppetCore& core) : core_{core} {}
  virtual ~DirtyMixin() = default;

  /// Anything may have changed unseen, e.g. because the connection was lost for a while: forget
  /// every cached payload, and what is just being fetched. The messages that the bot itself has
  /// sent stay (contract R1). Listeners are told nothing.
  ///
  /// Thread: any. Does not block.
  void forget_payloads();

  /// Pass it on to where the payload lives, if that is elsewhere; its echo is to be reported as an
  /// EventDirtyPayload, which forgets the entry once more. Without it the base reports it at once.
  virtual void do_dirty_payload(DirtyType type, std::string_view id);

 private:
  PuppetCore& core_;
};

}  // namespace wechaty::puppet
