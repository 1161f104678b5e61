// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/events/emitter.hpp"

#include <algorithm>

namespace wechaty::puppet {

namespace detail {

EmitterState::~EmitterState() {
  for (auto& list : lists) delete list.load();
}

void EmitterState::add(std::shared_ptr<Slot> slot) {
  const std::lock_guard lock{mutex};
  auto& list = lists[slot->channel];
  const SlotList* const old = list.load();
  auto fresh = old == nullptr ? std::make_unique<SlotList>() : std::make_unique<SlotList>(*old);
  fresh->push_back(std::move(slot));
  list.store(fresh.release(), std::memory_order_seq_cst);
  if (old != nullptr) retired.emplace_back(old);
  free_retired();
}

void EmitterState::remove(const Slot& slot) {
  const std::lock_guard lock{mutex};
  auto& list = lists[slot.channel];
  const SlotList* const old = list.load();
  if (old == nullptr) return;
  const auto found = std::find_if(old->begin(), old->end(),
                                  [&](const auto& other) { return other.get() == &slot; });
  if (found == old->end()) return;
  auto fresh = std::make_unique<SlotList>(old->begin(), found);
  fresh->insert(fresh->end(), found + 1, old->end());
  list.store(fresh.release(), std::memory_order_seq_cst);
  retired.emplace_back(old);
  free_retired();
}

/// The mutex is held. What an emission under way may still read waits for a later call.
void EmitterState::free_retired() {
  if (turn.load(std::memory_order_seq_cst) % 2 == 0) retired.clear();
}

/// Blocks until an emission that is under way on another thread has ended.
void EmitterState::wait_for_emission() {
  const std::uint64_t seen = turn.load(std::memory_order_seq_cst);
  if (seen % 2 == 0 || emitting_thread.load() == std::this_thread::get_id()) return;
  waiting.fetch_add(1, std::memory_order_seq_cst);
  {
    std::unique_lock lock{mutex};
    turned.wait(lock, [&] { return turn.load(std::memory_order_seq_cst) != seen; });
  }
  waiting.fetch_sub(1, std::memory_order_seq_cst);
}

void EmitterState::end_of_emission() {
  const std::lock_guard lock{mutex};
  turned.notify_all();
}

}  // namespace detail

void Subscription::reset() noexcept {
  if (!slot_) return;
  slot_->alive.store(false, std::memory_order_seq_cst);
  if (const auto state = state_.lock()) {
    state->remove(*slot_);
    state->wait_for_emission();
  }
  slot_.reset();
  state_.reset();
}

bool Subscription::active() const noexcept {
  return slot_ && slot_->alive.load(std::memory_order_acquire) && !state_.expired();
}

}  // namespace wechaty::puppet
