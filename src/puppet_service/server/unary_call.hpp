// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>

#include "puppet_service/server/methods.hpp"
#include "puppet_service/server/server_state.hpp"

namespace wechaty::puppet_service {

/// A unary rpc: the message, the handler on a thread of the pool, the answer.
class UnaryCall final : public Call {
 public:
  UnaryCall(grpc::CallbackServerContext& context, ServerState& server, Account& account,
            const UnaryMethod& method);

 private:
  void begin() override;
  void OnReadDone(bool ok) override;
  void on_end() override;

  void run();
  void tell_when_it_takes_long();

  ServerState& server_;
  Account& account_;
  const UnaryMethod& method_;
  const std::string peer_;
  grpc::ByteBuffer request_;

  std::mutex ticket_mutex_;  // guards ticket_
  HookPool::Ticket ticket_ = 0;
};

}  // namespace wechaty::puppet_service
