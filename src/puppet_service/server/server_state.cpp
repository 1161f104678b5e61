// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/server_state.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace wechaty::puppet_service {

WatchedCalls::Part& WatchedCalls::part_of(const Call& call) {
  // Not its lowest bits, which are the same for all.
  return parts_[(reinterpret_cast<std::uintptr_t>(&call) / alignof(std::max_align_t)) %
                parts_.size()];
}

void WatchedCalls::add(const std::shared_ptr<Call>& call) {
  Part& part = part_of(*call);
  const std::lock_guard lock{part.mutex};
  part.calls.insert_or_assign(call.get(), call);
}

void WatchedCalls::remove(const Call& call) {
  Part& part = part_of(call);
  const std::lock_guard lock{part.mutex};
  part.calls.erase(&call);
}

void WatchedCalls::end_idle(std::chrono::milliseconds idle) {
  std::vector<std::shared_ptr<Call>> expired;
  std::vector<std::shared_ptr<Call>> stuck;
  for (Part& part : parts_) {
    const std::lock_guard lock{part.mutex};
    std::erase_if(part.calls, [&](const auto& watched) {
      auto call = watched.second.lock();
      if (!call) return true;
      const auto silent = Call::Clock::now() - call->last_frame();
      if (!call->ended()) {
        if (silent >= idle) expired.push_back(std::move(call));
        return false;
      }
      // Its status waits behind what the peer does not read.
      if (silent < 2 * idle) return false;
      stuck.push_back(std::move(call));
      return true;
    });
  }
  for (const auto& call : stuck) call->cut();
  for (const auto& call : expired) {
    call->end({grpc::StatusCode::DEADLINE_EXCEEDED,
               "TimeoutError: no frame for " + std::to_string(idle.count()) + " ms"});
  }
}

}  // namespace wechaty::puppet_service
