// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/file_box/file_box.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "puppet/file_box/base64.hpp"
#include "puppet/file_box/file_box_data.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/mime.hpp"
#include "wechaty/puppet/file_box/naming.hpp"
#include "wechaty/puppet/file_box/url_text.hpp"

namespace wechaty::puppet {

namespace {

class BufferSource final : public ByteSource {
 public:
  explicit BufferSource(std::shared_ptr<const std::vector<std::byte>> bytes)
      : bytes_{std::move(bytes)} {}
  std::size_t read(std::span<std::byte> buffer) override {
    const std::size_t count = std::min(buffer.size(), bytes_->size() - place_);
    std::copy_n(bytes_->begin() + static_cast<std::ptrdiff_t>(place_), count, buffer.begin());
    place_ += count;
    return count;
  }

 private:
  std::shared_ptr<const std::vector<std::byte>> bytes_;
  std::size_t place_ = 0;
};

class FileSource final : public ByteSource {
 public:
  explicit FileSource(const std::string& path) : path_{path}, file_{path, std::ios::binary} {
    if (!file_) throw NotFoundError{"FileBox: the file \"" + path + "\" cannot be opened"};
  }
  std::size_t read(std::span<std::byte> buffer) override {
    file_.read(reinterpret_cast<char*>(buffer.data()), static_cast<std::streamsize>(buffer.size()));
    if (file_.bad()) throw Error{"FileBox: the file \"" + path_ + "\" cannot be read"};
    return static_cast<std::size_t>(file_.gcount());
  }

 private:
  std::string path_;
  std::ifstream file_;
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

/// Fills as much of `buffer` as there is.
std::size_t read_fully(ByteSource& source, std::span<std::byte> buffer) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const std::size_t count = source.read(buffer.subspan(filled));
    if (count == 0) break;
    filled += count;
  }
  return filled;
}

template <class Consume>
void read_all(ByteSource& source, Consume consume) {
  std::vector<std::byte> chunk(65'536);
  while (const std::size_t count = source.read(chunk)) {
    consume(std::span<const std::byte>{chunk.data(), count});
  }
}

std::shared_ptr<const std::vector<std::byte>> share(std::vector<std::byte> bytes) {
  return std::make_shared<const std::vector<std::byte>>(std::move(bytes));
}

}  // namespace

// --- making ----------------------------------------------------------------------------------

FileBox::FileBox() : FileBox{from_buffer(std::vector<std::byte>{})} {}

FileBox FileBox::make(FileBoxType type, std::string_view name, std::string md5, Content content) {
  auto data = std::make_shared<Data>();
  data->type = type;
  data->name = safe_base_name(name);
  data->md5 = std::move(md5);
  data->content = std::move(content);
  return FileBox{std::shared_ptr<const Data>{std::move(data)}};
}

FileBox FileBox::from_base64(std::string text, std::string_view name, std::string md5) {
  auto bytes = share(base64_decode(text));
  const std::uint64_t size = bytes->size();
  return make(FileBoxType::base64, name, std::move(md5),
              {.reference = std::move(text), .bytes = std::move(bytes), .size = size});
}

FileBox FileBox::from_data_url(std::string_view url, std::string_view name, std::string md5) {
  const std::size_t comma = url.find(',');
  if (!url.starts_with("data:") || comma == std::string_view::npos) {
    throw InvalidArgumentError{"FileBox: a data URL has the form data:<type>;base64,<text>"};
  }
  std::string_view head = url.substr(5, comma - 5);
  if (!head.ends_with(";base64")) {
    throw InvalidArgumentError{"FileBox: a data URL without ;base64 is not understood"};
  }
  head.remove_suffix(7);
  FileBox box = from_base64(std::string{url.substr(comma + 1)},
                            name.empty() ? std::string_view{"data-url.dat"} : name, std::move(md5));
  auto data = box.copy();
  data->content.declared_type = head;
  return FileBox{std::shared_ptr<const Data>{std::move(data)}};
}

FileBox FileBox::from_buffer(std::vector<std::byte> bytes, std::string_view name, std::string md5) {
  const std::uint64_t size = bytes.size();
  return make(FileBoxType::buffer, name, std::move(md5),
              {.bytes = share(std::move(bytes)), .size = size});
}

FileBox FileBox::from_buffer(std::string_view bytes, std::string_view name, std::string md5) {
  const auto* const begin = reinterpret_cast<const std::byte*>(bytes.data());
  return from_buffer(std::vector<std::byte>(begin, begin + bytes.size()), name, std::move(md5));
}

FileBox FileBox::from_file(std::string path, std::string_view name, std::string md5) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) throw NotFoundError{"FileBox: no file \"" + path + "\": " + error.message()};
  const std::string own_name = name.empty() ? path : std::string{name};
  return make(FileBoxType::file, own_name, std::move(md5),
              {.reference = std::move(path), .size = size});
}

FileBox FileBox::from_url(std::string url, UrlOptions options) {
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    throw InvalidArgumentError{"FileBox: only http and https URLs, got \"" + url + "\""};
  }
  const std::string name = options.name.empty() ? name_in_url(url) : std::move(options.name);
  return make(
      FileBoxType::url, name, std::move(options.md5),
      {.reference = std::move(url), .headers = std::move(options.headers), .size = options.size});
}

FileBox FileBox::from_uuid(std::string uuid, UuidOptions options) {
  if (uuid.empty()) throw InvalidArgumentError{"FileBox: no UUID data"};
  const std::string name = options.name.empty() ? uuid + ".dat" : std::move(options.name);
  return make(FileBoxType::uuid, name, std::move(options.md5),
              {.reference = std::move(uuid), .size = options.size});
}

FileBox FileBox::from_stream(std::unique_ptr<ByteSource> stream, std::string_view name,
                             std::string md5) {
  if (!stream) throw InvalidArgumentError{"FileBox: no stream"};
  auto once = std::make_shared<OnceStream>();
  once->source = std::move(stream);
  return make(FileBoxType::stream, name, std::move(md5), {.stream = std::move(once)});
}

FileBox FileBox::from_qr_code(std::string text, std::string md5) {
  if (text.empty()) throw InvalidArgumentError{"FileBox: no QR Code"};
  return make(FileBoxType::qr_code, "qrcode.png", std::move(md5), {.reference = std::move(text)});
}

// --- properties ------------------------------------------------------------------------------

FileBoxType FileBox::type() const { return data_->type; }
const std::string& FileBox::name() const { return data_->name; }
std::optional<std::uint64_t> FileBox::size() const { return data_->content.size; }
const std::string& FileBox::md5() const { return data_->md5; }
const std::string& FileBox::declared_media_type() const { return data_->content.declared_type; }
const std::string& FileBox::metadata_text() const { return data_->metadata; }
const std::string& FileBox::reference() const { return data_->content.reference; }

std::string FileBox::media_type() const {
  return std::string{type_of_name(data_->name).value_or(octet_stream)};
}

std::shared_ptr<FileBox::Data> FileBox::copy() const { return std::make_shared<Data>(*data_); }

FileBox FileBox::with_name(std::string_view name) const {
  auto data = copy();
  data->name = safe_base_name(name);
  data->conventional = false;
  return FileBox{std::shared_ptr<const Data>{std::move(data)}};
}

FileBox FileBox::with_resolver(std::shared_ptr<FileBoxResolver> resolver) const {
  auto data = copy();
  data->resolver = std::move(resolver);
  return FileBox{std::shared_ptr<const Data>{std::move(data)}};
}

bool operator==(const FileBox& a, const FileBox& b) {
  if (a.data_ == b.data_) return true;
  const auto& [x, y] = std::pair<const FileBox::Data&, const FileBox::Data&>{*a.data_, *b.data_};
  if (x.type != y.type || x.name != y.name || x.md5 != y.md5 || x.metadata != y.metadata ||
      x.content.size != y.content.size || x.content.stream != y.content.stream) {
    return false;
  }
  if (x.content.bytes && y.content.bytes) return *x.content.bytes == *y.content.bytes;
  return x.content.reference == y.content.reference && x.content.headers == y.content.headers;
}

// --- content ---------------------------------------------------------------------------------

std::unique_ptr<ByteSource> FileBox::open() const {
  const Content& content = data_->content;
  if (content.bytes) return std::make_unique<BufferSource>(content.bytes);
  if (data_->type == FileBoxType::file) return std::make_unique<FileSource>(content.reference);
  if (content.stream) {
    const std::lock_guard lock{content.stream->mutex};
    if (std::exchange(content.stream->taken, true)) {
      throw Error{"FileBox: the stream of \"" + data_->name +
                  "\" is not readable. Maybe has already been consumed, and now it was drained"};
    }
    return std::make_unique<RestSource>(std::move(content.stream->peeked),
                                        std::move(content.stream->source));
  }
  if (!data_->resolver) {
    throw UnsupportedError{"FileBox: the content of \"" + data_->name +
                           "\" is elsewhere; give the box a resolver (with_resolver) that can "
                           "fetch it"};
  }
  switch (data_->type) {
    case FileBoxType::url: return data_->resolver->open_url(content.reference, content.headers);
    case FileBoxType::uuid: return data_->resolver->load_uuid(content.reference);
    default:
      return std::make_unique<BufferSource>(
          share(data_->resolver->encode_qr_code(content.reference)));
  }
}

std::optional<std::vector<std::byte>> FileBox::peek(std::size_t bytes) const {
  const Content& content = data_->content;
  std::vector<std::byte> beginning;
  if (content.bytes) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(bytes, content.bytes->size()));
    return std::vector<std::byte>(content.bytes->begin(), content.bytes->begin() + count);
  }
  if (data_->type == FileBoxType::file) {
    beginning.resize(bytes);
    beginning.resize(read_fully(*open(), beginning));
    return beginning;
  }
  if (!content.stream) return std::nullopt;
  const std::lock_guard lock{content.stream->mutex};
  if (content.stream->taken) return std::nullopt;
  auto& peeked = content.stream->peeked;
  if (const std::size_t had = peeked.size(); had < bytes) {
    peeked.resize(bytes);
    peeked.resize(had + read_fully(*content.stream->source, std::span{peeked}.subspan(had)));
  }
  return std::vector<std::byte>(
      peeked.begin(), peeked.begin() + static_cast<std::ptrdiff_t>(std::min(bytes, peeked.size())));
}

std::vector<std::byte> FileBox::to_buffer() const {
  if (data_->content.bytes) return *data_->content.bytes;
  std::vector<std::byte> bytes;
  read_all(*open(), [&](std::span<const std::byte> chunk) {
    bytes.insert(bytes.end(), chunk.begin(), chunk.end());
  });
  return bytes;
}

std::string FileBox::to_text() const {
  const auto bytes = to_buffer();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string FileBox::to_base64() const {
  if (data_->type == FileBoxType::base64) return data_->content.reference;
  return base64_encode(to_buffer());
}

std::string FileBox::to_data_url() const {
  return "data:" + media_type() + ";base64," + base64_encode(to_buffer());
}

void FileBox::to_file(const std::string& path, bool overwrite) const {
  const std::string target = path.empty() ? data_->name : path;
  if (!overwrite && std::filesystem::exists(target)) {
    throw ConflictError{"FileBox.toFile(" + target +
                        "): file exist. Pass overwrite = true to force overwrite."};
  }
  const auto source = open();
  std::ofstream file{target, std::ios::binary | std::ios::trunc};
  read_all(*source, [&](std::span<const std::byte> chunk) {
    file.write(reinterpret_cast<const char*>(chunk.data()),
               static_cast<std::streamsize>(chunk.size()));
  });
  file.close();
  if (!file) throw StorageError{"FileBox: cannot write \"" + target + "\""};
}

}  // namespace wechaty::puppet
