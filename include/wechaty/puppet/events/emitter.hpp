// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "wechaty/puppet/events/event_payload.hpp"
#include "wechaty/puppet/events/subscription.hpp"

namespace wechaty::puppet {

namespace detail {

template <class E, class Variant>
struct IndexIn;
template <class E, class... Es>
struct IndexIn<E, std::variant<Es...>> {
  static constexpr std::size_t value = [] {
    constexpr std::array<bool, sizeof...(Es)> same{std::is_same_v<E, Es>...};
    for (std::size_t i = 0; i < same.size(); ++i) {
      if (same[i]) return i;
    }
    return same.size();
  }();
};

/// The number of an event's channel: its place in EventPayload.
template <class E>
inline constexpr std::size_t channel_of = IndexIn<E, EventPayload>::value;

/// A type that is one of the alternatives of EventPayload.
template <class E>
concept Event = channel_of<E> < std::variant_size_v<EventPayload>;

struct Slot {
  Slot(std::size_t channel_number, bool only_once) : channel{channel_number}, once{only_once} {}
  virtual ~Slot() = default;

  /// Whether the listener may be called now; a `once` listener can be claimed one time.
  bool claim() noexcept {
    return once ? alive.exchange(false, std::memory_order_acq_rel)
                : alive.load(std::memory_order_acquire);
  }

  const std::size_t channel;
  const bool once;
  std::atomic<bool> alive{true};
};

template <class E>
struct ListenerSlot final : Slot {
  ListenerSlot(bool only_once, std::function<void(const E&)> listener)
      : Slot{channel_of<E>, only_once}, call{std::move(listener)} {}
  std::function<void(const E&)> call;
};

using SlotList = std::vector<std::shared_ptr<Slot>>;

/// Copy-on-write listener lists that an emission reads without a lock.
///
/// `turn` is odd while an emission is under way. An emission makes it odd before it loads a list; a
/// writer stores the new list before it looks at `turn`: so a writer that sees an even number knows
/// that nobody reads an old list, and may free it.
struct EmitterState {
  static constexpr std::size_t channels = std::variant_size_v<EventPayload>;

  ~EmitterState();
  void add(std::shared_ptr<Slot> slot);
  void remove(const Slot& slot);
  void wait_for_emission();
  void end_of_emission();
  void free_retired();

  std::array<std::atomic<const SlotList*>, channels> lists{};
  std::atomic<std::uint64_t> turn{0};
  std::atomic<std::thread::id> emitting_thread{};
  std::atomic<int> waiting{0};
  int depth = 0;  // emissions inside emissions; touched by the emitting thread only

  std::mutex mutex;  // guards retired, and every store to lists
  std::condition_variable turned;
  std::vector<std::unique_ptr<const SlotList>> retired;
};

}  // namespace detail

/// Typed events to listeners, in the order of subscription.
///
/// Thread: on(), once() and Subscription from any thread, at any time; emit() from one thread at a
/// time (a puppet's events are delivered one at a time, contract R2.4), also from within a
/// listener. A listener added while an event is being delivered hears the next one. Nothing is
/// allocated and no lock is held while listeners run.
class Emitter {
 public:
  Emitter() : state_{std::make_shared<detail::EmitterState>()} {}

  /// Call `listener` at every event E until the subscription ends.
  template <detail::Event E, class F>
  requires std::is_invocable_v<F&, const E&> Subscription on(F&& listener) {
    return add<E>(false, std::forward<F>(listener));
  }

  /// Call `listener` at the next event E only.
  template <detail::Event E, class F>
  requires std::is_invocable_v<F&, const E&> Subscription once(F&& listener) {
    return add<E>(true, std::forward<F>(listener));
  }

  /// Deliver one event. What a listener throws stops nobody; it goes to
  /// `on_error(std::exception_ptr, std::string_view event_name)`, which must not throw.
  template <detail::Event E, class OnError>
  void emit(const E& event, OnError&& on_error) {
    const Emission emission{*state_};
    const detail::SlotList* const list =
        state_->lists[detail::channel_of<E>].load(std::memory_order_seq_cst);
    if (list == nullptr) return;
    for (const auto& slot : *list) {
      if (!slot->claim()) continue;
      try {
        static_cast<const detail::ListenerSlot<E>&>(*slot).call(event);
      } catch (...) {
        on_error(std::current_exception(), event_name<E>);
      }
      if (slot->once) state_->remove(*slot);
    }
  }

  template <class OnError>
  void emit(const EventPayload& event, OnError&& on_error) {
    std::visit([&](const auto& payload) { this->emit(payload, on_error); }, event);
  }

  /// The number of listeners of E; for tests and diagnosis.
  template <detail::Event E>
  [[nodiscard]] std::size_t listener_count() const {
    const std::lock_guard lock{state_->mutex};
    const auto* list = state_->lists[detail::channel_of<E>].load();
    return list == nullptr ? 0 : list->size();
  }

 private:
  struct Emission {
    explicit Emission(detail::EmitterState& s) : state{s} {
      if (state.depth++ > 0) return;
      state.emitting_thread.store(std::this_thread::get_id(), std::memory_order_relaxed);
      state.turn.store(state.turn.load(std::memory_order_relaxed) + 1, std::memory_order_seq_cst);
    }
    ~Emission() {
      if (--state.depth > 0) return;
      state.emitting_thread.store({}, std::memory_order_relaxed);
      state.turn.store(state.turn.load(std::memory_order_relaxed) + 1, std::memory_order_seq_cst);
      if (state.waiting.load(std::memory_order_seq_cst) != 0) state.end_of_emission();
    }
    Emission(const Emission&) = delete;
    Emission& operator=(const Emission&) = delete;
    detail::EmitterState& state;
  };

  template <class E, class F>
  Subscription add(bool once, F&& listener) {
    auto slot = std::make_shared<detail::ListenerSlot<E>>(
        once, std::function<void(const E&)>(std::forward<F>(listener)));
    state_->add(slot);
    return Subscription{state_, std::move(slot)};
  }

  std::shared_ptr<detail::EmitterState> state_;
};

}  // namespace wechaty::puppet
