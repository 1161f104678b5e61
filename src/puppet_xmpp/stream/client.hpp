// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "puppet_xmpp/stream/backoff.hpp"
#include "puppet_xmpp/stream/environment.hpp"
#include "puppet_xmpp/stream/negotiation.hpp"
#include "puppet_xmpp/stream/outbox.hpp"
#include "puppet_xmpp/stream/questions.hpp"
#include "puppet_xmpp/stream/stream_management.hpp"
#include "puppet_xmpp/stream/tasks.hpp"
#include "puppet_xmpp/stream/vigil.hpp"
#include "puppet_xmpp/wire.hpp"

namespace spdlog {
class logger;
}  // namespace spdlog

namespace wechaty::puppet_xmpp {

/// What a Client tells. All on the loop's thread, and must neither block nor throw.
class ClientListener {
 public:
  virtual ~ClientListener() = default;
  /// Asked before each attempt to log in.
  virtual LoginRequest login_request() = 0;
  /// There is a session.
  ///
  /// @param unsettled  in a new session: what the server may or may not have got in the last one
  virtual void on_session(const LoginResult& result, std::deque<Outbox::Entry> unsettled) = 0;
  /// A message, presence or iq that is no answer. @param number  its place in the session, from 1
  virtual void on_stanza(const Element& stanza, std::uint32_t number) = 0;
  /// The server wants to know how much has come: acknowledge() when that is safe.
  virtual void on_ack_wanted() = 0;
  /// Something has come from the server.
  virtual void on_alive() = 0;
  /// The connection is lost or could not be made; it is tried again.
  virtual void on_trouble(const std::string& why) = 0;
  /// Something that was posted has thrown.
  virtual void on_error(std::exception_ptr error) = 0;
  /// It is not tried again: the account is refused, or somebody ended the session.
  virtual void on_ended(LoginFailure::Kind kind, const std::string& why) = 0;
};

/// Keeps one session with the server: connects, logs in, and does so again with back-off when the
/// connection is lost; what was sent meanwhile waits.
///
/// One thread, the loop, owns the connection and all state but the queue of tasks.
/// Thread: public functions from any; those that wait not from the loop's.
class Client final : public Wire, private StreamListener {
 public:
  Client(XmppOptions options, Jid account, ClientListener& listener, spdlog::logger& log,
         std::unique_ptr<Environment> environment = std::make_unique<Environment>());
  ~Client() override;

  void start();
  /// End the stream in an orderly way, at most 3 s, and the thread. Who waits gets CancelledError.
  void stop();

  void send(Element stanza) override;
  void deliver(Element stanza) override;
  Element ask(Element iq) override;
  [[nodiscard]] std::string self() const override { return account_.bare(); }

  /// Send a stanza that must not get lost: it is sent again until the server has it.
  void send_safely(Element stanza, Outbox::OnSettled on_settled);
  /// Whether the session was ended in an orderly way, or there was none. After stop().
  [[nodiscard]] bool has_left() const { return left_; }
  /// Run something on the loop's thread.
  void post(Tasks::Task task) { tasks_.post(std::move(task)); }
  /// Run something on the loop's thread, later.
  void post_at(Tasks::Time when, Tasks::Task task) { tasks_.post_at(when, std::move(task)); }
  /// Tell the server that we have dealt with `count` stanzas of this session; not more than have
  /// come. Thread: the loop's.
  void acknowledge(std::uint32_t count);
  /// How many stanzas have come in this session. Thread: the loop's.
  [[nodiscard]] std::uint32_t received() const { return management_.received(); }
  /// A token that is stopped by stop().
  [[nodiscard]] std::stop_token stop_token() const { return stop_.get_token(); }
  /// What a session that broke off would be resumed with; for the memory card. Thread: the loop's.
  [[nodiscard]] const std::optional<Resumption>& resumption() const {
    return management_.resumption();
  }

 private:
  void run();
  void attempt();
  void negotiate();
  [[nodiscard]] std::optional<Endpoint> next_endpoint();
  [[nodiscard]] std::string why_it_ended(bool was_in_session) const;
  void work(std::chrono::milliseconds longest);
  void run_tasks();
  void wait_before_next_attempt();
  void wait_for_stop();
  void fail_all(const std::string& why);
  void check_time();
  void end_orderly();
  void end(LoginFailure::Kind kind, const std::string& why);
  [[nodiscard]] bool is_over() const { return ended_ || stop_.stop_requested(); }

  void on_connected() override;
  void on_opened() override;
  void on_element(Element element) override;
  void on_closed() override {}
  void on_login(LoginResult result);
  void on_login_failure(const LoginFailure& failure);
  void on_session_element(Element& element);
  void on_stream_error(const Element& error);
  void doom(std::string why);

  void transmit(Element stanza, Outbox::OnSettled on_settled);
  void write(const Element& element);
  void ask_now(const std::shared_ptr<Question>& question);
  [[nodiscard]] Element ping() const;

  /// Whether what is sent now goes to a session, at the latest when it is resumed.
  [[nodiscard]] bool has_session() const { return in_session_ || management_.resumption(); }

  const XmppOptions options_;
  const Jid account_;
  ClientListener& listener_;
  spdlog::logger& log_;
  const std::unique_ptr<Environment> environment_;
  std::stop_source stop_;
  Tasks tasks_{[this](std::exception_ptr error) { listener_.on_error(std::move(error)); }};
  std::thread thread_;

  // The loop's own.
  std::unique_ptr<Connection> stream_;
  std::unique_ptr<Negotiation> negotiation_;
  std::deque<Endpoint> endpoints_;  // not tried yet
  bool ended_ = false;
  bool in_session_ = false;  // the stream carries stanzas
  bool doomed_ = false;      // the stream is to be cut
  bool leaving_ = false;
  bool left_ = true;     // the server keeps nothing of us, as far as we know
  std::string trouble_;  // why the stream ended, when that is known
  Backoff backoff_;
  Vigil vigil_{options_.login_timeout, options_.silence};
  StreamManagement management_{options_.resumption};
  Questions questions_{account_, log_};
  std::vector<Outbox::Entry> parked_stanzas_;
};

}  // namespace wechaty::puppet_xmpp
