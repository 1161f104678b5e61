// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "wechaty/puppet/engine/puppet_core.hpp"
#include "wechaty/puppet/memory/memory_card.hpp"

namespace wechaty::puppet {

namespace memory {
class LogoutNote;
}  // namespace memory

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
  /// Put what the puppet has changed on its card since login (a token that the service has renewed)
  /// in the store, soon. If the store is away, an `error` event says that it is late, and it is
  /// tried again after 1 s, 2 s, ... up to a minute; what is on the card stays there meanwhile.
  ///
  /// Thread: any. Does not block: the work is done on the library's thread.
  /// Source: contract R4.2.
  /// Differs: there a puppet has to save by itself, and to care for a failure.
  void save_memory();

  explicit MemoryMixin(PuppetCore& core) : core_{core} {}
  ~MemoryMixin() = default;

 private:
  friend class LoginMixin;    // decides when the session is saved and erased
  friend class ServiceMixin;  // and when it is loaded

  /// Load the card before the protocol starts. A damaged one has been set aside and is reported; a
  /// session whose logout did not come to its end is erased first (contract R3.5, R4.1, R4.4). With
  /// PuppetOptions::session_lease, becomes the only holder of the card first.
  ///
  /// A card that is loaded already is read again, because another process may have had it while
  /// this one was stopped; if the store is away then, or changes wait to be saved, what is in
  /// memory stays.
  /// @throws StorageError when the store cannot be reached; ConflictError when another process has
  ///         the lease
  void load_session();

  /// Put the session in the store (contract R4.2). When the store is away it is tried again on the
  /// worker, after 1 s, 2 s, ... up to a minute, until the store has it.
  /// @throws StorageError, ConflictError of the first try
  void save_session();

  /// Let another process have the card.
  void release_session() { memory().release_lease(); }

  /// What is done when the lease is lost; runs on the worker. ServiceMixin sets it.
  void set_on_lease_lost(std::function<void(const std::string& why)> on_lease_lost) {
    on_lease_lost_ = std::move(on_lease_lost);
  }

  /// Note in the store, and on this machine in case that the store is away, that the session must
  /// not be restored any more (contract R3.5).
  /// @throws StorageError, ConflictError of the store
  void mark_logout();

  /// Note on this machine that these documents of the store must not be restored.
  void note_logout(const std::vector<std::string>& hashes);
  void forget_noted_logout();

  /// Take the session off the card, in memory only; save_session() makes it last.
  void clear_session();

  [[nodiscard]] static MemoryCard marks_of(const MemoryCard& card);
  [[nodiscard]] memory::LogoutNote note_of(const MemoryCard& card) const;
  [[nodiscard]] bool logout_noted(const MemoryCard& card);
  void acquire_lease(MemoryCard& card);
  void report_damage(const MemoryCard& card, const LoadResult& result);
  /// Save the card, unless the lease is lost and the card was not read again since.
  /// @throws StorageError, ConflictError
  bool store(MemoryCard& card);
  void save_later(std::chrono::seconds wait);
  void save_again(std::chrono::seconds waited);

  PuppetCore& core_;
  std::function<void(const std::string&)> on_lease_lost_;
  std::atomic<bool> lease_lost_{false};  // and the card not read again since
  std::atomic<bool> save_waits_{false};  // a later try is on its way
  std::atomic<bool> noted_{false};       // there may be a note on this machine
  mutable std::mutex mutex_;             // guards card_
  MemoryCard card_;
};

}  // namespace wechaty::puppet
