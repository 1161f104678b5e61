// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/memory_mixin.hpp"

#include <spdlog/logger.h>

namespace wechaty::puppet {

namespace {
constexpr std::string_view logout_mark = "logging-out";
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

void MemoryMixin::load_session() {
  MemoryCard card = memory();
  if (!card.loaded()) {
    const LoadResult result = card.load();
    if (result.set_aside_as) {
      core_.report_error("the memory card " + card.describe() + " cannot be read (" +
                         result.damage + ") and was set aside as " + *result.set_aside_as +
                         "; a new login is needed");
    }
  }
  if (marks_of(card).has(logout_mark)) {
    core_.log().warn("{}: the last logout did not come to its end; its session is erased now",
                     core_.name());
    card.clear();
    card.save();
  }
}

void MemoryMixin::save_session() { memory().save(); }

void MemoryMixin::mark_logout() {
  MemoryCard card = memory();
  marks_of(card).set(logout_mark, true);
  card.save();
}

void MemoryMixin::clear_session() { memory().clear(); }

}  // namespace wechaty::puppet
