// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "wechaty/puppet/engine/puppet_core.hpp"
#include "wechaty/puppet/memory/memory_card.hpp"

namespace wechaty::puppet {

/// The memory card that carries the session from one process to the next (contract R3, R4).
class MemoryMixin {
 public:
  /// The puppet's card. All of what is on it is the session: logout() clears it. So give a puppet a
  /// part of a card that holds more, as in `set_memory(card.multiplex("puppet"))`.
  ///
  /// Thread: any. Does not block.
  [[nodiscard]] MemoryCard memory() const;

  /// Give the puppet its card; before the first start().
  ///
  /// @throws ContractError when the puppet has a card with a name already: a session must not
  /// change
  ///         its place unseen
  /// Thread: any. Does not block.
  /// Source: wechaty-puppet memory-mixin setMemory().
  void set_memory(MemoryCard card);

 protected:
  explicit MemoryMixin(PuppetCore& core) : core_{core} {}
  ~MemoryMixin() = default;

 private:
  friend class LoginMixin;    // decides when the session is saved and erased
  friend class ServiceMixin;  // and when it is loaded

  /// Load the card before the protocol starts. A damaged one has been set aside and is reported; a
  /// session whose logout did not come to its end is erased (contract R3.5, R4.1, R4.4).
  ///
  /// @throws StorageError when the store cannot be reached
  void load_session();

  /// Put the session in the store (contract R4.2).
  /// @throws StorageError, ConflictError
  void save_session();

  /// Note in the store that the session must not be restored any more (contract R3.5).
  /// @throws StorageError, ConflictError
  void mark_logout();

  /// Take the session off the card, in memory only; save_session() makes it last.
  void clear_session();

  [[nodiscard]] static MemoryCard marks_of(const MemoryCard& card);

  PuppetCore& core_;
  mutable std::mutex mutex_;  // guards card_
  MemoryCard card_;
};

}  // namespace wechaty::puppet
