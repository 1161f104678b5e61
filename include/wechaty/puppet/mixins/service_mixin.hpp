// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "wechaty/puppet/engine/puppet_core.hpp"
#include "wechaty/puppet/mixins/login_mixin.hpp"
#include "wechaty/puppet/mixins/memory_mixin.hpp"

namespace wechaty::puppet {

/// start and stop, and what happens when the service falls silent.
///
/// Source: contract R7; wechaty-puppet src/mixins/service-mixin.ts; npm state-switch service-ctl.
class ServiceMixin {
 public:
  enum class State { stopped, starting, started, stopping };

  /// Load the memory card and start the protocol. Does nothing when started already; waits for a
  /// start or stop that is under way.
  ///
  /// @throws what do_start() threw, or StorageError when the card's store cannot be reached; the
  ///         puppet is stopped then, and an `error` event says the same
  /// Effects: `start` event. login and everything else follow when the service has accepted.
  /// Thread: any. Blocks for do_start(). From within a hook, or a listener that a start, stop or
  /// logout under way waits for, it is carried out right after instead.
  void start();

  /// Stop the protocol; the session stays on the memory card. Does nothing when stopped already;
  /// waits for a start or stop that is under way, and asks a start to give up.
  ///
  /// Effects: `logout` with the reason `puppet stop()` if logged in, then `stop`; both have been
  /// delivered when this returns. What do_stop() throws becomes an `error` event.
  /// Thread: as start().
  void stop();

  /// Emit `reset`, then stop and start again. A start that fails is tried again, after 1 s, 2 s,
  /// ... up to a minute, until it succeeds or stop() is called. Does nothing when stopped.
  ///
  /// Thread: as start().
  /// Differs: in the original a reset that fails is not tried again.
  void reset(std::string_view reason = "reset()");

  /// Thread: any. Does not block.
  [[nodiscard]] State state() const { return state_; }

 protected:
  ServiceMixin(PuppetCore& core, MemoryMixin& memory, LoginMixin& login);
  virtual ~ServiceMixin() = default;

  /// Start the protocol. To return means that it works by itself from now on; logging in may come
  /// later. A hook that waits for the network watches stop_token(). What it throws fails start();
  /// do_stop() is called then, too. Exclusive with do_stop() and do_logout().
  virtual void do_start() = 0;
  /// Stop the protocol and end its threads. Must cope with a do_start() that threw half way.
  virtual void do_stop() = 0;

  /// The service is alive: feeds the watchdog, which resets the puppet when it is not fed for
  /// PuppetOptions::timeout. Thread: any. Does not block.
  void heartbeat(std::string_view data = {});

  /// Beat now and at this interval until stop(): for puppets that are alive as long as the process
  /// is. Not for those that can lose a connection: the watchdog would never notice.
  ///
  /// @param interval  shorter than PuppetOptions::timeout
  /// Thread: any. Does not block.
  void heartbeat_every(std::chrono::milliseconds interval);

  /// Something was heard from the service: feeds the watchdog as heartbeat() does, without an
  /// event. Thread: any. Does not block.
  void feed_watchdog(std::string_view food);

  /// The puppet knows by itself that the service is away, and goes on trying: a reset would only
  /// disturb it. The watchdog sleeps until resume_watchdog() or the next start.
  /// Thread: any. Does not block.
  void pause_watchdog();
  /// The service is back. Does nothing while stopped. Thread: any. Does not block.
  void resume_watchdog();

  /// For ~Puppet(): nothing but the base is left; end without calling a hook.
  void end_without_hooks();

 private:
  void start_steps();
  void stop_steps(bool was_started);
  void reset_steps(const std::string& reason);
  void restart();
  void retry_restart();
  void beat(std::uint64_t round, std::chrono::milliseconds interval);

  PuppetCore& core_;
  MemoryMixin& memory_;
  LoginMixin& login_;

  std::atomic<State> state_{State::stopped};
  std::atomic<std::uint64_t> round_{0};  // grows with every start and stop: older timers do nothing
  std::chrono::seconds retry_wait_{1};   // touched within Exclusive only
};

}  // namespace wechaty::puppet
