// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "puppet_service/server/server_state.hpp"

namespace wechaty::puppet_service {

/// grpc.health.v1.Health, without a token and whatever service is asked for: unknown as long as no
/// puppet has beaten, serving while all have not long ago.
///
/// Source: npm wechaty-puppet-service src/server/health-implementation.ts.

/// Check: the state now.
class HealthCheckCall final : public Call {
 public:
  HealthCheckCall(grpc::CallbackServerContext& context, ServerState& server)
      : Call{context}, server_{server} {}

 private:
  void begin() override;
  void OnReadDone(bool ok) override;

  ServerState& server_;
  grpc::ByteBuffer request_;
};

/// Watch: the state now, and whenever it has changed.
class HealthWatchCall final : public Call {
 public:
  HealthWatchCall(grpc::CallbackServerContext& context, ServerState& server)
      : Call{context}, server_{server} {}

 private:
  void begin() override;
  void OnWriteDone(bool ok) override;

  void look();
  void look_later();

  ServerState& server_;
  std::mutex mutex_;  // guards everything below
  bool write_pending_ = false;
  int sent_ = -1;
};

}  // namespace wechaty::puppet_service
