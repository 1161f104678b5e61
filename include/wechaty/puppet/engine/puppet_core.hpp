// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

#include "wechaty/puppet/agents/watchdog.hpp"
#include "wechaty/puppet/cache/payload_caches.hpp"
#include "wechaty/puppet/capability.hpp"
#include "wechaty/puppet/engine/exclusive.hpp"
#include "wechaty/puppet/engine/self_echo.hpp"
#include "wechaty/puppet/engine/session.hpp"
#include "wechaty/puppet/engine/strand.hpp"
#include "wechaty/puppet/engine/worker.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/events/emitter.hpp"
#include "wechaty/puppet/options.hpp"

namespace wechaty::puppet {

class FileBox;
struct PostPayload;

/// What the concerns of one puppet share: the engine's parts, and how an event gets from the puppet
/// to its listeners. Every mixin has a reference to it; puppet authors never see it.
///
/// Thread: any. The parts lock by themselves; no lock is held while a hook or a listener runs.
class PuppetCore {
 public:
  /// @throws InvalidArgumentError on options that cannot be, naming the option
  explicit PuppetCore(PuppetOptions options);
  PuppetCore(const PuppetCore&) = delete;
  PuppetCore& operator=(const PuppetCore&) = delete;
  ~PuppetCore();

  [[nodiscard]] const PuppetOptions& options() const { return options_; }
  [[nodiscard]] Executor& executor() { return *executor_; }
  [[nodiscard]] spdlog::logger& log() { return *logger_; }
  [[nodiscard]] Emitter& emitter() { return *emitter_; }
  [[nodiscard]] Session& session() { return session_; }
  [[nodiscard]] PayloadCaches& caches() { return caches_; }
  [[nodiscard]] SelfEcho& self_echo() { return self_echo_; }
  [[nodiscard]] Exclusive& exclusive() { return exclusive_; }
  [[nodiscard]] Worker& worker() { return *worker_; }
  [[nodiscard]] Watchdog& watchdog() { return *watchdog_; }

  /// Who we are in logs and errors; Puppet sets it.
  void set_name(std::function<std::string()> name) { name_ = std::move(name); }
  [[nodiscard]] std::string name() const { return name_ ? name_() : "Puppet"; }

  /// The box, with the resolver of the options unless it has one.
  [[nodiscard]] FileBox with_resolver(FileBox box) const;
  /// The post, with every file in it so.
  [[nodiscard]] PostPayload with_resolver(PostPayload post) const;

  /// What the watchdog does when it bites; runs on the worker.
  void set_on_bite(std::function<void(const std::string& last_food)> on_bite) {
    on_bite_ = std::move(on_bite);
  }
  /// How the puppet is stopped from within the engine, e.g. when its card belongs to another.
  void set_stopper(std::function<void()> stop) { stopper_ = std::move(stop); }
  void stop_later();

  /// Run a task on the executor, or on the worker, at a time; not after the puppet's end.
  void call_at(Executor::Clock::time_point when, Executor::Task task);
  void call_on_worker_at(Executor::Clock::time_point when, Worker::Task task);

  // --- events ----------------------------------------------------------------------------------

  /// An event that the puppet reports, through the order gate, with what the contract wants done at
  /// once: caches dropped, the watchdog fed, repeated messages left out.
  ///
  /// @throws InvalidArgumentError for a dirty event without a type
  ///         ContractError for an event that only the base may make: login, logout, start, stop
  /// @result whether it is on its way; false when it was left out
  bool report(EventPayload event, std::function<void()> before = {},
              std::function<void()> after = {});

  /// As report(), unless the login session has ended.
  bool report_in(Session::Number session, EventPayload event, std::function<void()> before = {},
                 std::function<void()> after = {});

  /// report() of an event whose payload, already made, came with it: it answers at the latest when
  /// the event is delivered, unless it is dirty by then.
  template <class T>
  void report_with(PayloadCache<T>& cache, const std::string& id,
                   typename PayloadCache<T>::Pointer payload, EventPayload event) {
    cache.pin(id, std::move(payload));
    if (!report(std::move(event), {}, [&cache, id] { cache.unpin(id); })) cache.unpin(id);
  }

  /// An `error` event, whatever the state, and a line in the log.
  void report_error(std::exception_ptr error, std::string_view while_doing = {});
  void report_error(const std::string& message);

  /// Everything that belongs to a login session and is not on the card: gone.
  void forget_session();

  // --- checks ----------------------------------------------------------------------------------

  /// The login session that a call belongs to.
  /// @throws NotLoggedInError naming `what`
  Session::Reported require_login(std::string_view what);

  /// What a hook throws that the puppet does not override.
  [[noreturn]] void unsupported(Capability capability) const;

  /// @throws InvalidArgumentError when `id` is empty, naming `what` and `parameter`
  static void require(std::string_view id, std::string_view what, std::string_view parameter);

  /// Asks a hook that waits to end: stop() has been called.
  [[nodiscard]] std::stop_token stop_token() const;
  /// A new stop token for a new start.
  void renew_stop_token();
  void request_stop();

  /// From now on no hook is called any more. The first step of ~Puppet(): its derived part is gone.
  void forbid_hooks() { shut_down_ = true; }
  /// Ends all threads and deliveries; no hook is called any more. For ~Puppet().
  void shut_down();
  /// Whether the end has begun: the hooks are gone, do not call them.
  [[nodiscard]] bool is_shut_down() const { return shut_down_; }

 private:
  bool report_checked(EventPayload event, std::function<void()> before, std::function<void()> after,
                      const std::function<Session::Verdict(Delivery)>& gate);

  const PuppetOptions options_;
  const std::shared_ptr<Executor> executor_;
  const std::shared_ptr<spdlog::logger> logger_;
  std::function<std::string()> name_;
  std::function<void(const std::string&)> on_bite_;
  std::function<void()> stopper_;

  struct Alive;  // shared with timers, which may outlive the puppet on a shared executor
  const std::shared_ptr<Alive> alive_;
  const std::shared_ptr<Worker> worker_;
  const std::shared_ptr<Emitter> emitter_;
  const std::shared_ptr<Strand> strand_;
  Session session_;
  PayloadCaches caches_;
  SelfEcho self_echo_;
  Exclusive exclusive_;
  std::unique_ptr<Watchdog> watchdog_;

  std::atomic<bool> shut_down_{false};
  mutable std::mutex stop_mutex_;  // guards stop_source_
  std::stop_source stop_source_;
};

}  // namespace wechaty::puppet
