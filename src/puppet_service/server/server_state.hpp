// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "puppet_service/server/account.hpp"
#include "puppet_service/server/admission.hpp"
#include "puppet_service/server/call.hpp"
#include "puppet_service/server/hook_pool.hpp"
#include "puppet_service/server/under_way.hpp"
#include "wechaty/puppet/events/event_loop.hpp"
#include "wechaty/puppet_service/server_options.hpp"

namespace wechaty::puppet_service {

/// The calls that wait for their peer: they are looked after by the clock.
///
/// Every call comes by, so they are spread over several maps: threads seldom meet at one.
/// Thread: every function may be called from any thread.
class WatchedCalls {
 public:
  void add(const std::shared_ptr<Call>& call);
  /// It waits for its peer no longer.
  void remove(const Call& call);
  /// End those that have had no frame for `idle`; cut those that are still there after as long
  /// again.
  void end_idle(std::chrono::milliseconds idle);

 private:
  struct Part {
    std::mutex mutex;  // guards calls
    std::unordered_map<const Call*, std::weak_ptr<Call>> calls;
  };
  Part& part_of(const Call& call);

  std::array<Part, 16> parts_;
};

/// What the calls of one server share.
struct ServerState {
  explicit ServerState(const PuppetServerOptions& server_options)
      : options{server_options},
        calls{options.limits.calls},
        event_streams{options.limits.event_streams},
        file_streams{options.limits.file_streams},
        health_checks{options.limits.health_streams},
        health_streams{options.limits.health_streams},
        hooks{{.max_threads = options.limits.hook_threads}},
        files{{.max_threads = options.limits.file_streams}} {}
  /// Tasks of either pool may post to the other.
  ~ServerState() {
    hooks.close();
    files.close();
  }

  const PuppetServerOptions options;
  Accounts accounts;
  Admission calls;
  Admission event_streams;
  Admission file_streams;
  Admission health_checks;
  Admission health_streams;
  WatchedCalls watched_calls;
  UnderWay under_way;
  std::atomic<bool> closing{false};  ///< no call is taken any more
  std::unique_ptr<puppet::EventLoop> timers = std::make_unique<puppet::EventLoop>();
  // Last, so that their tasks end before what these use goes.
  HookPool hooks;  ///< calls of the puppet
  HookPool files;  ///< reading and writing contents
};

}  // namespace wechaty::puppet_service
