// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>

namespace wechaty::puppet_service {

/// Finds the id of a message that was sent where the server does not say it: many puppets behind
/// npm servers return none, but their `message` event of it follows.
///
/// Thread: any. No lock is held while a message is looked at.
class Echoes {
 public:
  /// How many of the last messages are remembered.
  static constexpr std::size_t limit = 256;

  /// A message was heard.
  void heard(const std::string& message_id);
  /// A place in what is heard: taken before a send, given to find() after it.
  [[nodiscard]] std::uint64_t mark() const;

  /// The first message since `mark` that `fits` and that no other send has found; "" when there is
  /// none in time, or after `stop`.
  [[nodiscard]] std::string find(std::uint64_t mark, std::chrono::milliseconds timeout,
                                 const std::stop_token& stop,
                                 const std::function<bool(const std::string& message_id)>& fits);

 private:
  struct Heard {
    std::uint64_t number;
    std::string message_id;
    bool found = false;
  };

  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable_any changed_;
  std::deque<Heard> heard_;
  std::uint64_t last_number_ = 0;
};

}  // namespace wechaty::puppet_service
