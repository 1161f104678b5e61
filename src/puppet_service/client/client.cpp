// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/client/client.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <condition_variable>
#include <thread>
#include <type_traits>
#include <utility>
#include <variant>

#include "puppet_service/wire/events.hpp"
#include "wechaty/puppet/events/error_event.hpp"

namespace wechaty::puppet_service {

using namespace puppet;  // NOLINT: this file is about its events

namespace {

/// How long after a Logout call a LOGOUT event may be its echo.
constexpr std::chrono::seconds echo_time{5};

/// So that a silent server is asked before the watchdog bites.
std::chrono::milliseconds silence_of(const PuppetOptions& options,
                                     const PuppetServiceOptions& service) {
  const auto timeout =
      options.timeout.count() == 0 ? std::chrono::milliseconds{60'000} : options.timeout;
  return std::min(service.silence, std::max(timeout / 3, std::chrono::milliseconds{1}));
}

}  // namespace

/// Who wants to know of the connection; shared with tasks on the executor.
struct PuppetService::Client::Listeners {
  struct Entry {
    explicit Entry(std::function<void(const ConnectionStatus&)> function)
        : listener{std::move(function)} {}

    void tell(const ConnectionStatus& status) {
      {
        const std::lock_guard lock{mutex};
        if (ended) return;
        running = std::this_thread::get_id();
      }
      try {
        listener(status);
      } catch (...) {  // NOLINT: it was told not to, and there is nobody left to tell
      }
      {
        const std::lock_guard lock{mutex};
        running = {};
      }
      returned.notify_all();
    }
    /// Not called any more when this returns; from within itself it may still be on its way back.
    void end() {
      std::unique_lock lock{mutex};
      ended = true;
      returned.wait(lock, [this] {
        return running == std::thread::id{} || running == std::this_thread::get_id();
      });
    }
    [[nodiscard]] bool has_ended() {
      const std::lock_guard lock{mutex};
      return ended;
    }

    const std::function<void(const ConnectionStatus&)> listener;
    std::mutex mutex;  // guards everything below
    std::condition_variable returned;
    bool ended = false;
    std::thread::id running;
  };

  void tell(const ConnectionStatus& status) {
    std::vector<std::shared_ptr<Entry>> now;
    {
      const std::lock_guard lock{mutex};
      std::erase_if(list, [](const auto& entry) { return entry->has_ended(); });
      now = list;
    }
    for (const auto& entry : now) entry->tell(status);
  }

  std::mutex mutex;  // guards list; taken before an entry's
  std::vector<std::shared_ptr<Entry>> list;
};

PuppetService::Client::Client(PuppetService& owner, Settings settings)
    : owner_{owner},
      settings_{std::move(settings)},
      silence_{silence_of(owner.options(), settings_.options)},
      line_{std::make_shared<Line>(settings_.options)},
      files_{std::make_shared<Files>(line_, owner.options().executor)},
      listeners_{std::make_shared<Listeners>()} {}

// --- start and stop --------------------------------------------------------------------------

void PuppetService::Client::start(const std::stop_token& stop) {
  owner_.pause_watchdog();  // until it is online
  const auto connection =
      std::make_shared<Connection>(settings_, silence_, owner_.options().executor, *this);
  {
    const std::lock_guard lock{mutex_};
    account_.clear();
    link_ = login_link_ = 0;
    echo_until_.reset();
  }
  line_->connect(connection, stop);
  connection->open(stop);
}

void PuppetService::Client::stop() {
  if (const auto connection = line_->disconnect()) {
    connection->close(settings_.options.stop_server_puppet);
  }
}

void PuppetService::Client::log_out() {
  {
    const std::lock_guard lock{mutex_};
    // The base ends the session whatever becomes of the call; the echo may come before its answer.
    if (!std::exchange(account_, {}).empty()) echo_until_ = Executor::Clock::time_point::max();
  }
  const auto limit_echo = [this](std::optional<Executor::Clock::time_point> until) {
    const std::lock_guard lock{mutex_};
    if (echo_until_) echo_until_ = until;
  };
  try {
    call("Logout", &Stub::Logout, pb::LogoutRequest{});
  } catch (...) {
    limit_echo(std::nullopt);
    throw;
  }
  limit_echo(owner_.executor().now() + echo_time);
}

std::string PuppetService::Client::send(const Sent& sent,
                                        const std::function<std::string()>& call) {
  const auto mark = echoes_.mark();
  std::string self;
  {
    const std::lock_guard lock{mutex_};
    self = account_;
  }
  if (std::string id = call(); !id.empty()) return id;
  return echoes_.find(
      mark, settings_.options.echo_timeout, owner_.stop_token(), [&](const std::string& id) {
        try {
          const MessagePayload message = owner_.do_message_payload(id);
          const bool is_text = message.type == MessageType::text;
          return message.talker_id == self &&
                 (message.room_id == sent.conversation_id ||
                  message.listener_id == sent.conversation_id) &&
                 (sent.forwarded || (sent.text ? is_text && message.text == sent.text : !is_text));
        } catch (...) {
          return false;  // it cannot be asked for: not ours
        }
      });
}

// --- the connection --------------------------------------------------------------------------

ConnectionStatus PuppetService::Client::status() const {
  const std::lock_guard lock{mutex_};
  return status_;
}

std::shared_ptr<void> PuppetService::Client::on_connection(
    std::function<void(const ConnectionStatus&)> listener) {
  const auto entry = std::make_shared<Listeners::Entry>(std::move(listener));
  {
    const std::lock_guard lock{listeners_->mutex};
    listeners_->list.push_back(entry);
  }
  return {entry.get(), [entry](void*) { entry->end(); }};
}

void PuppetService::Client::on_status(ConnectionStatus status) {
  owner_.log().info("{}: {}{}{}", owner_.name(), state_name(status.state),
                    status.reason.empty() ? "" : ": ", status.reason);
  {
    const std::lock_guard lock{mutex_};
    status_ = status;
  }
  owner_.executor().post(
      [listeners = listeners_, status = std::move(status)] { listeners->tell(status); });
}

void PuppetService::Client::on_online(std::uint64_t link) {
  enter(link);
  owner_.resume_watchdog();
}

void PuppetService::Client::on_settled(std::uint64_t link) {
  bool gone = false;
  {
    const std::lock_guard lock{mutex_};
    gone = !account_.empty() && login_link_ != link;
    if (gone) account_.clear();
  }
  // The server has not said that the account is still logged in, so nobody else may.
  if (gone) owner_.connection_lost("the server is back without the login session");
}

void PuppetService::Client::on_stale() { owner_.pause_watchdog(); }

void PuppetService::Client::on_offline(const std::string& reason) {
  {
    const std::lock_guard lock{mutex_};
    account_.clear();
  }
  owner_.connection_lost(reason);
}

void PuppetService::Client::on_answer() { owner_.heartbeat("the server has answered"); }

void PuppetService::Client::on_failure(std::exception_ptr error) {
  owner_.report_error(std::move(error));
}

// --- events ----------------------------------------------------------------------------------

/// The first that is heard of a new connection: what changed before it went unseen, and every
/// change after it is told. So this is the moment to forget.
void PuppetService::Client::enter(std::uint64_t link) {
  {
    const std::lock_guard lock{mutex_};
    const std::uint64_t before = std::exchange(link_, std::max(link_, link));
    if (before == 0 || link <= before) return;
  }
  owner_.forget_payloads();
}

void PuppetService::Client::on_event(const pb::EventResponse& message, std::uint64_t link) {
  enter(link);
  owner_.feed_watchdog("an event of the server");
  try {
    if (auto event = read_event(message)) {
      take(*std::move(event), link);
    } else {
      owner_.log().debug("{}: an event of the unknown type {}", owner_.name(),
                         static_cast<int>(message.type()));
    }
  } catch (...) {
    owner_.report_error(std::current_exception());
  }
}

void PuppetService::Client::take(EventPayload event, std::uint64_t link) {
  std::visit(
      [&](auto& payload) {
        using E = std::remove_cvref_t<decltype(payload)>;
        if constexpr (std::is_same_v<E, EventLoginPayload>) {
          take_login(payload.contact_id, link);
        } else if constexpr (std::is_same_v<E, EventLogoutPayload>) {
          take_logout(payload);
        } else if constexpr (std::is_same_v<E, EventScanPayload>) {
          {
            // The reference repeats the last scan to whoever connects, also long after it.
            const std::lock_guard lock{mutex_};
            if (!account_.empty()) return;
          }
          owner_.report(std::move(payload));
        } else if constexpr (std::is_same_v<E, EventMessagePayload>) {
          echoes_.heard(payload.message_id);
          owner_.report(std::move(payload));
        } else if constexpr (std::is_same_v<E, EventResetPayload> ||
                             std::is_same_v<E, EventStartPayload> ||
                             std::is_same_v<E, EventStopPayload>) {
          // Not on the wire; what the server's puppet does with itself is its own affair.
        } else {
          owner_.report(std::move(payload));
        }
      },
      event);
}

void PuppetService::Client::take_login(const std::string& contact_id, std::uint64_t link) {
  if (contact_id.empty()) throw InvalidArgumentError{"EventResponse of login: no contactId"};
  std::string before;
  {
    const std::lock_guard lock{mutex_};
    before = std::exchange(account_, contact_id);
    login_link_ = link;
  }
  if (!before.empty() && before != contact_id) {
    owner_.logged_out("another account has logged in: " + contact_id);
  }
  owner_.memory().set("account", contact_id);
  owner_.login(contact_id);
}

void PuppetService::Client::take_logout(const EventLogoutPayload& logout) {
  {
    const std::lock_guard lock{mutex_};
    const auto echo_until = std::exchange(echo_until_, std::nullopt);
    // The base has ended the session itself; a login that came in between is not meant.
    if (echo_until && owner_.executor().now() < *echo_until) return;
    if (account_.empty()) return;
    // A late one, of an account that was logged in before.
    if (!logout.contact_id.empty() && logout.contact_id != account_) return;
    account_.clear();
  }
  owner_.logged_out(logout.data.value_or("logout"));
}

}  // namespace wechaty::puppet_service
