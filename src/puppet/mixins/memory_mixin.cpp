// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/memory_mixin.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <exception>

#include "puppet/memory/logout_note.hpp"

namespace wechaty::puppet {

namespace {
constexpr std::string_view logout_mark = "logging-out";
constexpr std::chrono::seconds longest_save_wait{60};
}  // namespace

MemoryCard MemoryMixin::memory() const {
  const std::lock_guard lock{mutex_};
  return card_;
}

void MemoryMixin::set_memory(MemoryCard card) {
  const std::lock_guard lock{mutex_};
  if (!card_.name().empty()) {
    throw ContractError{"Puppet memory can be only set once: it is " + card_.to_string() + ", so " +
                        card.to_string() + " is refused"};
  }
  card_ = std::move(card);
}

/// The base's own notes, out of the way of the puppet's keys; clearing the card clears them too.
MemoryCard MemoryMixin::marks_of(const MemoryCard& card) {
  return card.multiplex("wechaty-puppet-base");
}

void MemoryMixin::report_damage(const MemoryCard& card, const LoadResult& result) {
  if (result.damage.empty()) return;
  const std::string where =
      result.set_aside_as ? " and was set aside as " + *result.set_aside_as : std::string{};
  core_.report_error("the memory card " + card.describe() + " cannot be read (" + result.damage +
                     ")" + where + "; a new login is needed");
}

void MemoryMixin::acquire_lease(MemoryCard& card) {
  const auto& ttl = core_.options().session_lease;
  if (!ttl) return;
  // Called on the lease's thread, inside of a save too: what is to be done is left to the worker.
  const auto on_lost = [this](const std::string& why) {
    lease_lost_ = true;
    core_.call_on_worker_at(core_.executor().now(), [this, why] {
      if (on_lease_lost_) on_lease_lost_(why);
    });
  };
  card.acquire_lease({.ttl = *ttl, .owner = {}, .on_lost = on_lost});
}

void MemoryMixin::load_session() {
  MemoryCard card = memory();
  acquire_lease(card);
  bool read = true;
  if (!card.loaded()) {
    report_damage(card, card.load());
  } else if (lease_lost_ || !card.changed()) {
    try {
      report_damage(card, card.reload());
    } catch (const StorageError&) {
      if (lease_lost_) throw;  // somebody else may have written it
      read = false;
      core_.report_error(std::current_exception(),
                         "start: the memory card cannot be read again, what is in memory is used");
    }
  } else {
    read = false;
  }
  lease_lost_ = false;
  // What is in memory and was not read now is younger than the note.
  if (marks_of(card).has(logout_mark) || (read && logout_noted(card))) {
    core_.log().warn("{}: the last logout did not come to its end; its session is erased now",
                     core_.name());
    card.clear();
    card.save();
  }
  if (read) forget_noted_logout();
}

void MemoryMixin::save_memory() {
  core_.worker().post([this] {
    if (save_waits_) return;  // the later try takes this along
    try {
      save_session();
    } catch (const StorageError&) {
      core_.report_error(std::current_exception(),
                         "the session is not in the store yet, it is kept in memory and will be "
                         "saved when the store is back");
    } catch (...) {
      core_.report_error(std::current_exception(), "the session cannot be saved");
    }
  });
}

bool MemoryMixin::store(MemoryCard& card) {
  // Given back and not got again, the lease no longer keeps the card from being written.
  if (lease_lost_) {
    throw ConflictError{card.describe() +
                        ": the lease of this process is lost; another one may use the session now"};
  }
  return card.save();
}

void MemoryMixin::save_session() {
  try {
    MemoryCard card = memory();
    store(card);
    forget_noted_logout();
  } catch (const StorageError&) {
    save_later(std::chrono::seconds{1});
    throw;
  }
}

void MemoryMixin::save_later(std::chrono::seconds wait) {
  if (save_waits_.exchange(true)) return;
  core_.call_on_worker_at(core_.executor().now() + wait, [this, wait] { save_again(wait); });
}

void MemoryMixin::save_again(std::chrono::seconds waited) {
  save_waits_ = false;
  MemoryCard card = memory();
  try {
    if (card.loaded() && store(card)) {
      forget_noted_logout();
      core_.log().info("{}: the store is back, {} is saved", core_.name(), card.describe());
    }
  } catch (const StorageError&) {
    save_later(std::min(waited * 2, longest_save_wait));
  } catch (...) {
    core_.report_error(std::current_exception(), "the session could not be saved later either");
  }
}

void MemoryMixin::mark_logout() {
  MemoryCard card = memory();
  marks_of(card).set(logout_mark, true);
  note_logout(card.stored_hashes());  // first: a crash may come while the store is waited for
  store(card);
  forget_noted_logout();
}

memory::LogoutNote MemoryMixin::note_of(const MemoryCard& card) const {
  return {core_.options().state_folder.value_or(memory::default_state_folder()),
          card.describe() + ' ' + card.to_string()};
}

void MemoryMixin::note_logout(const std::vector<std::string>& hashes) {
  if (hashes.empty()) return;
  noted_ = true;
  try {
    note_of(memory()).write(hashes);
  } catch (const StorageError& error) {
    // No harm unless the store fails as well.
    core_.log().warn("{}: the logout cannot be noted on this machine: {}", core_.name(),
                     error.what());
  }
}

bool MemoryMixin::logout_noted(const MemoryCard& card) {
  noted_ = true;
  try {
    return note_of(card).names(card.stored_hashes());
  } catch (const StorageError& error) {
    core_.log().warn("{}: whether this session was logged out cannot be read: {}", core_.name(),
                     error.what());
    return false;
  }
}

void MemoryMixin::forget_noted_logout() {
  if (!noted_.exchange(false)) return;
  try {
    note_of(memory()).remove();
  } catch (const StorageError& error) {
    core_.log().warn("{}: {}", core_.name(), error.what());  // it names documents that are gone
  }
}

void MemoryMixin::clear_session() { memory().clear(); }

}  // namespace wechaty::puppet
