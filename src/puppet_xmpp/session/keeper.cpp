// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/keeper.hpp"

#include <chrono>
#include <utility>

namespace wechaty::puppet_xmpp {

namespace {
constexpr std::chrono::seconds longest_unsaved{1};
}

Keeper::Keeper(Card card, Ledger& ledger, std::function<void(const Ledger::Settled&)> on_saved,
               std::function<void(std::exception_ptr)> on_error)
    : card_{std::move(card)},
      ledger_{ledger},
      on_saved_{std::move(on_saved)},
      on_error_{std::move(on_error)},
      thread_{[this](const std::stop_token& stop) { run(stop); }} {}

void Keeper::touch(bool urgent) {
  {
    const std::lock_guard lock{mutex_};
    touched_ = true;
    urgent_ = urgent_ || urgent;
  }
  changed_.notify_all();
}

void Keeper::set_resumption(std::optional<Resumption> resumption) {
  {
    const std::lock_guard lock{mutex_};
    resumption_ = std::move(resumption);
  }
  static_cast<void>(write_settled());  // so that it is there when the base saves the login
}

void Keeper::stop() {
  thread_.request_stop();
  if (thread_.joinable() && thread_.get_id() != std::this_thread::get_id()) thread_.join();
}

void Keeper::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, stop, [this] { return touched_; });
      if (!urgent_) changed_.wait_for(lock, stop, longest_unsaved, [this] { return urgent_; });
      if (stop.stop_requested()) return;
      touched_ = urgent_ = false;
    }
    save(stop);
  }
}

Ledger::Settled Keeper::write_settled() {
  Ledger::Settled settled = ledger_.settled();
  const std::lock_guard lock{mutex_};
  if (taken_) return settled;
  card_.set_positions(settled.positions);
  card_.set_seen(settled.seen);
  auto resumption = resumption_;
  if (!settled.is_all_of_session) resumption.reset();
  if (resumption) resumption->received = settled.received;
  card_.set_resumption(resumption);
  return settled;
}

void Keeper::save_now() {
  try {
    static_cast<void>(write_settled());
    if (!is_taken()) static_cast<void>(card_.memory().save());
  } catch (...) {
    touch(true);  // the thread tries again, and tells
  }
}

bool Keeper::is_taken() {
  const std::lock_guard lock{mutex_};
  return taken_;
}

void Keeper::save(const std::stop_token& stop) {
  try {
    const Ledger::Settled settled = write_settled();
    if (!is_taken()) static_cast<void>(card_.memory().save());
    failing_ = false;
    on_saved_(settled);
  } catch (const puppet::ConflictError&) {
    on_error_(std::current_exception());
    const std::lock_guard lock{mutex_};
    taken_ = touched_ = urgent_ = true;  // who waits for the save is told at once
  } catch (...) {
    if (!std::exchange(failing_, true)) on_error_(std::current_exception());
    std::unique_lock lock{mutex_};
    touched_ = true;  // the server keeps what is not acknowledged
    changed_.wait_for(lock, stop, longest_unsaved, [] { return false; });
  }
}

}  // namespace wechaty::puppet_xmpp
