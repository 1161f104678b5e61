// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "wechaty/puppet/events/event_payload.hpp"
#include "wechaty/puppet/events/executor.hpp"

namespace wechaty::puppet {

/// One event on its way to the listeners.
struct Delivery {
  EventPayload event;
  std::function<void()> before;  ///< runs on the executor right before the listeners
  std::function<void()> after;   ///< runs on the executor right after the listeners
};

/// The queue of one puppet's events on an executor that it may share with others.
///
/// Delivers one event at a time, in the order of push() (contract R2.4). A puppet with a long queue
/// takes turns with the others: after 64 events it goes to the end of the executor's queue.
/// No lock is held while an event is delivered.
class Strand : public std::enable_shared_from_this<Strand> {
 public:
  using Ticket = std::uint64_t;  ///< the number of a push, from 1 on
  using Deliver = std::function<void(Strand&, const EventPayload&)>;

  /// @param deliver  hands the event to the listeners; must not throw
  Strand(std::shared_ptr<Executor> executor, Deliver deliver);

  /// Queue an event. Thread: any; never blocks, never delivers. After close(): dropped.
  Ticket push(Delivery delivery);

  /// Return when `done()` is true. On the executor's own thread it goes on delivering queued events
  /// meanwhile, one inside the other, as nobody else would; on other threads it just waits.
  ///
  /// @param done  called often, with the strand's mutex held: must be quick and call nothing here
  void wait_until(const std::function<bool()>& done);

  /// Return when the event of `ticket` has been delivered, or dropped by close().
  void wait_for(Ticket ticket);

  /// Look at the conditions of all wait_until() again.
  void poke();

  /// Whether `ticket` is being delivered further up on this very call stack, so that waiting for it
  /// would wait for oneself.
  [[nodiscard]] bool is_delivering_here(Ticket ticket) const;

  /// Drop what is queued and deliver nothing more. Returns when the event under way has been
  /// delivered, unless called from within its listeners.
  void close();

  [[nodiscard]] Executor& executor() const { return *executor_; }

 private:
  bool deliver_next(std::unique_lock<std::mutex>& lock);
  void drain();
  [[nodiscard]] bool is_delivered(Ticket ticket) const;

  const std::shared_ptr<Executor> executor_;

  const Deliver deliver_;

  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable changed_;
  std::deque<Delivery> queue_;
  Ticket last_ticket_ = 0;          // the newest one given out
  Ticket last_taken_ = 0;           // the newest one taken from the queue
  std::vector<Ticket> delivering_;  // taken, not yet delivered: nested, outermost first
  bool drain_posted_ = false;
  bool closed_ = false;
};

}  // namespace wechaty::puppet
