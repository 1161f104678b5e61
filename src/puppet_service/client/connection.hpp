// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "puppet_service/client/backoff.hpp"
#include "puppet_service/client/link.hpp"
#include "puppet_service/client/settings.hpp"
#include "wechaty/puppet/engine/worker.hpp"
#include "wechaty/puppet/events/executor.hpp"
#include "wechaty/puppet_service/connection_status.hpp"

namespace wechaty::puppet_service {

/// Keeps a client connected from open() to close(): connects, doubts a silent server, connects
/// again. It is made for one start of the puppet.
///
///   connecting --> online --> stale --> online        (the one attempt that is made at once)
///                               |
///                               +--> offline --> online
///
/// Thread: the machine runs on a Worker of its own, one step after the other, so its steps need no
/// lock; the thread exists only while a step is under way. Pauses are timers of the executor.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// What the connection tells its owner. Nothing here may block or throw.
  class Owner {
   public:
    virtual ~Owner() = default;
    /// On gRPC's threads, in the order of the stream. @param link  grows with every connection
    virtual void on_event(const pb::EventResponse& event, std::uint64_t link) = 0;
    // The rest: on the connection's worker.
    virtual void on_online(std::uint64_t link) = 0;
    /// A while after on_online(): what the server says at once to who connects has been heard.
    virtual void on_settled(std::uint64_t link) = 0;
    virtual void on_stale() = 0;
    virtual void on_offline(const std::string& reason) = 0;
    /// A silent server has answered.
    virtual void on_answer() = 0;
    virtual void on_failure(std::exception_ptr error) = 0;
    /// From open() and close() too.
    virtual void on_status(ConnectionStatus status) = 0;
  };

  /// @param silence  when a server is doubted
  Connection(Settings settings, std::chrono::milliseconds silence,
             std::shared_ptr<puppet::Executor> executor, Owner& owner);
  ~Connection() = default;

  /// Connect and start the puppet behind the server.
  ///
  /// @throws NetworkError, ConflictError (another client has the stream) when it has not worked for
  ///         start_timeout; AuthenticationError, and whatever the Start call fails with, at once;
  ///         CancelledError after `stop`
  /// Thread: the caller's waits, also where it is the executor's.
  void open(const std::stop_token& stop);

  /// End everything. No function of the owner runs any more when this returns.
  ///
  /// @param stop_puppet  stop the puppet behind the server, too
  /// @throws what the Stop call fails with; all is ended all the same
  void close(bool stop_puppet);

  /// The connection for a call. @throws NetworkError while there is none
  [[nodiscard]] std::shared_ptr<Link> link() const;

 private:
  using Clock = puppet::Executor::Clock;

  void first_attempts();
  void attempt(std::chrono::milliseconds start_limit);
  void start_puppet(Link& link, std::chrono::milliseconds limit);
  void go_online();
  void lost(std::uint64_t number, const std::string& reason);
  void retry();
  void failed(std::exception_ptr error);
  void drop_link(const std::string& reason);
  void probe(std::uint64_t number);
  void watch(std::uint64_t number);
  void look(std::uint64_t number);

  void set_status(ConnectionState state, std::string reason);
  void post(std::function<void()> step);
  void at(Clock::time_point when, std::function<void(Connection&)> task);
  bool pause(std::chrono::milliseconds time);
  [[nodiscard]] bool stopped() const { return stop_.stop_requested(); }

  const Settings settings_;
  const std::chrono::milliseconds silence_;
  const std::shared_ptr<puppet::Executor> executor_;
  Owner& owner_;
  std::stop_source stop_;

  // Touched by the worker's steps only.
  Backoff backoff_;
  std::uint64_t last_number_ = 0;
  bool online_ = false;
  bool refusal_reported_ = false;

  mutable std::mutex mutex_;  // guards everything below; never held while calling out
  std::condition_variable_any changed_;
  std::shared_ptr<Link> link_;
  ConnectionStatus status_;
  bool opened_ = false;
  std::exception_ptr open_failure_;

  puppet::Worker worker_;  // last: its tasks use all the others
};

}  // namespace wechaty::puppet_service
