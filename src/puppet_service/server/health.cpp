// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/health.hpp"

#include <grpc/health/v1/health.pb.h>

#include <memory>

#include "puppet_service/wire/bytes.hpp"

namespace wechaty::puppet_service {
namespace {

using Response = ::grpc::health::v1::HealthCheckResponse;

Response::ServingStatus status_of(const ServerState& server) {
  auto status = Response::SERVICE_UNKNOWN;
  for (const auto& account : server.accounts.all()) {
    switch (account->events().health()) {
      case EventHub::Health::not_serving: return Response::NOT_SERVING;
      case EventHub::Health::serving: status = Response::SERVING; break;
      case EventHub::Health::unknown: break;
    }
  }
  return status;
}

grpc::ByteBuffer message(Response::ServingStatus status) {
  Response response;
  response.set_status(status);
  return serialize(response);
}

}  // namespace

void HealthCheckCall::begin() {
  server_.watched_calls.add(shared_from_this());  // it may never send its message
  StartRead(&request_);
}

void HealthCheckCall::OnReadDone(bool ok) {
  server_.watched_calls.remove(*this);
  if (!ok) {
    end({grpc::StatusCode::INVALID_ARGUMENT, "InvalidArgumentError: the call has no message"});
    return;
  }
  response_ = message(status_of(server_));
  reply();
}

void HealthWatchCall::begin() {
  look();
  look_later();
}

void HealthWatchCall::OnWriteDone(bool /*ok*/) {
  const std::lock_guard lock{mutex_};
  write_pending_ = false;
}

void HealthWatchCall::look() {
  const std::lock_guard lock{mutex_};
  const auto status = status_of(server_);
  if (write_pending_ || status == sent_ || ended()) return;
  sent_ = status;
  write_pending_ = true;
  response_ = message(status);
  unless_ended([&] { StartWrite(&response_); });
}

void HealthWatchCall::look_later() {
  server_.timers->call_at(
      puppet::Executor::Clock::now() + server_.options.health_interval, [weak = weak_from_this()] {
        const auto call = std::static_pointer_cast<HealthWatchCall>(weak.lock());
        if (!call || call->ended()) return;
        call->look();
        call->look_later();
      });
}

}  // namespace wechaty::puppet_service
