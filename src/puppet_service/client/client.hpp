// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_service/client/connection.hpp"
#include "puppet_service/client/echoes.hpp"
#include "puppet_service/client/files.hpp"
#include "puppet_service/client/line.hpp"
#include "puppet_service/client/settings.hpp"
#include "wechaty/puppet_service/puppet_service.hpp"

namespace wechaty::puppet_service {

/// What PuppetService is made of: its connection, and what the events of the server mean for the
/// login session.
class PuppetService::Client final : public Connection::Owner {
 public:
  Client(PuppetService& owner, Settings settings);

  void start(const std::stop_token& stop);
  void stop();
  void log_out();

  template <class Request, class Response>
  Response call(std::string_view what, Line::Method<Request, Response> method,
                const Request& request) {
    return line_->call(what, method, request);
  }
  [[nodiscard]] Files& files() { return *files_; }

  /// What was sent, as far as its echo can be told from others by it.
  struct Sent {
    std::string_view conversation_id;
    std::optional<std::string_view> text{};  ///< of a text
    bool forwarded = false;                  ///< its kind is not known
  };
  /// The id that `send` returns; where it returns none, that of the echo that follows.
  /// @result "" when none follows either
  [[nodiscard]] std::string send(const Sent& sent, const std::function<std::string()>& call);

  [[nodiscard]] ConnectionStatus status() const;
  [[nodiscard]] std::shared_ptr<void> on_connection(
      std::function<void(const ConnectionStatus&)> listener);

 private:
  // Connection::Owner
  void on_event(const pb::EventResponse& message, std::uint64_t link) override;
  void on_online(std::uint64_t link) override;
  void on_settled(std::uint64_t link) override;
  void on_stale() override;
  void on_offline(const std::string& reason) override;
  void on_answer() override;
  void on_failure(std::exception_ptr error) override;
  void on_status(ConnectionStatus status) override;

  void enter(std::uint64_t link);
  void take(puppet::EventPayload event, std::uint64_t link);
  void take_login(const std::string& contact_id, std::uint64_t link);
  void take_logout(const puppet::EventLogoutPayload& logout);

  PuppetService& owner_;
  const Settings settings_;
  const std::chrono::milliseconds silence_;
  const std::shared_ptr<Line> line_;
  const std::shared_ptr<Files> files_;
  Echoes echoes_;

  mutable std::mutex mutex_;      // guards everything below; never held while calling out
  std::string account_;           // as the server says
  std::uint64_t link_ = 0;        // whose events are being taken
  std::uint64_t login_link_ = 0;  // which link has said that account_ is logged in
  /// Until when a LOGOUT is the echo of our own.
  std::optional<puppet::Executor::Clock::time_point> echo_until_;
  ConnectionStatus status_{.state = ConnectionState::offline, .reason = "not started"};

  struct Listeners;
  const std::shared_ptr<Listeners> listeners_;
};

}  // namespace wechaty::puppet_service
