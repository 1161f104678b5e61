// SPDX-License-Identifier: Apache-2.0
// What the account does after a new session, on its synchroniser.
#include "puppet_xmpp/account.hpp"

#include <spdlog/logger.h>

#include <utility>

#include "puppet_xmpp/timestamp.hpp"

namespace wechaty::puppet_xmpp {

void Account::synchronise(std::uint64_t session, bool full) {
  roster.load();
  if (full) {
    const Element answer = client_.ask(iq_set().add(Element{"enable", ns::carbons}));
    if (answer.attr("type") == "error") log_.info("XMPP {}: no carbons here", self_);
    client_.send(Element{"presence", ns::client}.add(Disco::caps()));
  }
  synchronise_rooms(session, full);
  if (!full) return;
  if (has_archive()) catch_up_.run(self_, CatchUp::Pace::as_listeners_hear);
  // From ready on a process may be killed, and the next one has to know where it begins.
  if (!card_abandoned_) keeper_->save_now();
}

void Account::finish(std::uint64_t session) {
  client_.post([this, session] {
    if (!is_current(session) || ready_) return;
    if (inbox_.take_overflow(self_)) return synchroniser_.want(true);
    inbox_.open(self_);
    keeper_->touch(false);
    send_again();
    ready_ = complete_ = true;
    if (!card_abandoned_) note_resumption();
    keeper_->touch(true);
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
    if (rooms.knows(owner) && inbox_.take_overflow(owner)) return synchroniser_.want(true);
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
