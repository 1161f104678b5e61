// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/outbound_call.hpp"

#include <span>
#include <utility>

#include "puppet/file_box/read_fully.hpp"
#include "puppet_service/wire/bytes.hpp"
#include "puppet_service/wire/messages.hpp"
#include "puppet_service/wire/status.hpp"
#include "puppet_service/wire/text.hpp"
#include "wechaty/puppet/engine/call_scope.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_service {

using puppet::ByteSource;
using puppet::FileBox;

namespace {

/// As the reference's chunks of what it has in memory; far below the limit of npm peers, 4 MiB.
constexpr std::size_t chunk_bytes = 256 * 1024;

template <class Request>
Request parse_or_throw(const grpc::ByteBuffer& bytes) {
  Request request;
  if (!parse(bytes, request)) {
    throw puppet::InvalidArgumentError{"the request is no " + request.GetTypeName()};
  }
  return request;
}

template <class Response>
grpc::ByteBuffer name_frame(const FileBox& box) {
  Response response;
  response.mutable_file_box_chunk()->set_name(utf8(box.name()));
  return serialize(response);
}

template <class Response>
grpc::ByteBuffer data_frame(std::string chunk) {
  Response response;
  response.mutable_file_box_chunk()->set_data(std::move(chunk));
  return serialize(response);
}

}  // namespace

OutboundCall::OutboundCall(grpc::CallbackServerContext& context, ServerState& server,
                           Account& account)
    : Call{context}, server_{server}, account_{account} {}

void OutboundCall::begin() {
  server_.watched_calls.add(shared_from_this());  // it may never send its message
  StartRead(&request_);
}

void OutboundCall::OnReadDone(bool ok) {
  server_.watched_calls.remove(*this);
  if (!ok) {
    end({grpc::StatusCode::INVALID_ARGUMENT, "InvalidArgumentError: the call has no message"});
    return;
  }
  // Where the content is, is the puppet's to say: that may take its time.
  server_.hooks.post([self = std::static_pointer_cast<OutboundCall>(shared_from_this())] {
    self->open_and_produce();
  });
}

void OutboundCall::open_and_produce() {
  if (ended()) return;
  try {
    std::optional<grpc::ByteBuffer> head;
    {
      const puppet::CallScope scope{stop_token()};
      source_ = open(request_, head);
    }
    touch();
    server_.watched_calls.add(shared_from_this());
    if (head) {
      const std::lock_guard lock{mutex_};
      writing_ = std::move(*head);
      write_pending_ = true;
      unless_ended([&] { StartWrite(&writing_); });
    }
  } catch (...) {
    end(status_of(std::current_exception()));
    return;
  }
  produce_later();
}

void OutboundCall::produce_later() {
  server_.files.post(
      [self = std::static_pointer_cast<OutboundCall>(shared_from_this())] { self->produce(); });
}

std::optional<grpc::ByteBuffer> OutboundCall::read_frame() {
  std::string chunk(chunk_bytes, '\0');
  chunk.resize(puppet::read_fully(*source_, std::as_writable_bytes(std::span{chunk})));
  if (chunk.empty()) return std::nullopt;  // there are no empty chunks
  return frame_of(std::move(chunk));
}

/// Reads until there is a frame too many; OnWriteDone() goes on from there.
void OutboundCall::produce() {
  while (!ended()) {
    std::optional<grpc::ByteBuffer> frame;
    try {
      frame = read_frame();
    } catch (...) {
      end(status_of(std::current_exception()));
      return;
    }
    bool done = false;
    {
      const std::lock_guard lock{mutex_};
      if (!frame) {
        all_read_ = true;
        done = !write_pending_;
      } else if (write_pending_) {
        next_ = std::move(frame);
        return;
      } else {
        writing_ = std::move(*frame);
        write_pending_ = true;
        unless_ended([&] { StartWrite(&writing_); });
        continue;
      }
    }
    if (done) end(grpc::Status::OK);
    return;
  }
}

void OutboundCall::OnWriteDone(bool ok) {
  if (!ok) return;  // OnCancel says the rest
  touch();
  bool done = false;
  bool more = false;
  {
    const std::lock_guard lock{mutex_};
    write_pending_ = false;
    if (next_) {
      writing_ = std::move(*next_);
      next_.reset();
      write_pending_ = true;
      unless_ended([&] { StartWrite(&writing_); });
      more = true;
    } else {
      done = all_read_;
    }
  }
  if (more) produce_later();
  if (done) end(grpc::Status::OK);
}

// --- what is sent ----------------------------------------------------------------------------

std::unique_ptr<ByteSource> DownloadCall::open(const grpc::ByteBuffer& request,
                                               std::optional<grpc::ByteBuffer>& /*head*/) {
  return account_.files().load_uuid(parse_or_throw<pb::DownloadRequest>(request).id());
}

grpc::ByteBuffer DownloadCall::frame_of(std::string chunk) {
  return serialize_chunk(std::move(chunk));
}

std::unique_ptr<ByteSource> MessageFileStreamCall::open(const grpc::ByteBuffer& request,
                                                        std::optional<grpc::ByteBuffer>& head) {
  const auto message = parse_or_throw<pb::MessageFileStreamRequest>(request);
  const FileBox box = account_.readable(account_.puppet().message_file(message.id()));
  auto source = box.open();
  head = name_frame<pb::MessageFileStreamResponse>(box);
  return source;
}

grpc::ByteBuffer MessageFileStreamCall::frame_of(std::string chunk) {
  return data_frame<pb::MessageFileStreamResponse>(std::move(chunk));
}

std::unique_ptr<ByteSource> MessageImageStreamCall::open(const grpc::ByteBuffer& request,
                                                         std::optional<grpc::ByteBuffer>& head) {
  const auto message = parse_or_throw<pb::MessageImageStreamRequest>(request);
  const auto type = puppet::enum_from_number<puppet::ImageType>(static_cast<int>(message.type()))
                        .value_or(puppet::ImageType::unknown);
  const FileBox box = account_.readable(account_.puppet().message_image(message.id(), type));
  auto source = box.open();
  head = name_frame<pb::MessageImageStreamResponse>(box);
  return source;
}

grpc::ByteBuffer MessageImageStreamCall::frame_of(std::string chunk) {
  return data_frame<pb::MessageImageStreamResponse>(std::move(chunk));
}

}  // namespace wechaty::puppet_service
