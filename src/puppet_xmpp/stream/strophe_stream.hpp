// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/stream/connection.hpp"
#include "wechaty/puppet_xmpp/options.hpp"

namespace wechaty::puppet_xmpp {

/// A Connection by libstrophe, which is used for sockets, TLS and XML only.
///
/// Thread: everything on the thread that made it, which must have SIGPIPE blocked: libstrophe's
/// writes raise it.
class StropheStream final : public Connection {
 public:
  /// @param stop  breaks off a TLS handshake, which may block
  StropheStream(const XmppOptions& options, const Jid& account, StreamListener& listener,
                std::stop_token stop);
  ~StropheStream() override;

  bool connect(const Endpoint& endpoint) override;
  void wait(int wake, std::chrono::milliseconds limit) override;
  void cut() override;
  [[nodiscard]] bool is_closed() const override;
  [[nodiscard]] const std::string& tls_problem() const override;

  void open() override;
  bool start_tls() override;
  void write(std::string_view xml) override;
  void close() override;

 private:
  struct Strophe;
  std::unique_ptr<Strophe> strophe_;
};

}  // namespace wechaty::puppet_xmpp
