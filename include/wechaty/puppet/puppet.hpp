// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "wechaty/puppet/engine/puppet_core.hpp"
#include "wechaty/puppet/mixins/contact_mixin.hpp"
#include "wechaty/puppet/mixins/conversation_mixin.hpp"
#include "wechaty/puppet/mixins/ding_mixin.hpp"
#include "wechaty/puppet/mixins/dirty_mixin.hpp"
#include "wechaty/puppet/mixins/friendship_mixin.hpp"
#include "wechaty/puppet/mixins/login_mixin.hpp"
#include "wechaty/puppet/mixins/memory_mixin.hpp"
#include "wechaty/puppet/mixins/message_mixin.hpp"
#include "wechaty/puppet/mixins/post_mixin.hpp"
#include "wechaty/puppet/mixins/room_invitation_mixin.hpp"
#include "wechaty/puppet/mixins/room_member_mixin.hpp"
#include "wechaty/puppet/mixins/room_mixin.hpp"
#include "wechaty/puppet/mixins/sayable_mixin.hpp"
#include "wechaty/puppet/mixins/service_mixin.hpp"
#include "wechaty/puppet/mixins/tag_mixin.hpp"
#include "wechaty/puppet/mixins/tap_mixin.hpp"

namespace wechaty::puppet {

namespace detail {
/// Holds the engine, as the first base, so that it is there before the mixins and after them.
struct PuppetCoreHolder {
  explicit PuppetCoreHolder(PuppetOptions options) : engine_{std::move(options)} {}
  PuppetCore engine_;
};
}  // namespace detail

/// The base of every puppet: it keeps the contract, a derived class implements hooks.
///
/// A hook is a protected virtual function `do_x`; do_start() and do_stop() are pure, and the public
/// function of a hook that is not overridden throws UnsupportedError. A derived class tells the
/// base what happens by login(), ready(), heartbeat(), receive(), report() and logged_out(), from
/// any thread; these return at once.
///
/// The destructor of a concrete class must call stop(): when the base's own runs, the hooks are
/// gone. Where it was forgotten the base ends its threads and logs an error.
///
/// Thread: public functions may be called from any thread. Hooks run on the caller's thread, or on
/// a thread of the base; several at once, except do_start, do_stop and do_logout. Listeners run on
/// the executor, one at a time, and may call any public function. Hooks must not wait for the
/// executor's thread. No lock is held over a hook or a listener.
/// Source: the contract's rules R1 to R9, docs/contract.md; wechaty-puppet src/puppet/.
class Puppet : private detail::PuppetCoreHolder,
               public DirtyMixin,
               public DingMixin,
               public MemoryMixin,
               public ContactMixin,
               public RoomMixin,
               public RoomMemberMixin,
               public RoomInvitationMixin,
               public FriendshipMixin,
               public MessageMixin,
               public ConversationMixin,
               public PostMixin,
               public TapMixin,
               public TagMixin,
               public SayableMixin,
               public LoginMixin,
               public ServiceMixin {
 public:
  /// @throws InvalidArgumentError on options that cannot be, naming the option
  explicit Puppet(PuppetOptions options = {});
  Puppet(const Puppet&) = delete;
  Puppet& operator=(const Puppet&) = delete;
  virtual ~Puppet();

  /// Call `listener` at every event E, e.g. on<EventMessagePayload>(...), until the result goes.
  ///
  /// Thread: any. The listener runs on the executor, never inside this call.
  template <detail::Event E, class F>
  Subscription on(F&& listener) {
    return engine_.emitter().on<E>(std::forward<F>(listener));
  }
  /// Call `listener` at the next event E only.
  template <detail::Event E, class F>
  Subscription once(F&& listener) {
    return engine_.emitter().once<E>(std::forward<F>(listener));
  }

  /// Whether the puppet implements a hook, without calling it. Thread: any. Does not block.
  [[nodiscard]] bool supports(Capability capability) const;

  /// A random UUID (version 4) of this object; not the account's id.
  [[nodiscard]] const std::string& id() const { return id_; }
  /// What the puppet is called in logs and errors: the name of its class.
  [[nodiscard]] virtual std::string name() const;
  /// The version of the puppet; of this library where it does not say.
  [[nodiscard]] virtual std::string version() const;
  /// `PuppetEcho<bot>`: the name and the memory card's, or NONAME.
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] const PuppetOptions& options() const { return engine_.options(); }

 protected:
  using ContactMixin::receive;
  using FriendshipMixin::receive;
  using MessageMixin::receive;
  using PostMixin::receive;
  using RoomInvitationMixin::receive;
  using RoomMemberMixin::receive;
  using RoomMixin::receive;

  /// Something has happened: one event, through the order gate (contract R2). `login` and `logout`
  /// are the same as calling login() and logged_out().
  ///
  /// @throws InvalidArgumentError on an event without the ids it needs
  /// Thread: any. Does not block.
  void report(EventPayload event);

  /// Something went wrong that nobody called for: an `error` event.
  void report_error(std::exception_ptr error) { engine_.report_error(std::move(error)); }

  /// For hooks that wait: stop is requested when stop() has been called. A new one for each start.
  [[nodiscard]] std::stop_token stop_token() const { return engine_.stop_token(); }
  /// The puppet's logger.
  [[nodiscard]] spdlog::logger& log() { return engine_.log(); }
  /// Where listeners run; also for a puppet's own timers.
  [[nodiscard]] Executor& executor() { return engine_.executor(); }

 private:
  const std::string id_;
};

}  // namespace wechaty::puppet
