// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace wechaty::puppet_xmpp {

/// Sees to it that one thing at a time is done about a room: it takes several questions to the
/// server to join or leave one.
///
/// Thread: any.
class Turns {
 public:
  /// Over with its scope.
  class Turn {
   public:
    Turn(Turns& turns, std::string room) : turns_{&turns}, room_{std::move(room)} {}
    Turn(Turn&& other) noexcept
        : turns_{std::exchange(other.turns_, nullptr)}, room_{std::move(other.room_)} {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (turns_ != nullptr) turns_->end(room_);
    }

   private:
    Turns* turns_;
    std::string room_;
  };

  /// Blocks while something else is done about the room.
  [[nodiscard]] Turn take(const std::string& room) {
    std::unique_lock lock{mutex_};
    ended_.wait(lock, [&] { return !taken_.contains(room); });
    taken_.insert(room);
    return {*this, room};
  }
  /// nullopt while something else is done about the room.
  [[nodiscard]] std::optional<Turn> try_take(const std::string& room) {
    const std::lock_guard lock{mutex_};
    if (!taken_.insert(room).second) return std::nullopt;
    return Turn{*this, room};
  }

 private:
  void end(const std::string& room) {
    {
      const std::lock_guard lock{mutex_};
      taken_.erase(room);
    }
    ended_.notify_all();
  }

  std::mutex mutex_;  // guards taken_
  std::condition_variable ended_;
  std::set<std::string> taken_;
};

}  // namespace wechaty::puppet_xmpp
