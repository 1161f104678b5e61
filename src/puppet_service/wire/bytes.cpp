// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/wire/bytes.hpp"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/slice.h>

#include <array>
#include <memory>
#include <utility>

namespace wechaty::puppet_service {

bool parse(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite& message) {
  grpc::ByteBuffer copy = bytes;  // the reader wants one to change; slices are shared
  grpc::ProtoBufferReader reader{&copy};
  return reader.status().ok() && message.ParseFromZeroCopyStream(&reader);
}

grpc::ByteBuffer serialize(const google::protobuf::MessageLite& message) {
  grpc::Slice slice{message.ByteSizeLong()};
  message.SerializeWithCachedSizesToArray(const_cast<std::uint8_t*>(slice.begin()));
  return grpc::ByteBuffer{&slice, 1};
}

grpc::ByteBuffer serialize_chunk(std::string chunk) {
  constexpr char field_1_of_bytes = 0x0A;
  std::string head(1, field_1_of_bytes);
  for (std::size_t rest = chunk.size();; rest >>= 7U) {
    if (rest < 0x80) {
      head += static_cast<char>(rest);
      break;
    }
    head += static_cast<char>(rest | 0x80U);
  }
  auto owned = std::make_unique<std::string>(std::move(chunk));
  char* const data = owned->data();
  const std::size_t size = owned->size();
  const std::array<grpc::Slice, 2> slices{
      grpc::Slice{head},
      grpc::Slice{data, size, [](void* text) { delete static_cast<std::string*>(text); },
                  owned.release()}};
  return grpc::ByteBuffer{slices.data(), slices.size()};
}

}  // namespace wechaty::puppet_service
