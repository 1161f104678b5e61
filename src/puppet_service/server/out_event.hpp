// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "puppet_service/wire/messages.hpp"

namespace wechaty::puppet_service {

/// An event on its way out, made once for all streams.
struct OutEvent {
  pb::EventType type = pb::EVENT_TYPE_UNSPECIFIED;
  grpc::ByteBuffer bytes{};  ///< of the EventResponse
  std::size_t size = 0;
  /// Of its sending, so that the hub knows which streams have it; guarded by the hub's lock.
  mutable std::uint64_t number = 0;
  std::string payload{};  ///< of dirty events only: two with the same are one
};
using OutEventPtr = std::shared_ptr<const OutEvent>;
using OutEvents = std::deque<OutEventPtr>;

}  // namespace wechaty::puppet_service
