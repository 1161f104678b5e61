// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "wechaty/puppet/engine/strand.hpp"

namespace wechaty::puppet {

/// The order gate (contract R2): within a login session listeners see `scan`*, `login`, everything
/// else, `logout`, whatever order the puppet reports them in.
///
/// It keeps two views of the same session. The *reported* one changes when the puppet says so, and
/// decides what is queued and what is held. The *delivered* one changes on the executor, when the
/// listeners are told, and is what current_user_id() and friends answer. The strand between the two
/// is first in, first out, so the order of the reported view is the order that listeners see.
///
/// Thread: any. The mutex is held while an event is put on the strand, never while one is
/// delivered.
class Session {
 public:
  /// Number of a login session, from 1 on; 0 stands for none.
  using Number = std::uint64_t;

  /// What became of a reported event.
  enum class Verdict { queued, held, dropped };

  Session(std::shared_ptr<Strand> strand, std::size_t hold_limit);

  // --- the reported view -----------------------------------------------------------------------

  /// Begin or cease to accept reports; ceasing forgets what is held.
  void set_accepting(bool accepting);

  /// Take an event that the puppet reports: queue it, hold it until login, or drop it (a second
  /// `ready`, a `scan` within a login session, anything while not accepting).
  Verdict report(Delivery delivery);

  /// As report(), but only if login session `session` still lasts; else it is dropped.
  Verdict report_in(Number session, Delivery delivery);

  /// Queue an event of the base itself, whatever the state.
  Strand::Ticket announce(Delivery delivery);

  /// A login was reported. Events are held until complete_login().
  ///
  /// @result the new session, or nullopt when `user_id` is logging in or logged in already, or
  ///         reports are not accepted
  /// @throws ContractError when another account is logged in
  std::optional<Number> begin_login(std::string_view user_id);

  /// Deliver `login`, then what was held. Does nothing when that session ended in between.
  ///
  /// @param before  runs on the executor right before the listeners of `login`
  void complete_login(Number session, std::function<void()> before);

  /// End the login session: `logout` is queued if `login` was, what was held is forgotten.
  ///
  /// @param after  runs on the executor after the listeners of `logout`
  /// @result the ticket of `logout`; nullopt when there was nothing to deliver
  std::optional<Strand::Ticket> end(std::string_view reason, std::function<void()> after = {});

  /// The session that is logging in or logged in, and its account; 0 and empty when there is none.
  struct Reported {
    Number session = 0;
    std::string user_id;
  };
  [[nodiscard]] Reported reported() const;

  // --- the delivered view ----------------------------------------------------------------------

  /// The account that listeners have been told of: from right before `login` until after `logout`.
  [[nodiscard]] std::optional<std::string> current_user_id() const;
  /// Whether `ready` was delivered in this session.
  [[nodiscard]] bool is_ready() const;
  /// The code of the last scan that still waits for somebody.
  [[nodiscard]] std::optional<std::string> auth_qr_code() const;
  /// A restart has begun: not ready any more, though still logged in.
  void forget_ready();

 private:
  enum class Phase { offline, logging_in, online };

  Verdict report_locked(Delivery delivery);
  Verdict hold(Delivery delivery);
  Strand::Ticket push_ready(Delivery delivery);
  Strand::Ticket push_scan(Delivery delivery);

  const std::shared_ptr<Strand> strand_;
  const std::size_t hold_limit_;

  mutable std::mutex mutex_;  // guards everything below
  bool accepting_ = false;
  Phase phase_ = Phase::offline;
  Number session_ = 0;
  std::string user_id_;
  bool ready_reported_ = false;
  std::optional<Delivery> held_ready_;
  std::deque<Delivery> held_;
  std::size_t overflow_ = 0;

  std::optional<std::string> current_user_id_;
  std::optional<std::string> auth_qr_code_;
  bool ready_ = false;
};

}  // namespace wechaty::puppet
