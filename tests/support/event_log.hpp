// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "wechaty/puppet.hpp"

namespace wechaty::puppet::test {

/// All events of a puppet in the order in which its listeners see them, as short texts such as
/// "login bot" and "message m1"; and a way to wait for them that is no sleep.
class EventLog {
 public:
  explicit EventLog(Puppet& puppet) {
    add<EventDirtyPayload>(puppet, [](const auto& e) {
      return std::to_string(static_cast<int>(e.payload_type)) + " " + e.payload_id;
    });
    add<EventDongPayload>(puppet, [](const auto& e) { return e.data.value_or(""); });
    add<EventErrorPayload>(puppet, [](const auto& e) { return error_info(e).message; });
    add<EventFriendshipPayload>(puppet, [](const auto& e) { return e.friendship_id; });
    add<EventHeartbeatPayload>(puppet, [](const auto& e) { return e.data.value_or(""); });
    add<EventLoginPayload>(puppet, [](const auto& e) { return e.contact_id; });
    add<EventLogoutPayload>(puppet,
                            [](const auto& e) { return e.contact_id + " " + e.data.value_or(""); });
    add<EventMessagePayload>(puppet, [](const auto& e) { return e.message_id; });
    add<EventReadyPayload>(puppet, [](const auto&) { return std::string{}; });
    add<EventResetPayload>(puppet, [](const auto&) { return std::string{}; });
    add<EventRoomInvitePayload>(puppet, [](const auto& e) { return e.room_invitation_id; });
    add<EventRoomJoinPayload>(puppet, [](const auto& e) { return e.room_id; });
    add<EventRoomLeavePayload>(puppet, [](const auto& e) { return e.room_id; });
    add<EventRoomTopicPayload>(puppet, [](const auto& e) { return e.new_topic; });
    add<EventScanPayload>(puppet, [](const auto& e) { return e.qrcode.value_or(""); });
    add<EventStartPayload>(puppet, [](const auto&) { return std::string{}; });
    add<EventStopPayload>(puppet, [](const auto&) { return std::string{}; });
  }

  [[nodiscard]] std::vector<std::string> all() const {
    const std::lock_guard lock{mutex_};
    return lines_;
  }
  /// The lines that begin with `name`.
  [[nodiscard]] std::vector<std::string> of(std::string_view name) const {
    std::vector<std::string> found;
    for (const auto& line : all()) {
      if (line.starts_with(name)) found.push_back(line);
    }
    return found;
  }
  /// How often exactly this line was seen.
  [[nodiscard]] std::ptrdiff_t count(const std::string& line) const {
    const auto lines = all();
    return std::count(lines.begin(), lines.end(), line);
  }
  /// The place of the first line that begins with `text`; -1 when there is none.
  [[nodiscard]] std::ptrdiff_t place(std::string_view text) const {
    const auto lines = all();
    const auto found = std::find_if(lines.begin(), lines.end(),
                                    [&](const auto& line) { return line.starts_with(text); });
    return found == lines.end() ? -1 : found - lines.begin();
  }

  /// Wait until `count` lines that begin with `text` have been seen; false after 20 s.
  [[nodiscard]] bool wait_for(const std::string& text, std::ptrdiff_t count = 1) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::seconds{20}, [&] {
      return std::count_if(lines_.begin(), lines_.end(),
                           [&](const auto& line) { return line.starts_with(text); }) >= count;
    });
  }

 private:
  template <class E, class F>
  void add(Puppet& puppet, F&& describe) {
    subscriptions_.push_back(puppet.on<E>([this, describe](const E& event) {
      std::string line{event_name<E>};
      if (const std::string more = describe(event); !more.empty()) line += " " + more;
      {
        const std::lock_guard lock{mutex_};
        lines_.push_back(std::move(line));
      }
      changed_.notify_all();
    }));
  }

  mutable std::mutex mutex_;  // guards lines_
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  std::vector<Subscription> subscriptions_;
};

}  // namespace wechaty::puppet::test
