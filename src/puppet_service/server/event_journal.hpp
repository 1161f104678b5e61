// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "puppet_service/server/out_event.hpp"

namespace wechaty::puppet_service {

/// What happened while nobody listened: bounded, oldest first.
///
/// Messages, posts, friendships, what happens in rooms, errors and dirty payloads are kept; the
/// same payload twice dirty counts once. What tells of a state (scan, login, ready, heartbeat) is
/// not: a new stream gets the state itself. Nor is dong, whose ding is forgotten. Thread: one at a
/// time; the hub's lock.
class EventJournal {
 public:
  EventJournal(std::size_t max_events, std::size_t max_bytes)
      : max_events_{max_events}, max_bytes_{max_bytes} {}

  void add(const OutEventPtr& event);
  /// What a stream took and did not send: older than everything here.
  void put_back(const OutEvents& unsent);
  /// All of it, with an error event in front where some were lost. Empty afterwards.
  [[nodiscard]] OutEvents take();
  /// Only what belongs to no login session: errors.
  [[nodiscard]] OutEvents take_errors();
  /// A login session is over: so is what happened in it.
  void clear();

  [[nodiscard]] std::size_t size() const { return events_.size(); }
  [[nodiscard]] static bool keeps(pb::EventType type);

 private:
  void trim();
  void forget_front();

  const std::size_t max_events_;
  const std::size_t max_bytes_;
  OutEvents events_;
  std::size_t bytes_ = 0;
  std::set<std::string> dirty_;  // payloads of the dirty events in events_
  std::size_t lost_ = 0;
};

}  // namespace wechaty::puppet_service
