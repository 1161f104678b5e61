// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <stop_token>
#include <string_view>
#include <thread>

#include "wechaty/puppet/cache/lru_map.hpp"

namespace wechaty::puppet {

/// Makes one `message` event of a send, whoever reports it first: the base when the send hook has
/// returned, or the service that echoes it before, after, or at the same time (contract R1).
///
/// Thread: any.
class SelfEcho {
 public:
  /// A send that is under way; lasts as long as this object.
  class Send {
   public:
    explicit Send(SelfEcho& owner);
    ~Send();
    Send(const Send&) = delete;
    Send& operator=(const Send&) = delete;

   private:
    SelfEcho& owner_;
    std::uint64_t number_;
  };

  /// Whether nobody has claimed the message before; true exactly once for each id (of the last
  /// 16,384), so that the one who gets it reports the event.
  [[nodiscard]] bool claim(std::string_view message_id);

  /// The event of a claimed message was not delivered after all: whoever brings it next may.
  void release(std::string_view message_id);

  /// Wait until the sends that are under way now on other threads have returned: one of them may be
  /// the one whose id somebody asks for. At most 30 s.
  ///
  /// @result whether there was anything to wait for
  bool wait_for_sends(const std::stop_token& stop);

  /// Forget all ids: the login session is over.
  void clear();

 private:
  std::mutex mutex_;  // guards everything below
  std::condition_variable_any returned_;
  LruMap<char> claimed_{16'384};
  std::map<std::uint64_t, std::thread::id> sends_;
  std::uint64_t last_send_ = 0;
};

}  // namespace wechaty::puppet
