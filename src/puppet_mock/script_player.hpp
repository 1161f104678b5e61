// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "wechaty/puppet_mock/puppet_mock.hpp"

namespace wechaty::puppet_mock {

/// Plays a script by timers of the executor; costs no thread, and goes by the executor's time.
///
/// Thread: any. Steps run on the executor.
class PuppetMock::ScriptPlayer : public std::enable_shared_from_this<ScriptPlayer> {
 public:
  using Act = std::function<void(const ScriptAction&)>;

  /// @param executor  outlives this
  ScriptPlayer(Script script, puppet::Executor& executor, Act act)
      : script_{std::move(script)}, executor_{executor}, act_{std::move(act)} {}

  void play() {
    const std::lock_guard lock{mutex_};
    schedule(0);
  }

  /// Returns when no step is running and none will.
  void end() {
    const std::lock_guard lock{mutex_};
    ended_ = true;
  }

 private:
  using Clock = puppet::Executor::Clock;
  /// Repetitions in one go; others use the executor in between.
  static constexpr std::uint64_t batch = 64;

  void schedule(std::size_t index) {
    if (index >= script_.size()) return;
    due_ = executor_.now() + script_[index].after;
    call_at(due_, [this, index] { run(index, 0); });
  }

  template <class Task>
  void call_at(Clock::time_point when, Task task) {
    executor_.call_at(when, [weak = weak_from_this(), task] {
      const auto self = weak.lock();
      if (!self) return;
      const std::lock_guard lock{self->mutex_};
      if (!self->ended_) task();
    });
  }

  void run(std::size_t index, std::uint64_t done) {
    const ScriptStep& step = script_[index];
    for (std::uint64_t i = 0; done < step.count && i < (step.rate > 0 ? 1 : batch); ++i, ++done) {
      act_(step.action);
    }
    if (done >= step.count) return schedule(index + 1);
    if (step.rate > 0) {
      due_ +=
          std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{1 / step.rate});
    }
    call_at(due_, [this, index, done] { run(index, done); });
  }

  const Script script_;
  puppet::Executor& executor_;
  const Act act_;
  std::recursive_mutex mutex_;  // held while a step runs, so that end() waits for it
  bool ended_ = false;
  Clock::time_point due_;
};

}  // namespace wechaty::puppet_mock
