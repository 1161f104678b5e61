// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/stream/endpoints.hpp"
#include "puppet_xmpp/stream/stream.hpp"
#include "wechaty/puppet_xmpp/options.hpp"

namespace wechaty::puppet_xmpp {

/// A Stream by libstrophe, which is used for sockets, TLS and XML only.
///
/// Thread: everything on the thread that made it, which must have SIGPIPE blocked: libstrophe's
/// writes raise it.
class StropheStream final : public Stream {
 public:
  /// @param stop  breaks off a TLS handshake, which may block
  StropheStream(const XmppOptions& options, const Jid& account, StreamListener& listener,
                std::stop_token stop);
  ~StropheStream() override;

  /// Begin to connect. Blocks for the look-up of the address.
  /// @result false when it cannot be tried at all
  bool connect(const Endpoint& endpoint);
  /// Wait for the server, for `wake` (a file descriptor to read from) or for `limit`, and tell the
  /// listener what came.
  void wait(int wake, std::chrono::milliseconds limit);
  /// Cut the connection without a word. on_closed() has been called when this returns.
  void cut();
  [[nodiscard]] bool is_closed() const;
  /// Why TLS failed, if it did; for messages.
  [[nodiscard]] const std::string& tls_problem() const;

  void open() override;
  bool start_tls() override;
  void write(std::string_view xml) override;
  void close() override;

 private:
  struct Strophe;
  std::unique_ptr<Strophe> strophe_;
};

}  // namespace wechaty::puppet_xmpp
