// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "wechaty/puppet/events/event_payload.hpp"

namespace wechaty::puppet::bench {

/// The least that brings an event to a listener on another thread: a queue, a mutex, a condition
/// variable. No timers, no cancelling, no fairness, no order gate.
class BareQueue {
 public:
  explicit BareQueue(std::function<void(const EventPayload&)> listener)
      : listener_{std::move(listener)}, thread_{[this] { run(); }} {}
  ~BareQueue() {
    {
      const std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  BareQueue(const BareQueue&) = delete;
  BareQueue& operator=(const BareQueue&) = delete;

  void push(EventPayload event) {
    {
      const std::lock_guard lock{mutex_};
      events_.push_back(std::move(event));
    }
    wake_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock{mutex_};
    while (true) {
      wake_.wait(lock, [this] { return stopping_ || !events_.empty(); });
      if (stopping_) return;
      const EventPayload event = std::move(events_.front());
      events_.pop_front();
      lock.unlock();
      listener_(event);
      lock.lock();
    }
  }

  const std::function<void(const EventPayload&)> listener_;
  std::mutex mutex_;  // guards events_ and stopping_
  std::condition_variable wake_;
  std::deque<EventPayload> events_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace wechaty::puppet::bench
