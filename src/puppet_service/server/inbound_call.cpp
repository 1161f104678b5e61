// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/inbound_call.hpp"

#include <utility>

#include "puppet_service/wire/bytes.hpp"
#include "puppet_service/wire/file_boxes.hpp"
#include "puppet_service/wire/messages.hpp"
#include "puppet_service/wire/status.hpp"
#include "puppet_service/wire/text.hpp"
#include "puppet_service/wire/twins.hpp"
#include "wechaty/puppet/engine/call_scope.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_service {

using puppet::FileBox;

namespace {
/// As much is gathered before a thread is woken to write it.
constexpr std::size_t enough_bytes = 256 * 1024;
}  // namespace

InboundCall::InboundCall(grpc::CallbackServerContext& context, ServerState& server,
                         Account& account)
    : Call{context}, server_{server}, account_{account} {}

void InboundCall::begin() {
  server_.watched_calls.add(shared_from_this());
  StartRead(&read_);
}

void InboundCall::OnReadDone(bool ok) {
  touch();
  {
    const std::lock_guard lock{mutex_};
    if (ok) {
      gathered_ += read_.Length();
      frames_.push_back(std::exchange(read_, {}));
    } else {
      at_end_ = true;
    }
    is_reading_ = ok && gathered_ < enough_bytes;
    if (is_reading_) unless_ended([&] { StartRead(&read_); });
    // The first frame may be wrong, which its sender is told at once.
    const bool enough = !is_reading_ || !std::exchange(has_begun_, true);
    if (!enough || working_ || ended()) return;
    working_ = true;
  }
  server_.files.post(
      [self = std::static_pointer_cast<InboundCall>(shared_from_this())] { self->work(); });
}

bool InboundCall::next(std::vector<grpc::ByteBuffer>& frames, bool& at_end) {
  const std::lock_guard lock{mutex_};
  if (!frames_.empty()) {
    frames = std::exchange(frames_, {});
    gathered_ = 0;
    if (!is_reading_ && !at_end_) {
      is_reading_ = true;
      unless_ended([&] { StartRead(&read_); });
    }
    return true;
  }
  at_end = at_end_;
  if (!at_end) working_ = false;
  return at_end;
}

void InboundCall::work() {
  std::vector<grpc::ByteBuffer> frames;
  bool at_end = false;
  try {
    while (!ended() && next(frames, at_end)) {
      if (at_end) {
        complete();
        return;
      }
      for (auto& frame : frames) take(std::exchange(frame, {}));
    }
  } catch (...) {
    writer_.reset();  // who is told has the room again
    end(status_of(std::current_exception()));
  }
}

void InboundCall::write(std::string_view chunk) {
  size_ += chunk.size();
  if (size_ > server_.options.limits.upload_bytes) {
    throw puppet::TooLargeError{"the file is larger than the " +
                                std::to_string(server_.options.limits.upload_bytes) +
                                " bytes that this gateway takes"};
  }
  if (!writer_) writer_ = account_.files().writer();
  writer_->write(std::as_bytes(std::span{chunk}));
}

std::string InboundCall::finish_file() {
  if (!writer_) writer_ = account_.files().writer();
  return writer_->finish();
}

// --- Upload ----------------------------------------------------------------------------------

void UploadCall::take(const grpc::ByteBuffer& frame) {
  pb::UploadRequest request;
  if (!parse(frame, request)) {
    throw puppet::InvalidArgumentError{"the frame is no " + request.GetTypeName()};
  }
  if (!request.chunk().empty()) write(request.chunk());
}

void UploadCall::complete() {
  pb::UploadResponse response;
  response.set_id(finish_file());
  response_ = serialize(response);
  reply();
}

// --- MessageSendFileStream -------------------------------------------------------------------

void SendFileStreamCall::take(const grpc::ByteBuffer& frame) {
  pb::MessageSendFileStreamRequest request;
  if (!parse(frame, request)) {
    throw puppet::InvalidArgumentError{"the frame is no " + request.GetTypeName()};
  }
  if (!conversation_id_) {
    if (!request.has_conversation_id()) throw puppet::InvalidArgumentError{"no conversation id"};
    conversation_id_ = request.conversation_id();
  }
  const auto& chunk = request.file_box_chunk();
  if (chunk.has_name()) name_ = chunk.name();
  if (chunk.data().empty()) return;
  if (!name_) throw puppet::InvalidArgumentError{"no name"};
  write(chunk.data());
}

void SendFileStreamCall::complete() {
  if (!conversation_id_) throw puppet::InvalidArgumentError{"no conversation id"};
  if (!name_) throw puppet::InvalidArgumentError{"no name"};
  server_.hooks.post(
      [self = std::static_pointer_cast<SendFileStreamCall>(shared_from_this())] { self->send(); });
}

void SendFileStreamCall::send() {
  if (ended()) return;
  try {
    const puppet::CallScope scope{stop_token()};
    const FileBox file = account_.uploaded(finish_file(), *name_, size());
    pb::MessageSendFileStreamResponse response;
    write_sent_id(utf8(account_.puppet().message_send_file(*conversation_id_, file)), response);
    response_ = serialize(response);
    reply();
  } catch (...) {
    end(status_of(std::current_exception()));
  }
}

}  // namespace wechaty::puppet_service
