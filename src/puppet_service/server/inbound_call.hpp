// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_service/server/server_state.hpp"

namespace wechaty::puppet_service {

/// A client stream that brings a file. While some frames are written to the disk the next are
/// gathered, up to 256 KiB, so that a thread is not woken for each: memory is bounded by twice
/// that.
class InboundCall : public Call {
 public:
  InboundCall(grpc::CallbackServerContext& context, ServerState& server, Account& account);

 protected:
  /// One frame; runs on a thread for files. What it throws ends the call.
  virtual void take(const grpc::ByteBuffer& frame) = 0;
  /// All frames have come: answer, now or later.
  virtual void complete() = 0;

  /// Bytes of the file, to the disk.
  /// @throws TooLargeError beyond the limit of one upload, or of the store
  void write(std::string_view chunk);
  /// @result the UUID of what was written
  [[nodiscard]] std::string finish_file();
  [[nodiscard]] std::uint64_t size() const { return size_; }

  ServerState& server_;
  Account& account_;

 private:
  void begin() override;
  void OnReadDone(bool ok) override;

  void work();
  /// What has been gathered, or the end of all; false when there is neither yet.
  bool next(std::vector<grpc::ByteBuffer>& frames, bool& at_end);

  std::unique_ptr<puppet::UuidStore::Writer> writer_;
  std::uint64_t size_ = 0;
  grpc::ByteBuffer read_;  // belongs to gRPC while it is read

  std::mutex mutex_;  // guards everything below
  std::vector<grpc::ByteBuffer> frames_;
  std::size_t gathered_ = 0;  // bytes of frames_
  bool has_begun_ = false;    // the first frame has come
  bool is_reading_ = true;
  bool at_end_ = false;
  bool working_ = false;
};

/// Upload: chunks, then the answer with their UUID.
class UploadCall final : public InboundCall {
 public:
  using InboundCall::InboundCall;

 private:
  void take(const grpc::ByteBuffer& frame) override;
  void complete() override;
};

/// The deprecated MessageSendFileStream: the conversation's id, the name, then the content.
class SendFileStreamCall final : public InboundCall {
 public:
  using InboundCall::InboundCall;

 private:
  void take(const grpc::ByteBuffer& frame) override;
  void complete() override;
  void send();

  std::optional<std::string> conversation_id_;
  std::optional<std::string> name_;
};

}  // namespace wechaty::puppet_service
