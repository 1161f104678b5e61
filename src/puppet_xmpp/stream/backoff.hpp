// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

namespace wechaty::puppet_xmpp {

/// How long to wait before a server is dialled again: exponential, with jitter, so that the clients
/// of a server that was restarted do not come all at once (RFC 6120, section 3.3).
///
/// Only a session that lasts, or in which a message or an acknowledgement has come, ends the
/// series: a server that lets everybody in and drops them at once is dialled ever more seldom, too.
/// Thread: the loop's.
class Backoff {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// A number from the first to the second, both included.
  using Random = std::function<std::int64_t(std::int64_t, std::int64_t)>;

  Backoff();
  explicit Backoff(Random random) : random_{std::move(random)} {}

  /// The attempt has led to a session.
  void session_began(Time now) { session_began_ = now; }
  /// A message has come in the session, or the acknowledgement of one of ours.
  void session_works() { session_works_ = true; }
  /// The attempt is over, and so is the session that it may have led to.
  void attempt_ended(Time now);
  /// The next attempt may come soon: this one has failed for a reason that has gone with it.
  void reset() { failures_ = 0; }
  /// After an attempt has ended. From 0 to 0.5 s the first time, later from the half of a time that
  /// doubles up to a minute.
  [[nodiscard]] std::chrono::milliseconds next_wait();

 private:
  Random random_;
  int failures_ = 0;  // attempts since the last session that lasted
  std::optional<Time> session_began_;
  bool session_works_ = false;
};

}  // namespace wechaty::puppet_xmpp
