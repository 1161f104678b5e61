// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>

namespace wechaty::puppet_service {

/// Counts the calls that gRPC has not done with, for a server that ends in order: gRPC's own
/// waiting is for connections, and an idle peer that does not answer would take all of its time.
/// Thread: every function may be called from any thread.
class UnderWay {
 public:
  UnderWay() = default;
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;

  /// Counts as one while it lives.
  class Token {
   public:
    Token() = default;
    explicit Token(UnderWay& owner) : owner_{&owner} { owner.count_.fetch_add(1); }
    Token(Token&& other) noexcept : owner_{std::exchange(other.owner_, nullptr)} {}
    Token& operator=(Token&& other) noexcept {
      std::swap(owner_, other.owner_);
      return *this;
    }
    Token(const Token&) = delete;
    Token& operator=(const Token&) = delete;
    ~Token() {
      if (owner_ != nullptr) owner_->remove();
    }

   private:
    UnderWay* owner_ = nullptr;
  };

  /// Wait until there are none, for at most `patience`.
  void wait_for_none(std::chrono::milliseconds patience) {
    std::unique_lock lock{mutex_};
    none_.wait_for(lock, patience, [this] { return count_.load() == 0; });
  }

 private:
  void remove() {
    if (count_.fetch_sub(1) > 1) return;
    const std::lock_guard lock{mutex_};
    none_.notify_all();
  }

  std::atomic<std::size_t> count_{0};
  std::mutex mutex_;  // so that no wait misses the last one
  std::condition_variable none_;
};

}  // namespace wechaty::puppet_service
