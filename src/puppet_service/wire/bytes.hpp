// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/message_lite.h>
#include <grpcpp/support/byte_buffer.h>

#include <string>

namespace wechaty::puppet_service {

/// @result whether the bytes are such a message. Thread: any.
[[nodiscard]] bool parse(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite& message);

/// Thread: any.
[[nodiscard]] grpc::ByteBuffer serialize(const google::protobuf::MessageLite& message);

/// The bytes of a DownloadResponse with this chunk, which is not copied. Thread: any.
[[nodiscard]] grpc::ByteBuffer serialize_chunk(std::string chunk);

}  // namespace wechaty::puppet_service
