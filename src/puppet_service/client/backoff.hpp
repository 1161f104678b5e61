// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace wechaty::puppet_service {

/// Pauses that grow: doubled each time, up to a longest, each shortened by a random part of up to a
/// half. Thread: one at a time.
class Backoff {
 public:
  using Duration = std::chrono::milliseconds;

  explicit Backoff(Duration first, unsigned seed = std::random_device{}())
      : first_{first}, next_{first}, random_{seed} {}

  /// The pause before the next attempt. @param longest  may differ from call to call
  Duration next(Duration longest) {
    const Duration pause = std::min(next_, longest);
    next_ = std::min(pause * 2, longest);
    std::uniform_int_distribution<Duration::rep> part{pause.count() / 2, pause.count()};
    return Duration{part(random_)};
  }
  /// It has worked: begin again with the first pause.
  void reset() { next_ = first_; }

 private:
  const Duration first_;
  Duration next_;
  std::mt19937 random_;
};

}  // namespace wechaty::puppet_service
