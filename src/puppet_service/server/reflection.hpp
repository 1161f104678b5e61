// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "puppet_service/server/server_state.hpp"

namespace wechaty::puppet_service {

/// grpc.reflection.v1 and v1alpha, ServerReflectionInfo: which services there are, and the
/// descriptors of their files. Without a token, like the health service.
class ReflectionCall final : public Call {
 public:
  explicit ReflectionCall(grpc::CallbackServerContext& context) : Call{context} {}

 private:
  void begin() override { StartRead(&request_); }
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;

  grpc::ByteBuffer request_;
};

}  // namespace wechaty::puppet_service
