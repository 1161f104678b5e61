// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/engine/puppet_core.hpp"

#include <spdlog/logger.h>

#include <type_traits>
#include <utility>

#include "puppet/engine/default_logger.hpp"
#include "puppet/schemas/sayable_files.hpp"
#include "wechaty/puppet/events/error_event.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"

namespace wechaty::puppet {

namespace {

/// Hands events to the listeners, and what a listener throws back as an `error` event; what an
/// `error` listener throws is only logged, as it could go on for ever (contract R2.6).
Strand::Deliver deliver_to(std::shared_ptr<Emitter> emitter,
                           std::shared_ptr<spdlog::logger> logger) {
  return [emitter = std::move(emitter), logger = std::move(logger)](Strand& strand,
                                                                    const EventPayload& event) {
    emitter->emit(event, [&](std::exception_ptr error, std::string_view name) {
      ErrorInfo info = error_info(error);
      info.message = "a listener of \"" + std::string{name} + "\" threw: " + info.message;
      logger->error("{}", info.message);
      if (name == event_name<EventErrorPayload>) return;
      strand.push({.event = error_event(info), .before = {}, .after = {}});
    });
  };
}

}  // namespace

struct PuppetCore::Alive {
  std::recursive_mutex mutex;  // held while a timer's task runs, so that the end waits for it
  bool value = true;
};

PuppetCore::PuppetCore(PuppetOptions options)
    : options_{std::move(options)},
      executor_{options_.executor_or_new()},
      logger_{options_.logger ? options_.logger : default_logger()},
      alive_{std::make_shared<Alive>()},
      worker_{std::make_shared<Worker>(
          [this](std::exception_ptr error) { report_error(error, "in the background"); })},
      emitter_{std::make_shared<Emitter>()},
      strand_{std::make_shared<Strand>(executor_, deliver_to(emitter_, logger_))},
      session_{strand_, options_.hold_limit},
      caches_{options_},
      exclusive_{strand_, worker_} {
  const auto timeout =
      options_.timeout.count() == 0 ? std::chrono::milliseconds{60'000} : options_.timeout;
  if (timeout.count() < 0) {
    throw InvalidArgumentError{"PuppetOptions.timeout must not be negative, got " +
                               std::to_string(timeout.count()) + " ms"};
  }
  // The timer may outlive the puppet on a shared executor; the worker's tasks do not.
  watchdog_ = std::make_unique<Watchdog>(
      executor_, timeout, [this, worker = std::weak_ptr{worker_}](const std::string& last_food) {
        if (const auto alive = worker.lock()) {
          alive->post([this, last_food] {
            if (on_bite_) on_bite_(last_food);
          });
        }
      });
}

PuppetCore::~PuppetCore() { shut_down(); }

FileBox PuppetCore::with_resolver(FileBox box) const {
  if (!options_.file_resolver || box.resolver()) return box;
  return box.with_resolver(options_.file_resolver);
}

PostPayload PuppetCore::with_resolver(PostPayload post) const {
  each_file(post, [this](FileBox& file) { file = with_resolver(std::move(file)); });
  return post;
}

void PuppetCore::shut_down() {
  forbid_hooks();
  {
    const std::lock_guard lock{alive_->mutex};
    alive_->value = false;
  }
  watchdog_->disarm();
  request_stop();
  session_.set_accepting(false);
  exclusive_.close();
  strand_->close();  // before the worker, which may be waiting for a delivery
  worker_->close();
}

void PuppetCore::call_at(Executor::Clock::time_point when, Executor::Task task) {
  executor_->call_at(when, [alive = alive_, task = std::move(task)] {
    const std::lock_guard lock{alive->mutex};
    if (alive->value) task();
  });
}

void PuppetCore::call_on_worker_at(Executor::Clock::time_point when, Worker::Task task) {
  executor_->call_at(when, [worker = std::weak_ptr{worker_}, task = std::move(task)] {
    if (const auto alive = worker.lock()) alive->post(task);
  });
}

void PuppetCore::stop_later() {
  worker_->post([this] {
    if (stopper_) stopper_();
  });
}

bool PuppetCore::report(EventPayload event, std::function<void()> before,
                        std::function<void()> after) {
  return report_checked(std::move(event), std::move(before), std::move(after),
                        [this](Delivery delivery) { return session_.report(std::move(delivery)); });
}

bool PuppetCore::report_in(Session::Number session, EventPayload event,
                           std::function<void()> before, std::function<void()> after) {
  return report_checked(std::move(event), std::move(before), std::move(after),
                        [this, session](Delivery delivery) {
                          return session_.report_in(session, std::move(delivery));
                        });
}

bool PuppetCore::report_checked(EventPayload event, std::function<void()> before,
                                std::function<void()> after,
                                const std::function<Session::Verdict(Delivery)>& gate) {
  if (const auto* message = std::get_if<EventMessagePayload>(&event)) {
    require(message->message_id, "report(message)", "message_id");
    if (!self_echo_.claim(message->message_id)) return false;
  } else if (const auto* dirty = std::get_if<EventDirtyPayload>(&event)) {
    caches_.drop(dirty->payload_type, dirty->payload_id);
  } else if (const auto* heartbeat = std::get_if<EventHeartbeatPayload>(&event)) {
    watchdog_->feed(heartbeat->data.value_or(""));
  } else if (std::holds_alternative<EventResetPayload>(event)) {
    before = [this, then = std::move(before)] {
      if (then) then();
      session_.forget_ready();
    };
  } else if (std::holds_alternative<EventLoginPayload>(event) ||
             std::holds_alternative<EventLogoutPayload>(event) ||
             std::holds_alternative<EventStartPayload>(event) ||
             std::holds_alternative<EventStopPayload>(event)) {
    throw ContractError{name() + ": the event \"" + std::string{name_of(event)} +
                        "\" is made by the base class, not reported; call login() or logged_out()"};
  }
  const bool is_scan = std::holds_alternative<EventScanPayload>(event);
  std::string message_id;
  if (const auto* message = std::get_if<EventMessagePayload>(&event)) {
    message_id = message->message_id;
  }
  const std::string_view event_name = name_of(event);
  const auto verdict =
      gate({.event = std::move(event), .before = std::move(before), .after = std::move(after)});
  if (verdict != Session::Verdict::dropped) return true;
  if (!message_id.empty()) self_echo_.release(message_id);
  logger_->debug("{}: dropped a \"{}\" event", name(), event_name);
  if (is_scan && session_.reported().session != 0) {
    report_error(name() +
                 " reported \"scan\" while logged in; it has to report logged_out() first");
  }
  return false;
}

void PuppetCore::report_error(std::exception_ptr error, std::string_view while_doing) {
  ErrorInfo info = error_info(error);
  if (!while_doing.empty()) info.message = std::string{while_doing} + ": " + info.message;
  logger_->error("{}: {}", name(), info.message);
  session_.announce({.event = error_event(info), .before = {}, .after = {}});
}

void PuppetCore::report_error(const std::string& message) {
  logger_->error("{}: {}", name(), message);
  session_.announce({.event = error_event(message), .before = {}, .after = {}});
}

void PuppetCore::forget_session() {
  caches_.clear();
  self_echo_.clear();
}

Session::Reported PuppetCore::require_login(std::string_view what) {
  auto reported = session_.reported();
  if (reported.session == 0) {
    throw NotLoggedInError{std::string{what} + ": " + name() +
                           " is not logged in; wait for the login event"};
  }
  return reported;
}

void PuppetCore::unsupported(Capability capability) const {
  const std::string what{capability_name(capability)};
  throw UnsupportedError{name() + " does not support " + what + ": it has no do_" + what + "()"};
}

void PuppetCore::require(std::string_view id, std::string_view what, std::string_view parameter) {
  if (id.empty()) {
    throw InvalidArgumentError{std::string{what} + ": no id: " + std::string{parameter} +
                               " is empty"};
  }
}

std::stop_token PuppetCore::stop_token() const {
  const std::lock_guard lock{stop_mutex_};
  return stop_source_.get_token();
}

void PuppetCore::renew_stop_token() {
  const std::lock_guard lock{stop_mutex_};
  stop_source_ = std::stop_source{};
}

void PuppetCore::request_stop() {
  std::stop_source source;
  {
    const std::lock_guard lock{stop_mutex_};
    source = stop_source_;
  }
  source.request_stop();  // its callbacks are the hooks' and run without our lock
}

}  // namespace wechaty::puppet
