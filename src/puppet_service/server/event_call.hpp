// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "puppet_service/server/event_hub.hpp"
#include "puppet_service/server/server_state.hpp"

namespace wechaty::puppet_service {

/// The Event rpc: one reader of the hub's events.
class EventCall final : public Call, public EventSink {
 public:
  EventCall(grpc::CallbackServerContext& context, ServerState& server, Account& account);

  bool begin(OutEvents events) override;
  Push push(const OutEventPtr& event) override;
  void finish(const grpc::Status& status) override;
  OutEvents abandon() override;
  [[nodiscard]] const std::string& peer() const override { return peer_; }

 private:
  void begin() override;
  void OnWriteDone(bool ok) override;
  void on_end() override;

  void write_next();
  bool may_wait(const OutEvent& event);
  OutEvents take_unsent();

  Account& account_;
  const std::string peer_;
  const std::size_t max_events_;
  const std::size_t max_bytes_;

  std::mutex mutex_;       // guards everything below
  OutEventPtr in_flight_;  // being written; kept until gRPC has done with it
  OutEvents queue_;
  std::size_t bytes_ = 0;               // in the queue, without those of begin()
  std::size_t head_start_ = 0;          // events of begin() that are still in the queue
  bool closed_ = false;                 // takes no more
  std::optional<grpc::Status> finish_;  // when all is sent
  bool has_begun_ = false;              // the first event was written
  std::size_t waiting_bytes_ = 0;       // written with a hint that more comes
};

}  // namespace wechaty::puppet_service
