// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <utility>

namespace wechaty::puppet_service {

/// How many of a kind are under way, and a limit.
///
/// Thread: any. Slots must not outlive it.
class Admission {
 public:
  explicit Admission(std::size_t limit) : limit_{limit} {}
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  /// A place that is free again when this goes.
  class Slot {
   public:
    Slot() = default;
    explicit Slot(Admission& admission) : admission_{&admission} {}
    Slot(Slot&& other) noexcept : admission_{std::exchange(other.admission_, nullptr)} {}
    Slot& operator=(Slot&& other) noexcept {
      if (this != &other) {
        release();
        admission_ = std::exchange(other.admission_, nullptr);
      }
      return *this;
    }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() { release(); }

    void release() noexcept {
      if (auto* admission = std::exchange(admission_, nullptr)) admission->count_.fetch_sub(1);
    }

   private:
    Admission* admission_ = nullptr;
  };

  /// nullopt when there is no place.
  [[nodiscard]] std::optional<Slot> enter() {
    if (count_.fetch_add(1) >= limit_) {
      count_.fetch_sub(1);
      return std::nullopt;
    }
    return Slot{*this};
  }

  [[nodiscard]] std::size_t limit() const { return limit_; }
  [[nodiscard]] std::size_t count() const { return count_.load(); }

 private:
  const std::size_t limit_;
  std::atomic<std::size_t> count_{0};
};

}  // namespace wechaty::puppet_service
