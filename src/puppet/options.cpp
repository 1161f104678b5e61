// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/options.hpp"

#include "wechaty/puppet/events/event_loop.hpp"

namespace wechaty::puppet {

std::shared_ptr<Executor> PuppetOptions::executor_or_new() const {
  return executor ? executor : std::make_shared<EventLoop>();
}

Timestamp PuppetOptions::now() const {
  if (clock) return clock();
  return std::chrono::time_point_cast<Timestamp::duration>(std::chrono::system_clock::now());
}

}  // namespace wechaty::puppet
