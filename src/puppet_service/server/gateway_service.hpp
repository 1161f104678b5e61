// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/generic/async_generic_service.h>

#include <string_view>

#include "puppet_service/server/server_state.hpp"

namespace wechaty::puppet_service {

/// All rpcs of the port. Generic, so that a caller is judged by its headers, before its message is
/// read.
class GatewayService final : public grpc::CallbackGenericService {
 public:
  explicit GatewayService(ServerState& server) : server_{server} {}

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

 private:
  grpc::ServerGenericBidiReactor* health_call(grpc::GenericCallbackServerContext& context,
                                              std::string_view rpc);
  grpc::ServerGenericBidiReactor* puppet_call(grpc::GenericCallbackServerContext& context,
                                              std::string_view rpc);

  ServerState& server_;
};

}  // namespace wechaty::puppet_service
