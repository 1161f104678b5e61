// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "puppet_service/server/server_state.hpp"
#include "wechaty/puppet/file_box/byte_source.hpp"

namespace wechaty::puppet_service {

/// A server stream that brings a file. While one chunk is sent the next is read, and no more:
/// memory is bounded by two chunks.
class OutboundCall : public Call {
 public:
  OutboundCall(grpc::CallbackServerContext& context, ServerState& server, Account& account);

 protected:
  /// The content that the request asks for; may block. `head` is what goes out in front of it.
  virtual std::unique_ptr<puppet::ByteSource> open(const grpc::ByteBuffer& request,
                                                   std::optional<grpc::ByteBuffer>& head) = 0;
  /// A frame with this chunk, which is not empty.
  [[nodiscard]] virtual grpc::ByteBuffer frame_of(std::string chunk) = 0;

  ServerState& server_;
  Account& account_;

 private:
  void begin() override;
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;

  void open_and_produce();
  void produce();
  /// The next frame; nullopt at the end.
  [[nodiscard]] std::optional<grpc::ByteBuffer> read_frame();
  void produce_later();

  grpc::ByteBuffer request_;
  std::unique_ptr<puppet::ByteSource> source_;
  grpc::ByteBuffer writing_;  // belongs to gRPC while write_pending_

  std::mutex mutex_;  // guards everything below
  bool write_pending_ = false;
  std::optional<grpc::ByteBuffer> next_;
  bool all_read_ = false;
};

/// Download: the content of a UUID.
class DownloadCall final : public OutboundCall {
 public:
  using OutboundCall::OutboundCall;

 private:
  std::unique_ptr<puppet::ByteSource> open(const grpc::ByteBuffer& request,
                                           std::optional<grpc::ByteBuffer>& head) override;
  grpc::ByteBuffer frame_of(std::string chunk) override;
};

/// The deprecated MessageFileStream: the name, then the content.
class MessageFileStreamCall final : public OutboundCall {
 public:
  using OutboundCall::OutboundCall;

 private:
  std::unique_ptr<puppet::ByteSource> open(const grpc::ByteBuffer& request,
                                           std::optional<grpc::ByteBuffer>& head) override;
  grpc::ByteBuffer frame_of(std::string chunk) override;
};

/// The deprecated MessageImageStream, likewise.
class MessageImageStreamCall final : public OutboundCall {
 public:
  using OutboundCall::OutboundCall;

 private:
  std::unique_ptr<puppet::ByteSource> open(const grpc::ByteBuffer& request,
                                           std::optional<grpc::ByteBuffer>& head) override;
  grpc::ByteBuffer frame_of(std::string chunk) override;
};

}  // namespace wechaty::puppet_service
