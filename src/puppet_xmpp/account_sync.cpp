// SPDX-License-Identifier: Apache-2.0
// What the account does after a new session, on its synchroniser.
#include "puppet_xmpp/account.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "puppet_xmpp/timestamp.hpp"

namespace wechaty::puppet_xmpp {

namespace {
// Between tries to synchronise a session.
constexpr std::chrono::milliseconds first_wait{1'000};
constexpr std::chrono::milliseconds longest_wait{60'000};
}  // namespace

void Account::synchronise(const std::stop_token& stop) {
  auto wait = first_wait;
  while (!stop.stop_requested()) {
    bool wanted = false;
    {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, stop,
                    [this] { return wanted_ || !put_out_.empty() || !new_bookmarks_.empty(); });
      if (stop.stop_requested()) return;
      wanted = std::exchange(wanted_, false);
    }
    const std::uint64_t session = session_;
    const auto attempt = [&](const auto& step) {
      try {
        step();
        return true;
      } catch (...) {
        // A new session has a try of its own.
        if (!stop.stop_requested() && !ended_ && is_current(session)) {
          host_.report_error(std::current_exception());
        }
        return false;
      }
    };
    static_cast<void>(attempt([&] { forget_rooms(); }));
    if (!wanted || attempt([&] { synchronise_once(session); })) {
      static_cast<void>(attempt([&] { follow_bookmarks(); }));
      wait = first_wait;
      continue;
    }
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, stop, wait, [&] { return wanted_ || ended_ || !is_current(session); });
    wait = std::min(wait * 2, longest_wait);
    wanted_ = !ended_;
  }
}

void Account::synchronise_once(std::uint64_t session) {
  bool full = false;
  {
    const std::lock_guard lock{mutex_};
    full = full_;
  }
  roster.load();
  if (full) {
    const Element answer = client_.ask(iq_set().add(Element{"enable", ns::carbons}));
    if (answer.attr("type") == "error") log_.info("XMPP {}: no carbons here", self_);
    client_.send(Element{"presence", ns::client}.add(Disco::caps()));
  }
  synchronise_rooms(session, full);
  if (full && has_archive()) catch_up_.run(self_, CatchUp::Pace::as_listeners_hear);
  {
    const std::lock_guard lock{mutex_};
    if (!is_current(session)) return;
    wanted_ = full_ = false;  // also what a resumption has asked for meanwhile
  }
  client_.post([this, session] {
    if (!is_current(session) || ready_) return;
    if (inbox_.take_overflow(self_)) return catch_up_again();
    inbox_.open(self_);
    keeper_->touch(false);
    send_again();
    ready_ = true;
    host_.on_ready();
  });
}

bool Account::has_archive() {
  try {
    const DiscoInfo info = disco.info(self_);
    note_ids(self_, info.gives_stanza_ids());
    return info.has(ns::mam);
  } catch (const puppet::TimeoutError&) {
    throw;
  } catch (const puppet::CancelledError&) {
    throw;
  } catch (const puppet::Error& error) {
    log_.info("XMPP {}: no archive: {}", self_, error.what());
    return false;
  }
}

void Account::note_ids(const std::string& owner, bool given) {
  client_.post([this, owner, given] { inbox_.set_gives_ids(owner, given); });
}

void Account::hear(const std::string& owner, const ArchivedMessage& message) {
  if (owner == self_ && invitations.handle_archived(message)) {
    ledger.passed(
        {.archive = owner, .id = message.id, .time = to_text(message.stamp.value_or(now()))});
  } else {
    inbox_.archived(owner, message);
  }
}

/// @param session  in which it was caught up with: in a later one it is not yet
void Account::open(const std::string& owner, std::uint64_t session) {
  client_.post([this, owner, session] {
    if (!is_current(session)) return;
    if (rooms.knows(owner) && inbox_.take_overflow(owner)) return catch_up_again();
    inbox_.open(owner);
    keeper_->touch(false);
  });
}

/// The catch-up with a room has failed. What comes from it is told all the same, but the next
/// catch-up begins where this one did.
void Account::open_with_gap(const std::string& room, std::uint64_t session) {
  ledger.keep_position(room);
  client_.post([this, room, session] {
    if (!is_current(session)) return;
    inbox_.open(room);
    keeper_->touch(false);
  });
}

/// More came meanwhile than could wait for it.
void Account::catch_up_again() {
  {
    const std::lock_guard lock{mutex_};
    wanted_ = full_ = true;
  }
  changed_.notify_all();
}

/// What the server may not have got before the last session ended, and what is not in the archives
/// either.
void Account::send_again() {
  client_.post([this] {  // after what the archives brought
    std::vector<Outbox::Entry> unsettled;
    {
      const std::lock_guard lock{mutex_};
      unsettled = std::exchange(unsettled_, {});
    }
    for (Outbox::Entry& entry : unsettled) {
      if (!entry.stanza.has_attr("id") || deliveries_.is_waiting(entry.stanza.attr("id"))) {
        client_.send_safely(std::move(entry.stanza), std::move(entry.on_settled));
      }
    }
  });
}

}  // namespace wechaty::puppet_xmpp
