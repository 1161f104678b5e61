// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/unary_call.hpp"

#include "puppet_service/wire/status.hpp"
#include "wechaty/puppet/engine/call_scope.hpp"

namespace wechaty::puppet_service {

UnaryCall::UnaryCall(grpc::CallbackServerContext& context, ServerState& server, Account& account,
                     const UnaryMethod& method)
    : Call{context},
      server_{server},
      account_{account},
      method_{method},
      peer_{method.with_peer ? context.peer() : ""} {}

void UnaryCall::begin() {
  server_.watched_calls.add(shared_from_this());  // it may never send its message
  StartRead(&request_);
}

void UnaryCall::OnReadDone(bool ok) {
  server_.watched_calls.remove(*this);
  if (!ok) {
    end({grpc::StatusCode::INVALID_ARGUMENT, "InvalidArgumentError: the call has no message"});
    return;
  }
  if (method_.handle_at_once != nullptr) {
    try {
      if (method_.handle_at_once({account_, peer_}, request_, response_)) {
        reply();
        return;
      }
    } catch (...) {
      end(status_of(std::current_exception()));
      return;
    }
  }
  const auto self = std::static_pointer_cast<UnaryCall>(shared_from_this());
  {
    const std::lock_guard lock{ticket_mutex_};
    if (ended()) return;
    ticket_ = server_.hooks.post([self] { self->run(); });
  }
  if (method_.goes_on_alone) tell_when_it_takes_long();
}

/// Called when the call ends: what waits for a thread need not wait any longer.
void UnaryCall::on_end() {
  HookPool::Ticket ticket = 0;
  {
    const std::lock_guard lock{ticket_mutex_};
    ticket = ticket_;
  }
  if (ticket != 0 && !method_.begins_alone) server_.hooks.forget(ticket);
}

void UnaryCall::run() {
  if (ended() && !method_.begins_alone) return;
  try {
    const puppet::CallScope scope{method_.goes_on_alone ? std::stop_token{} : stop_token()};
    method_.handle({account_, peer_}, request_, response_);
    reply();
  } catch (...) {
    end(status_of(std::current_exception()));
  }
}

void UnaryCall::tell_when_it_takes_long() {
  const auto timeout = server_.options.start_timeout;
  server_.timers->call_at(
      puppet::Executor::Clock::now() + timeout, [weak = weak_from_this(), timeout] {
        const auto call = weak.lock();
        if (!call) return;
        call->end({grpc::StatusCode::DEADLINE_EXCEEDED,
                   "TimeoutError: Timeout after " + std::to_string(timeout.count()) + " ms"});
      });
}

}  // namespace wechaty::puppet_service
