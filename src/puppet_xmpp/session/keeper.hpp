// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "puppet_xmpp/session/card.hpp"
#include "puppet_xmpp/session/ledger.hpp"

namespace wechaty::puppet_xmpp {

/// Brings the ledger onto the memory card and into its store, on a thread of its own, because a
/// store may be slow: at once when the server waits for an acknowledgement, else within a second.
///
/// Thread: any, unless it says otherwise.
class Keeper {
 public:
  /// @param on_saved  the store has this; or never will, because another process has the card: then
  ///                  what the server keeps for us is of no use to it. Runs on the keeper's thread
  /// @param on_error  saving failed; it is tried again unless another process has the card
  Keeper(Card card, Ledger& ledger, std::function<void(const Ledger::Settled&)> on_saved,
         std::function<void(std::exception_ptr)> on_error);
  ~Keeper() { stop(); }
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  /// Something has changed; `urgent` when somebody waits for it.
  void touch(bool urgent);
  /// The session that the next process may resume, once nothing from an archive is on its way to
  /// the listeners any more; its count comes from the ledger. Puts everything on the card, without
  /// saving.
  void set_resumption(std::optional<Resumption> resumption);
  /// Save before returning; when that fails it is tried again on the keeper's thread. Thread: any
  /// that may block.
  void save_now();
  /// End the thread; nothing is saved any more.
  void stop();

 private:
  void run(const std::stop_token& stop);
  Ledger::Settled write_settled();
  [[nodiscard]] bool is_taken();
  void save(const std::stop_token& stop);

  Card card_;
  Ledger& ledger_;
  const std::function<void(const Ledger::Settled&)> on_saved_;
  const std::function<void(std::exception_ptr)> on_error_;

  std::mutex mutex_;  // guards everything below
  std::condition_variable_any changed_;
  bool touched_ = false;
  bool urgent_ = false;
  bool failing_ = false;
  bool taken_ = false;  // another process has the card: nothing is ours to write
  std::optional<Resumption> resumption_;

  std::jthread thread_;
};

}  // namespace wechaty::puppet_xmpp
