// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/login_mixin.hpp"

#include <spdlog/logger.h>

#include <array>
#include <chrono>
#include <exception>
#include <utility>

namespace wechaty::puppet {

namespace {

/// Waits before the second and the third try to load the own profile (contract R2.1).
constexpr std::array<std::chrono::milliseconds, 2> retry_waits{std::chrono::milliseconds{250},
                                                               std::chrono::milliseconds{1'000}};

/// Counts up for as long as it lives.
class Counted {
 public:
  Counted(std::mutex& mutex, int& counter, std::condition_variable& changed)
      : mutex_{mutex}, counter_{counter}, changed_{changed} {
    const std::lock_guard lock{mutex_};
    ++counter_;
  }
  ~Counted() {
    {
      const std::lock_guard lock{mutex_};
      --counter_;
    }
    changed_.notify_all();
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::mutex& mutex_;
  int& counter_;
  std::condition_variable& changed_;
};

}  // namespace

std::string LoginMixin::current_user_id() const {
  auto id = core_.session().current_user_id();
  if (!id) throw NotLoggedInError{"current_user_id: " + core_.name() + " is not logged in"};
  return *std::move(id);
}

bool LoginMixin::is_logged_in() const { return core_.session().current_user_id().has_value(); }
bool LoginMixin::is_ready() const { return core_.session().is_ready(); }
std::optional<std::string> LoginMixin::auth_qr_code() const {
  return core_.session().auth_qr_code();
}

void LoginMixin::ready(std::string_view data) {
  core_.report(
      EventReadyPayload{.data = data.empty() ? std::nullopt : std::optional{std::string{data}}});
}

// --- login -----------------------------------------------------------------------------------

void LoginMixin::login(std::string_view user_id) {
  PuppetCore::require(user_id, "login", "user_id");
  const auto present = core_.session().reported();
  if (present.session != 0 && present.user_id != user_id) {
    core_.log().warn("{}: login of {} ends the session of {}", core_.name(), user_id,
                     present.user_id);
    end_session("login of another account");  // the card is the new session's already
  }
  const auto session = core_.session().begin_login(user_id);
  if (!session) {
    core_.log().debug("{}: login of {} changes nothing", core_.name(), user_id);
    return;
  }
  // Not here: the caller may be the very thread that do_contact_payload() waits for.
  core_.worker().post([this, session = *session] { prepare(session, 0); });
}

/// Saves the session, loads the own profile, lets `login` out. Runs on the worker.
void LoginMixin::prepare(Session::Number session, int attempt) {
  const Counted inside{mutex_, preparing_, prepared_};
  const auto [current, user_id] = core_.session().reported();
  if (current != session || core_.stop_token().stop_requested() || core_.is_shut_down()) return;
  if (attempt == 0 && !save_before_login(session)) return;

  std::shared_ptr<const ContactPayload> self;
  try {
    self = contact_.load_contact(user_id);
  } catch (const UnsupportedError&) {
    core_.log().debug("{}: no profile of {}: no do_contact_payload()", core_.name(), user_id);
  } catch (...) {
    if (static_cast<std::size_t>(attempt) < retry_waits.size()) {
      const auto when = core_.executor().now() + retry_waits.at(static_cast<std::size_t>(attempt));
      core_.call_on_worker_at(when, [this, session, attempt] { prepare(session, attempt + 1); });
      return;
    }
    core_.report_error(
        std::current_exception(),
        "login: the profile of \"" + user_id + "\" could not be loaded, only its id is known");
  }
  if (!self) self = std::make_shared<const ContactPayload>(ContactPayload{.id = user_id});
  core_.session().complete_login(session, [this, self] {
    auto& cache = core_.caches().contact;
    if (!cache.find(self->id)) cache.put(self->id, self);
  });
}

/// Whether the login may go on (contract R4.2).
bool LoginMixin::save_before_login(Session::Number session) {
  try {
    memory_.save_session();
  } catch (const ConflictError&) {
    // Two clients with one session would throw each other out for ever.
    core_.report_error(std::current_exception(), "login: another process holds this session");
    if (core_.session().reported().session == session) core_.session().end("conflict");
    core_.stop_later();
    return false;
  } catch (...) {
    core_.report_error(std::current_exception(),
                       "login: the session is not in the store yet, it is kept in memory");
  }
  return true;
}

// --- logout ----------------------------------------------------------------------------------

void LoginMixin::logout(std::string_view reason) {
  core_.exclusive().run([this, reason = std::string{reason}] { log_out(reason); },
                        [this](std::exception_ptr error) { core_.report_error(error, "logout"); });
}

void LoginMixin::log_out(std::string_view reason) {
  if (core_.session().reported().session == 0) return;
  const Counted ending{mutex_, ending_, prepared_};
  std::exception_ptr failure;
  const auto attempt = [&failure](const auto& step) {
    try {
      step();
    } catch (...) {
      if (!failure) failure = std::current_exception();
    }
  };
  // A crash from here on must not bring the session back (contract R3.5).
  attempt([this] { memory_.mark_logout(); });
  attempt([&] {
    if (!core_.is_shut_down()) do_logout(reason);
  });
  memory_.clear_session();
  attempt([this] { memory_.save_session(); });
  if (const auto ticket = core_.session().end(reason)) core_.exclusive().wait_for(*ticket);
  core_.forget_session();
  message_.forget_sent();
  if (failure) std::rethrow_exception(failure);
}

void LoginMixin::logged_out(std::string_view reason) {
  {
    const std::lock_guard lock{mutex_};
    if (ending_ > 0) return;
  }
  if (core_.session().reported().session == 0) return;
  const auto stored = memory_.memory().stored_hashes();
  // In memory now, so that the puppet may put the next session on the card right after this; in the
  // store as soon as possible.
  memory_.clear_session();
  end_session(reason);
  core_.worker().post([this, stored] {
    try {
      memory_.save_session();
    } catch (...) {
      memory_.note_logout(stored);
      core_.report_error(std::current_exception(), "logout: the session may still be in the store");
    }
  });
}

/// What listeners have been told of goes when they have been told that it is over.
void LoginMixin::end_session(std::string_view reason) {
  const auto forget = [this] {
    core_.forget_session();
    message_.forget_sent();
  };
  if (!core_.session().end(reason, forget)) forget();
}

// --- stop ------------------------------------------------------------------------------------

void LoginMixin::set_stopping(bool stopping) {
  const std::lock_guard lock{mutex_};
  ending_ += stopping ? 1 : -1;
}

void LoginMixin::end_for_stop(std::string_view reason) {
  if (const auto ticket = core_.session().end(reason)) core_.exclusive().wait_for(*ticket);
  std::unique_lock lock{mutex_};
  // The derived object may be gone when stop() has returned: nobody may be inside its hooks.
  prepared_.wait(lock, [this] { return preparing_ == 0 || core_.worker().is_current(); });
  lock.unlock();
  core_.forget_session();
  message_.forget_sent();
}

}  // namespace wechaty::puppet
