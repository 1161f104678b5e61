// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/support/sync_stream.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "puppet_service/client/line.hpp"
#include "wechaty/puppet/file_box/byte_source.hpp"

namespace wechaty::puppet_service {

/// The bytes of a server's stream, a chunk at a time; flow control keeps the server from sending
/// more than is read. Ends the call when it goes before the end.
///
/// @tparam Response  the message of the stream
template <class Response>
class ByteStream final : public puppet::ByteSource {
 public:
  using Reader = std::unique_ptr<grpc::ClientReader<Response>>;
  /// The chunk in a message. Frames with an empty one are skipped.
  using Chunk = std::string* (*)(Response&);

  /// @param open  starts the rpc: Reader(Stub&, grpc::ClientContext*)
  template <class Open>
  ByteStream(Line::Place place, std::chrono::milliseconds timeout, std::string what, Chunk chunk,
             Open open)
      : place_{std::move(place)},
        what_{std::move(what)},
        chunk_of_{chunk},
        call_{std::make_shared<ClientCall>(*place_.link, timeout, place_.stop)},
        reader_{open(place_.link->stub(), &call_->context())} {}
  ~ByteStream() override {
    if (ended_) return;
    call_->cancel();
    Response rest;
    while (reader_->Read(&rest)) {
    }
    reader_->Finish();
  }

  std::size_t read(std::span<std::byte> buffer) override {
    while (place_in_chunk_ == chunk_.size()) {
      if (buffer.empty() || !next_message()) return 0;
      chunk_ = std::move(*chunk_of_(message_));
      place_in_chunk_ = 0;
    }
    const std::size_t count = std::min(buffer.size(), chunk_.size() - place_in_chunk_);
    std::memcpy(buffer.data(), chunk_.data() + place_in_chunk_, count);
    place_in_chunk_ += count;
    return count;
  }

  /// The next message, for streams that begin with something else than bytes.
  /// @result false at the end
  bool next_message() {
    if (ended_) return false;
    if (reader_->Read(&message_)) return true;
    ended_ = true;
    call_->finish(reader_->Finish(), what_);
    return false;
  }
  [[nodiscard]] Response& message() { return message_; }
  /// The call, for who wants to end it early; it may outlive the stream.
  [[nodiscard]] std::weak_ptr<ClientCall> call() const { return call_; }

 private:
  const Line::Place place_;
  const std::string what_;
  const Chunk chunk_of_;
  const std::shared_ptr<ClientCall> call_;
  const Reader reader_;
  Response message_;
  std::string chunk_;
  std::size_t place_in_chunk_ = 0;
  bool ended_ = false;
};

}  // namespace wechaty::puppet_service
