// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "puppet_xmpp/stream/endpoints.hpp"
#include "puppet_xmpp/stream/stream.hpp"

namespace wechaty::puppet_xmpp {

/// A Stream from its dial to its end. What it has to tell goes to the StreamListener that it was
/// made with.
///
/// Thread: the loop's only.
class Connection : public Stream {
 public:
  /// Begin to connect. Blocks for the look-up of the address.
  /// @result false when it cannot be tried at all
  virtual bool connect(const Endpoint& endpoint) = 0;
  /// Wait for the server, for `wake` (a file descriptor to read from) or for `limit`, and tell the
  /// listener what came.
  virtual void wait(int wake, std::chrono::milliseconds limit) = 0;
  /// Cut the connection without a word. on_closed() has been called when this returns.
  virtual void cut() = 0;
  [[nodiscard]] virtual bool is_closed() const = 0;
  /// Why TLS failed, if it did; for messages.
  [[nodiscard]] virtual const std::string& tls_problem() const = 0;
};

}  // namespace wechaty::puppet_xmpp
