// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>

#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/stream/connection.hpp"
#include "wechaty/puppet_xmpp/options.hpp"

namespace wechaty::puppet_xmpp {

/// What a Client finds around it: the network and the time. A test has one of its own.
///
/// Thread: the loop's; now() any.
class Environment {
 public:
  using Clock = std::chrono::steady_clock;

  Environment() = default;
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  virtual ~Environment() = default;

  /// @param stop  breaks off whatever blocks
  [[nodiscard]] virtual std::unique_ptr<Connection> make_connection(const XmppOptions& options,
                                                                    const Jid& account,
                                                                    StreamListener& listener,
                                                                    std::stop_token stop);
  [[nodiscard]] virtual Clock::time_point now();
  /// Wait for `wake` (a file descriptor to read from) or for `limit`, without a connection.
  virtual void idle(int wake, std::chrono::milliseconds limit);
};

}  // namespace wechaty::puppet_xmpp
