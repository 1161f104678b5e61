// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

namespace wechaty::puppet {

namespace detail {
struct EmitterState;
struct Slot;
}  // namespace detail

/// A listener's place in an emitter; ends with this object.
///
/// Safe after the emitter's death. Move-only; an empty one does nothing.
class [[nodiscard]] Subscription {
 public:
  Subscription() = default;
  Subscription(Subscription&& other) noexcept = default;
  Subscription& operator=(Subscription&& other) noexcept {
    if (this != &other) {
      reset();
      state_ = std::move(other.state_);
      slot_ = std::move(other.slot_);
    }
    return *this;
  }
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;
  ~Subscription() { reset(); }

  /// Unsubscribe. When this returns the listener is not running and will not run again, so what it
  /// captured may go; only a listener that ends its own (or another's) subscription from within an
  /// event is not waited for.
  ///
  /// Thread: any. May block until the listeners of the event under way have returned, so do not
  /// call it with a lock held that such a listener takes.
  void reset() noexcept;

  /// Keep listening for as long as the emitter lives, without an object to hold on to.
  void detach() noexcept {
    state_.reset();
    slot_.reset();
  }

  /// Whether the listener may still be called.
  [[nodiscard]] bool active() const noexcept;

 private:
  friend class Emitter;
  Subscription(std::weak_ptr<detail::EmitterState> state, std::shared_ptr<detail::Slot> slot)
      : state_{std::move(state)}, slot_{std::move(slot)} {}

  std::weak_ptr<detail::EmitterState> state_;
  std::shared_ptr<detail::Slot> slot_;
};

}  // namespace wechaty::puppet
