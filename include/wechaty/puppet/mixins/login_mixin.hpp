// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "wechaty/puppet/engine/hook_table.hpp"
#include "wechaty/puppet/engine/puppet_core.hpp"
#include "wechaty/puppet/mixins/contact_mixin.hpp"
#include "wechaty/puppet/mixins/memory_mixin.hpp"
#include "wechaty/puppet/mixins/message_mixin.hpp"

namespace wechaty::puppet {

/// The login session: who the puppet is logged in as, and how that ends.
///
/// Source: contract R2, R3, R4; wechaty-puppet src/mixins/login-mixin.ts and ready-mixin.ts.
class LoginMixin {
 public:
  /// The account that listeners have been told of by `login`; it answers until the listeners of
  /// `logout` have returned.
  ///
  /// @throws NotLoggedInError when nobody is logged in
  /// Thread: any. Does not block.
  [[nodiscard]] std::string current_user_id() const;
  /// Whether current_user_id() answers. Thread: any. Does not block.
  [[nodiscard]] bool is_logged_in() const;
  /// Whether `ready` was delivered in this session: contacts, rooms and members are there.
  /// Thread: any. Does not block.
  [[nodiscard]] bool is_ready() const;
  /// The text of the QR code that waits to be scanned. Thread: any. Does not block.
  [[nodiscard]] std::optional<std::string> auth_qr_code() const;

  /// End the session for good: at the service, for the listeners, and on the memory card, where the
  /// erasure is in the store before this returns (contract R3). Does nothing when not logged in.
  ///
  /// @param reason  goes with the `logout` event
  /// @throws what do_logout() threw, or StorageError or ConflictError when the card could not be
  ///         written; everything else has been done all the same
  /// Thread: any. Blocks until it is done; called from a listener while start, stop or another
  /// logout waits for that very listener, it is carried out right after instead.
  void logout(std::string_view reason = "logout()");

  [[nodiscard]] std::optional<bool> implements(Capability capability) const;

 protected:
  LoginMixin(PuppetCore& core, MemoryMixin& memory, ContactMixin& contact, MessageMixin& message)
      : core_{core}, memory_{memory}, contact_{contact}, message_{message}, hooks_{this} {}
  virtual ~LoginMixin() = default;

  /// The service has accepted the account. Put what is needed to log in again into memory() before.
  /// The base saves the card, loads the own profile and delivers `login`, then what was held.
  ///
  /// Reporting the account that is logged in already (a reconnection) does nothing. Another account
  /// ends the session of the one before: its `logout` is delivered first.
  /// @param user_id  non-empty
  /// @throws InvalidArgumentError when it is empty
  /// Thread: any. Does not block.
  void login(std::string_view user_id);

  /// The service has ended the session by itself (kicked, password changed). The session leaves the
  /// memory card, and `logout` is delivered. Does nothing when not logged in, or while stop() or
  /// logout() is ending the session anyway.
  ///
  /// Thread: any. Does not block.
  void logged_out(std::string_view reason);

  /// All contacts, rooms and members are there. May be reported before login() has been delivered.
  /// Thread: any. Does not block.
  void ready(std::string_view data = {});

  /// Have the service end the session, so that other devices show the account as not logged in
  /// here (contract R3.1). The session is still on the memory card. Exclusive.
  virtual void do_logout(std::string_view reason);

 private:
  friend class ServiceMixin;  // start and stop frame the login session

  /// End the session but keep it on the card.
  void end_for_stop(std::string_view reason);
  /// From here to the end of stop(), the puppet's logged_out() means nothing.
  void set_stopping(bool stopping);
  void prepare(Session::Number session, int attempt);
  bool save_before_login(Session::Number session);
  void log_out(std::string_view reason);
  void end_session(std::string_view reason);

  PuppetCore& core_;
  MemoryMixin& memory_;
  ContactMixin& contact_;
  MessageMixin& message_;
  HookTable hooks_;

  std::mutex mutex_;  // guards everything below
  std::condition_variable prepared_;
  int preparing_ = 0;  // logins whose preparation is inside a hook
  int ending_ = 0;     // stop() or logout() is under way
};

}  // namespace wechaty::puppet
