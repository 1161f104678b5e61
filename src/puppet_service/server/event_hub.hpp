// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/support/status.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_service/server/event_journal.hpp"
#include "puppet_service/server/out_event.hpp"
#include "wechaty/puppet/puppet.hpp"

namespace wechaty::puppet_service {

/// Somebody who listens to the events of one puppet. Called with the hub's lock held, but for
/// finish(): must neither block nor call the hub.
class EventSink {
 public:
  enum class Push {
    taken,
    refused,   ///< it has ended, or is about to
    too_slow,  ///< too much waits already
  };

  EventSink() = default;
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;
  virtual ~EventSink() = default;

  /// The first of all: what there is to tell, however much. @result false when it has ended
  virtual bool begin(OutEvents events) = 0;
  virtual Push push(const OutEventPtr& event) = 0;
  /// Send what waits, then end with this status; nothing is taken any more. Called without the
  /// hub's lock.
  virtual void finish(const grpc::Status& status) = 0;
  /// End at once. @result what was taken and not sent, oldest first
  virtual OutEvents abandon() = 0;
  /// Which connection it is.
  [[nodiscard]] virtual const std::string& peer() const = 0;
};

/// The events of one puppet to all who listen, and a journal for when nobody does.
///
/// Thread: every function may be called from any thread. Its listeners run on the puppet's
/// executor.
class EventHub {
 public:
  using Clock = std::chrono::steady_clock;

  struct Options {
    std::size_t journal_events;
    std::size_t journal_bytes;
    std::chrono::milliseconds heartbeat_interval;
    std::chrono::milliseconds health_timeout;
  };

  EventHub(puppet::Puppet& puppet, Options options);
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;
  /// Waits for the listener that is running.
  ~EventHub();

  /// The state in order (heartbeat, then login and ready or the pending scan), what the journal
  /// has, and from then on every event: nothing twice, nothing left out.
  void open(const std::shared_ptr<EventSink>& sink);
  /// The sink has ended; `unsent` is what it had taken.
  void closed(const EventSink& sink, const OutEvents& unsent);

  /// End the streams of one connection, or all.
  void finish_streams_of(std::string_view peer, const grpc::Status& status);
  void finish_all(const grpc::Status& status);

  /// Whether a Logout call is what npm clients answer a LOGOUT event with: the session that it is
  /// about has ended already, and one that began meanwhile must not. True once for each event.
  [[nodiscard]] bool is_echo_of_logout(std::string_view peer);

  /// A heartbeat to the streams now: the puppet has just been started.
  void beat();
  /// A heartbeat to the streams when one is due and the puppet is well.
  void tick();

  enum class Health { unknown, serving, not_serving };
  /// By the age of the puppet's last heartbeat.
  [[nodiscard]] Health health() const;

 private:
  struct LogoutSent {
    std::string peer;
    Clock::time_point when;
  };

  struct Listening {
    std::shared_ptr<EventSink> sink;
    std::uint64_t since;  // it has taken every event with a higher number
  };

  [[nodiscard]] std::vector<std::shared_ptr<EventSink>> sinks() const;
  template <class E>
  void listen();
  void read_state();
  void deliver(const puppet::EventPayload& event);
  void note(const puppet::EventPayload& event);
  bool send(const OutEventPtr& event);
  void send_journal();
  void hand_over(const OutEvents& unsent);
  void heard(std::string_view peer, pb::EventType type);
  [[nodiscard]] bool is_well(Clock::time_point now) const;

  puppet::Puppet& puppet_;
  const Options options_;

  mutable std::mutex mutex_;      // guards everything below but subscriptions_
  std::vector<Listening> sinks_;  // the newest last
  std::uint64_t last_number_ = 0;
  EventJournal journal_;
  bool state_seen_ = false;             // an event has told it
  std::optional<std::string> account_;  // that is logged in
  std::string last_account_;            // that was, the last time
  std::optional<OutEventPtr> ready_;
  std::optional<OutEventPtr> scan_;            // that is pending
  std::optional<OutEventPtr> logout_;          // that ended the last session for good
  std::optional<OutEventPtr> missed_logout_;   // the same, when no stream has seen it
  std::optional<Clock::time_point> alive_at_;  // the puppet's last heartbeat
  Clock::time_point heartbeat_sent_at_{};
  std::vector<LogoutSent> logouts_;

  std::vector<puppet::Subscription> subscriptions_;  // last: ends first
};

}  // namespace wechaty::puppet_service
