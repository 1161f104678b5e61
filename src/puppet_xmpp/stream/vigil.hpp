// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <utility>

namespace wechaty::puppet_xmpp {

/// Watches over a connection on which nothing comes any more.
///
/// Thread: the loop's.
class Vigil {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Verdict {
    fine,
    ping,  ///< said once per silence: the server is to say something
    dead,
  };

  /// @param login_timeout  for each step on the way to a session
  /// @param silence        in a session: ping after it, give up after twice of it
  Vigil(std::chrono::milliseconds login_timeout, std::chrono::milliseconds silence)
      : login_timeout_{login_timeout}, silence_{silence} {}

  /// Something has come, or the connection has made a step.
  void heard(Time now) {
    last_ = now;
    pinged_ = false;
  }
  [[nodiscard]] Verdict check(Time now, bool in_session) {
    const auto silent = now - last_;
    if (!in_session) return silent > login_timeout_ ? Verdict::dead : Verdict::fine;
    if (silent > silence_ * 2) return Verdict::dead;
    return silent > silence_ && !std::exchange(pinged_, true) ? Verdict::ping : Verdict::fine;
  }

 private:
  const std::chrono::milliseconds login_timeout_;
  const std::chrono::milliseconds silence_;
  Time last_{};
  bool pinged_ = false;
};

}  // namespace wechaty::puppet_xmpp
