// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "puppet_xmpp/element.hpp"

namespace wechaty::puppet_xmpp {

/// The messages that somebody is sending right now: a send returns when the server has the message
/// (XEP-0198), and in a room when the room has reflected it.
///
/// Thread: any; wait_for() blocks.
class Deliveries {
 public:
  void begin(const std::string& id, std::string to, bool in_room);

  /// The server has it, or (with a problem) never will.
  void settled(const std::string& id, const std::string& problem);
  /// A copy of it has come back. @result whether somebody waits for it
  bool came_back(std::string_view id);
  /// It was refused, if who says so may_refuse(). @result whether somebody waits for it
  /// @param self  the account's bare JID
  bool refused(const Element& error, std::string_view self);
  [[nodiscard]] bool is_waiting(std::string_view id) const;

  /// Return when it is there; forgets it in any case.
  /// @throws what the refusal means; Error, TimeoutError, CancelledError
  void wait_for(const std::string& id, std::string_view what, std::chrono::milliseconds limit,
                const std::stop_token& stop);

 private:
  struct Delivery {
    std::string to;
    bool in_room = false;
    bool done = false;
    std::string problem;
    std::optional<Element> refusal;
  };
  mutable std::mutex mutex_;  // guards under_way_
  std::condition_variable_any changed_;
  std::map<std::string, Delivery, std::less<>> under_way_;
};

/// Whether it is for the sender of a stanza of type `error` to say what becomes of a message to
/// `to`: the receiver, the room, or the account's own server (RFC 6120, section 8.3.1). Others who
/// know the id of a message must not pass it off as failed.
[[nodiscard]] bool may_refuse(const Element& error, std::string_view to, std::string_view self);

}  // namespace wechaty::puppet_xmpp
