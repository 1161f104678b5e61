// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "puppet/file_box/base64.hpp"
#include "puppet/file_box/file_box_data.hpp"
#include "puppet/file_box/file_io.hpp"
#include "puppet/file_box/new_file.hpp"
#include "puppet/file_box/read_fully.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"

namespace wechaty::puppet {

namespace {

constexpr std::size_t largest_picture = std::size_t{64} << 20U;

/// Bytes in memory, which `owner` keeps there.
class MemorySource final : public ByteSource {
 public:
  MemorySource(std::shared_ptr<const void> owner, std::span<const std::byte> bytes)
      : owner_{std::move(owner)}, rest_{bytes} {}
  std::size_t read(std::span<std::byte> buffer) override {
    const std::size_t count = std::min(buffer.size(), rest_.size());
    std::copy_n(rest_.begin(), count, buffer.begin());
    rest_ = rest_.subspan(count);
    return count;
  }

 private:
  std::shared_ptr<const void> owner_;
  std::span<const std::byte> rest_;
};

class Base64Source final : public ByteSource {
 public:
  Base64Source(std::shared_ptr<const void> owner, std::string_view text)
      : owner_{std::move(owner)}, decoder_{text} {}
  std::size_t read(std::span<std::byte> buffer) override { return decoder_.decode(buffer); }

 private:
  std::shared_ptr<const void> owner_;
  Base64Decoder decoder_;
};

/// What was peeked, then the rest of the stream.
class RestSource final : public ByteSource {
 public:
  RestSource(std::vector<std::byte> peeked, std::unique_ptr<ByteSource> rest)
      : peeked_{std::move(peeked)}, rest_{std::move(rest)} {}
  std::size_t read(std::span<std::byte> buffer) override {
    if (place_ == peeked_.size()) return rest_->read(buffer);
    const std::size_t count = std::min(buffer.size(), peeked_.size() - place_);
    std::copy_n(peeked_.begin() + static_cast<std::ptrdiff_t>(place_), count, buffer.begin());
    place_ += count;
    return count;
  }

 private:
  std::vector<std::byte> peeked_;
  std::size_t place_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

std::unique_ptr<ByteSource> own(std::vector<std::byte> bytes) {
  const auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  return std::make_unique<MemorySource>(owner, *owner);
}

}  // namespace

FileBoxResolver& FileBox::require_resolver() const {
  if (data_->resolver) return *data_->resolver;
  throw UnsupportedError{"FileBox: the content of \"" + data_->name +
                         "\" is elsewhere; give the box a resolver (with_resolver) that can "
                         "fetch it"};
}

std::span<const std::byte> FileBox::bytes_of_reference() const {
  return std::as_bytes(std::span{data_->content->reference});
}

std::unique_ptr<ByteSource> FileBox::open() const {
  const auto& content = data_->content;
  switch (data_->type) {
    case FileBoxType::base64: return std::make_unique<Base64Source>(content, content->reference);
    case FileBoxType::url: return require_resolver().open_url(content->reference, content->headers);
    case FileBoxType::qr_code: return own(require_resolver().encode_qr_code(content->reference));
    case FileBoxType::file: return open_file(content->reference);
    case FileBoxType::stream: {
      const std::lock_guard lock{content->stream->mutex};
      if (std::exchange(content->stream->taken, true)) {
        throw ConsumedError{"FileBox: the stream of \"" + data_->name +
                            "\" is not readable. Maybe has already been consumed, and now it was "
                            "drained"};
      }
      return std::make_unique<RestSource>(std::move(content->stream->peeked),
                                          std::move(content->stream->source));
    }
    case FileBoxType::uuid: return require_resolver().load_uuid(content->reference);
    case FileBoxType::unknown:
    case FileBoxType::buffer: break;
  }
  return std::make_unique<MemorySource>(content, content->bytes);
}

std::unique_ptr<ByteSource> FileBox::open_base64() const {
  if (data_->type == FileBoxType::base64) {
    return std::make_unique<MemorySource>(data_->content, bytes_of_reference());
  }
  return std::make_unique<Base64EncodingSource>(open());
}

std::optional<std::vector<std::byte>> FileBox::peek(std::size_t bytes) const {
  std::vector<std::byte> beginning;
  switch (data_->type) {
    case FileBoxType::url:
    case FileBoxType::uuid:
    case FileBoxType::qr_code: return std::nullopt;
    case FileBoxType::stream: break;
    default:
      beginning.resize(bytes);
      beginning.resize(read_fully(*open(), beginning));
      return beginning;
  }
  OnceStream& stream = *data_->content->stream;
  const std::lock_guard lock{stream.mutex};
  if (stream.taken) return std::nullopt;
  auto& peeked = stream.peeked;
  if (const std::size_t had = peeked.size(); had < bytes) {
    peeked.resize(bytes);
    std::size_t count = 0;
    try {
      count = read_fully(*stream.source, std::span{peeked}.subspan(had));
    } catch (...) {
      peeked.resize(had);
      throw;
    }
    peeked.resize(had + count);
  }
  return std::vector<std::byte>(
      peeked.begin(), peeked.begin() + static_cast<std::ptrdiff_t>(std::min(bytes, peeked.size())));
}

void FileBox::pipe(const std::function<void(std::span<const std::byte>)>& sink) const {
  read_all(*open(), sink);
}

std::vector<std::byte> FileBox::to_buffer() const {
  if (data_->type == FileBoxType::buffer) return data_->content->bytes;
  if (data_->type == FileBoxType::base64) return base64_decode(reference());
  std::vector<std::byte> bytes;
  pipe([&](std::span<const std::byte> chunk) {
    bytes.insert(bytes.end(), chunk.begin(), chunk.end());
  });
  return bytes;
}

std::string FileBox::to_text() const {
  std::string text;
  pipe([&](std::span<const std::byte> chunk) {
    text.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
  });
  return text;
}

std::string FileBox::to_base64() const {
  if (data_->type == FileBoxType::base64) return reference();
  if (data_->type == FileBoxType::buffer) return base64_encode(data_->content->bytes);
  std::string text;
  read_all(*open_base64(), [&](std::span<const std::byte> chunk) {
    text.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
  });
  return text;
}

std::string FileBox::to_data_url() const {
  std::string url = "data:" + media_type() + ";base64,";
  // Encoded anew, because a base64 box may hold blanks, which have no place in a URL.
  Base64EncodingSource encoded{open()};
  read_all(encoded, [&](std::span<const std::byte> chunk) {
    url.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
  });
  return url;
}

void FileBox::to_file(const std::string& path, bool overwrite) const {
  NewFile file{path.empty() ? data_->name : path, overwrite};
  pipe([&](std::span<const std::byte> chunk) { file.write(chunk); });
  file.commit();
}

std::string FileBox::to_qr_code() const {
  if (data_->type == FileBoxType::qr_code) return reference();
  FileBoxResolver& resolver = require_resolver();
  std::vector<std::byte> picture;
  pipe([&](std::span<const std::byte> chunk) {
    if (chunk.size() > largest_picture - picture.size()) {
      throw TooLargeError{"FileBox: \"" + data_->name + "\" is too large for a picture"};
    }
    picture.insert(picture.end(), chunk.begin(), chunk.end());
  });
  return resolver.decode_qr_code(picture);
}

std::string FileBox::to_uuid() const {
  if (data_->type == FileBoxType::uuid) return reference();
  FileBoxResolver& resolver = require_resolver();
  return resolver.save_uuid(*open());
}

}  // namespace wechaty::puppet
