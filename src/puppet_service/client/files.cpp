// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/client/files.hpp"

#include <array>
#include <atomic>
#include <utility>
#include <vector>

#include "puppet/file_box/read_fully.hpp"
#include "puppet_service/client/byte_stream.hpp"
#include "puppet_service/wire/file_boxes.hpp"
#include "puppet_service/wire/status.hpp"
#include "puppet_service/wire/twins.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/naming.hpp"
#include "wechaty/puppet/file_box/uuid_store.hpp"

namespace wechaty::puppet_service {

using puppet::ByteSource;
using puppet::FileBox;
using puppet::FileBoxType;

namespace {

constexpr std::size_t chunk_bytes = 64 * 1024;
/// A file that comes by the deprecated stream can be read more than once if it is no larger.
constexpr std::size_t kept_bytes = 1024 * 1024;
/// As much as the core looks at to name a file.
constexpr std::size_t sniffed_bytes = 4 * 1024;

std::vector<std::byte> read_up_to(ByteSource& source, std::size_t limit) {
  std::vector<std::byte> bytes(limit);
  bytes.resize(puppet::read_fully(source, bytes));
  return bytes;
}

/// What was read already, then the rest.
class Rejoined final : public ByteSource {
 public:
  Rejoined(std::vector<std::byte> beginning, std::unique_ptr<ByteSource> rest)
      : beginning_{std::move(beginning)}, rest_{std::move(rest)} {}

  std::size_t read(std::span<std::byte> buffer) override {
    if (place_ == beginning_.size()) return rest_->read(buffer);
    const std::size_t count = std::min(buffer.size(), beginning_.size() - place_);
    std::copy_n(beginning_.begin() + static_cast<std::ptrdiff_t>(place_), count, buffer.begin());
    place_ += count;
    return count;
  }

 private:
  const std::vector<std::byte> beginning_;
  const std::unique_ptr<ByteSource> rest_;
  std::size_t place_ = 0;
};

/// Send the content through `write(std::string chunk) -> bool` until it refuses.
template <class Write>
void send_chunks(ByteSource& content, Write write) {
  std::string chunk;
  while (true) {
    chunk.resize(chunk_bytes);
    const std::size_t count = content.read(std::as_writable_bytes(std::span{chunk}));
    if (count == 0) return;  // never an empty chunk: the reference chokes on it
    chunk.resize(count);
    if (!write(std::move(chunk))) return;
    chunk = {};
  }
}

/// Whether the deprecated stream may have what this call could not give: the rpc is not there, or
/// the reference cannot put a small buffer into JSON.
bool wants_stream(const grpc::Status& status) {
  const std::string message = status.error_message();
  return (status.error_code() == grpc::StatusCode::UNIMPLEMENTED &&
          !message.starts_with(puppet::error_name(puppet::ErrorCode::unsupported))) ||
         message.find("FileBox.toJSON()") != std::string::npos;
}

}  // namespace

// --- Upload and Download ---------------------------------------------------------------------

std::unique_ptr<ByteSource> Files::load_uuid(const std::string& uuid) {
  pb::DownloadRequest request;
  request.set_id(uuid);
  return std::make_unique<ByteStream<pb::DownloadResponse>>(
      line_->place(), line_->options().transfer_timeout, "Download of " + uuid,
      [](pb::DownloadResponse& response) { return response.mutable_chunk(); },
      [&](Stub& stub, grpc::ClientContext* context) { return stub.Download(context, request); });
}

std::string Files::save_uuid(ByteSource& content) {
  const Line::Place here = line_->place();
  ClientCall call{*here.link, line_->options().transfer_timeout, here.stop};
  pb::UploadResponse response;
  const auto writer = here.link->stub().Upload(&call.context(), &response);
  try {
    send_chunks(content, [&](std::string chunk) {
      pb::UploadRequest request;
      request.set_chunk(std::move(chunk));
      return writer->Write(request);
    });
  } catch (...) {
    call.cancel();
    static_cast<void>(writer->Finish());
    throw;
  }
  writer->WritesDone();
  call.finish(writer->Finish(), "Upload");
  if (!puppet::UuidStore::is_uuid(response.id()))
    throw puppet::ContractError{"Upload: the server gave no UUID"};
  return response.id();
}

// --- boxes -----------------------------------------------------------------------------------

std::string Files::text_of(const FileBox& box) {
  if (form_of(box) != BoxForm::stored) return box_text(box);
  if (box.type() == FileBoxType::uuid) {
    // This server knows its own UUIDs, and what nobody else can load is likely to be one.
    const auto& resolver = box.resolver();
    if (!resolver || resolver.get() == this) return box_text(box);
  }
  std::unique_ptr<ByteSource> content;
  try {
    content = box.open();
  } catch (const puppet::UnsupportedError&) {
    if (box.type() != FileBoxType::uuid) throw;
    return box_text(box);
  }
  return box_text(box, save_uuid(*content));
}

FileBox Files::box_of(std::string_view text, std::string_view field) {
  FileBox box = read_box(text, field);
  if (box.type() != FileBoxType::uuid) return box;
  box = box.with_resolver(shared_from_this());
  if (box.media_type() != "application/octet-stream") return box;
  const auto beginning = read_up_to(*box.open(), sniffed_bytes);
  return box.with_name(conventional(FileBox::from_buffer(beginning, box.name())).name());
}

// --- files of messages -----------------------------------------------------------------------

/// @result the text of the box; "" when it has to be got by the deprecated stream
template <class Request, class Response>
std::string Files::ask(std::string_view what, Line::Method<Request, Response> method,
                       const Request& request) {
  const Line::Place here = line_->place();
  ClientCall call{*here.link, line_->options().call_timeout, here.stop};
  Response response;
  const grpc::Status status = (here.link->stub().*method)(&call.context(), request, &response);
  if (!status.ok() && !wants_stream(status)) call.finish(status, what);
  return status.ok() ? response.file_box() : std::string{};
}

/// The deprecated way: a name, then bytes.
template <class Request, class Response, class Open>
FileBox Files::stream(std::string_view what, const Request& request, Open open) {
  auto source = std::make_unique<ByteStream<Response>>(
      line_->place(), line_->options().transfer_timeout, std::string{what},
      [](Response& response) { return response.mutable_file_box_chunk()->mutable_data(); },
      [&](Stub& stub, grpc::ClientContext* context) { return open(stub, context, request); });
  // The reference never ends this call when its puppet fails: the beginning has a limit of its own.
  const auto begun = std::make_shared<std::atomic<bool>>(false);
  executor_->call_at(executor_->now() + line_->options().call_timeout,
                     [begun, weak = source->call()] {
                       const auto call = weak.lock();
                       if (call && !*begun) call->cancel();
                     });
  std::string name;
  if (source->next_message()) name = source->message().file_box_chunk().name();
  *begun = true;
  if (name.empty()) throw puppet::NotFoundError{std::string{what} + ": the server sent no file"};
  auto beginning = read_up_to(*source, kept_bytes);
  if (beginning.size() < kept_bytes) return FileBox::from_buffer(std::move(beginning), name);
  return FileBox::from_stream(std::make_unique<Rejoined>(std::move(beginning), std::move(source)),
                              name);
}

FileBox Files::message_file(std::string_view message_id) {
  pb::MessageFileRequest request;
  request.set_id(std::string{message_id});
  const std::string text = ask<pb::MessageFileRequest, pb::MessageFileResponse>(
      "MessageFile", &Stub::MessageFile, request);
  if (!text.empty()) return box_of(text, "MessageFileResponse.file_box");
  pb::MessageFileStreamRequest old_request;
  old_request.set_id(request.id());
  return stream<pb::MessageFileStreamRequest, pb::MessageFileStreamResponse>(
      "MessageFileStream", old_request,
      [](Stub& stub, grpc::ClientContext* context, const pb::MessageFileStreamRequest& wanted) {
        return stub.MessageFileStream(context, wanted);
      });
}

FileBox Files::message_image(std::string_view message_id, puppet::ImageType type) {
  pb::MessageImageRequest request;
  request.set_id(std::string{message_id});
  request.set_type(static_cast<pb::ImageType>(static_cast<int>(type)));
  const std::string text = ask<pb::MessageImageRequest, pb::MessageImageResponse>(
      "MessageImage", &Stub::MessageImage, request);
  if (!text.empty()) return box_of(text, "MessageImageResponse.file_box");
  pb::MessageImageStreamRequest old_request;
  old_request.set_id(request.id());
  old_request.set_type(request.type());
  return stream<pb::MessageImageStreamRequest, pb::MessageImageStreamResponse>(
      "MessageImageStream", old_request,
      [](Stub& stub, grpc::ClientContext* context, const pb::MessageImageStreamRequest& wanted) {
        return stub.MessageImageStream(context, wanted);
      });
}

std::string Files::send(std::string_view conversation_id, const FileBox& file) {
  pb::MessageSendFileRequest request;
  request.set_conversation_id(std::string{conversation_id});
  try {
    request.set_file_box(text_of(file));
  } catch (const puppet::UnsupportedError&) {       // no Upload there
    if (file.type() == FileBoxType::stream) throw;  // it can be read once only
    return send_stream(conversation_id, file);
  }
  const Line::Place here = line_->place();
  ClientCall call{*here.link, line_->options().transfer_timeout, here.stop};
  pb::MessageSendFileResponse response;
  const grpc::Status status =
      here.link->stub().MessageSendFile(&call.context(), request, &response);
  // Differs: the reference repeats every failed send this way, also one that the puppet refused.
  if (!status.ok() && wants_stream(status) && file.type() != FileBoxType::stream) {
    return send_stream(conversation_id, file);
  }
  call.finish(status, "MessageSendFile");
  return read_sent_id(response);
}

/// The deprecated way: where it goes, the name, then bytes, each in a message of its own.
std::string Files::send_stream(std::string_view conversation_id, const FileBox& file) {
  const auto content = file.open();
  const Line::Place here = line_->place();
  ClientCall call{*here.link, line_->options().transfer_timeout, here.stop};
  pb::MessageSendFileStreamResponse response;
  const auto writer = here.link->stub().MessageSendFileStream(&call.context(), &response);
  pb::MessageSendFileStreamRequest where;
  where.set_conversation_id(std::string{conversation_id});
  pb::MessageSendFileStreamRequest name;
  name.mutable_file_box_chunk()->set_name(file.name());
  try {
    if (writer->Write(where) && writer->Write(name)) {
      send_chunks(*content, [&](std::string chunk) {
        pb::MessageSendFileStreamRequest part;
        part.mutable_file_box_chunk()->set_data(std::move(chunk));
        return writer->Write(part);
      });
    }
  } catch (...) {
    call.cancel();
    static_cast<void>(writer->Finish());
    throw;
  }
  writer->WritesDone();
  call.finish(writer->Finish(), "MessageSendFileStream");
  return read_sent_id(response);
}

}  // namespace wechaty::puppet_service
