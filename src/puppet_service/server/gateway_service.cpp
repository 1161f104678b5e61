// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/gateway_service.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "puppet_service/server/event_call.hpp"
#include "puppet_service/server/health.hpp"
#include "puppet_service/server/inbound_call.hpp"
#include "puppet_service/server/outbound_call.hpp"
#include "puppet_service/server/reflection.hpp"
#include "puppet_service/server/unary_call.hpp"

namespace wechaty::puppet_service {
namespace {

using Context = grpc::GenericCallbackServerContext;
using Reactor = grpc::ServerGenericBidiReactor;

std::string_view view(grpc::string_ref text) { return {text.data(), text.size()}; }

Reactor* refuse(Context& context, grpc::Status status) {
  return Call::hand_over(std::make_shared<RefusedCall>(context, std::move(status)));
}

Reactor* too_many(Context& context, std::string_view what, const Admission& admission) {
  return refuse(context, {grpc::StatusCode::RESOURCE_EXHAUSTED,
                          "TooLargeError: no more than " + std::to_string(admission.limit()) + " " +
                              std::string{what} + " at a time"});
}

/// A call that takes a place, or a refusal.
struct Admitted {
  Context& context;
  UnderWay::Token under_way;  ///< none for what does not hold up the server's end

  template <class C, class... Args>
  Reactor* as(Admission& admission, std::string_view what, Args&... args) {
    auto slot = admission.enter();
    if (!slot) return too_many(context, what, admission);
    auto call = std::make_shared<C>(context, args...);
    call->hold(std::move(*slot), std::move(under_way));
    return Call::hand_over(std::move(call));
  }
};

std::variant<Account*, grpc::Status> authenticate(const Context& context,
                                                  const Accounts& accounts) {
  const auto& metadata = context.client_metadata();
  std::optional<std::string_view> authorization;
  const auto first = metadata.lower_bound("authorization");
  if (first != metadata.end() && view(first->first) == "authorization") {
    authorization = view(first->second);
  }
  const auto shown = shown_token(authorization, view(context.ExperimentalGetAuthority()));
  if (const auto* status = std::get_if<grpc::Status>(&shown)) return *status;
  if (Account* account = accounts.find(std::get<std::string_view>(shown))) return account;
  return wrong_token();
}

}  // namespace

Reactor* GatewayService::CreateReactor(Context* context) {
  const std::string_view path = context->method();
  const auto rpc_of = [&](std::string_view service) -> std::optional<std::string_view> {
    if (!path.starts_with(service)) return std::nullopt;
    return path.substr(service.size());
  };
  if (const auto rpc = rpc_of("/wechaty.Puppet/")) return puppet_call(*context, *rpc);
  if (const auto rpc = rpc_of("/grpc.health.v1.Health/")) return health_call(*context, *rpc);
  if (server_.options.reflection &&
      (path == "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo" ||
       path == "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")) {
    return Admitted{*context, {}}.as<ReflectionCall>(server_.health_streams, "reflection streams");
  }
  return refuse(*context, {grpc::StatusCode::UNIMPLEMENTED, "no such service"});
}

Reactor* GatewayService::health_call(Context& context, std::string_view rpc) {
  if (rpc == "Check") {
    return Admitted{context, {}}.as<HealthCheckCall>(server_.health_checks, "health checks",
                                                     server_);
  }
  if (rpc == "Watch") {
    return Admitted{context, {}}.as<HealthWatchCall>(server_.health_streams, "health streams",
                                                     server_);
  }
  return refuse(context, {grpc::StatusCode::UNIMPLEMENTED, "no such rpc"});
}

Reactor* GatewayService::puppet_call(Context& context, std::string_view rpc) {
  // Counted before the question, so that a server that is ending waits for it, or refuses it.
  Admitted admitted{context, UnderWay::Token{server_.under_way}};
  if (server_.closing) {
    return refuse(context, {grpc::StatusCode::UNAVAILABLE, "the gateway is shutting down"});
  }
  const auto judged = authenticate(context, server_.accounts);
  if (const auto* status = std::get_if<grpc::Status>(&judged)) return refuse(context, *status);
  Account& account = *std::get<Account*>(judged);

  if (const auto unary = unary_methods().find(rpc); unary != unary_methods().end()) {
    return admitted.as<UnaryCall>(server_.calls, "calls", server_, account, unary->second);
  }
  if (rpc == "Event") {
    return admitted.as<EventCall>(server_.event_streams, "event streams", server_, account);
  }
  constexpr std::string_view files = "file streams";
  if (rpc == "Upload") {
    return admitted.as<UploadCall>(server_.file_streams, files, server_, account);
  }
  if (rpc == "Download") {
    return admitted.as<DownloadCall>(server_.file_streams, files, server_, account);
  }
  if (rpc == "MessageFileStream") {
    return admitted.as<MessageFileStreamCall>(server_.file_streams, files, server_, account);
  }
  if (rpc == "MessageImageStream") {
    return admitted.as<MessageImageStreamCall>(server_.file_streams, files, server_, account);
  }
  if (rpc == "MessageSendFileStream") {
    return admitted.as<SendFileStreamCall>(server_.file_streams, files, server_, account);
  }
  return refuse(context, {grpc::StatusCode::UNIMPLEMENTED, "no such rpc"});
}

}  // namespace wechaty::puppet_service
