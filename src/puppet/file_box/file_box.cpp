// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/file_box/file_box.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "puppet/file_box/base64.hpp"
#include "puppet/file_box/file_box_data.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/mime.hpp"
#include "wechaty/puppet/file_box/naming.hpp"
#include "wechaty/puppet/file_box/url_text.hpp"

namespace wechaty::puppet {

namespace {

bool starts_with_any_case(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(),
                    [](char wanted, char c) { return c == wanted || (c | 0x20) == wanted; });
}

std::string_view without_padding(std::string_view base64) {
  return base64.substr(0, base64.find_last_not_of('=') + 1);
}

}  // namespace

// --- making ----------------------------------------------------------------------------------

FileBox::FileBox() : FileBox{from_buffer(std::vector<std::byte>{})} {}

FileBox FileBox::make(FileBoxType type, std::string_view name, std::string md5,
                      std::optional<std::uint64_t> size, Content content) {
  auto data = std::make_shared<Data>();
  data->type = type;
  data->name = safe_base_name(name);
  data->md5 = std::move(md5);
  data->size = size;
  data->content = std::make_shared<const Content>(std::move(content));
  return FileBox{std::shared_ptr<const Data>{std::move(data)}};
}

FileBox FileBox::from_base64(std::string text, std::string_view name, std::string md5) {
  return make(FileBoxType::base64, name, std::move(md5), std::nullopt,
              {.reference = std::move(text)});
}

FileBox FileBox::from_data_url(std::string_view url, std::string_view name, std::string md5) {
  const std::size_t comma = url.find(',');
  if (!starts_with_any_case(url, "data:") || comma == std::string_view::npos) {
    throw InvalidArgumentError{"FileBox: a data URL has the form data:<type>;base64,<text>"};
  }
  constexpr std::string_view mark = ";base64";
  std::string_view type = url.substr(5, comma - 5);
  std::string text = percent_decoded(url.substr(comma + 1));
  if (type.size() >= mark.size() &&
      starts_with_any_case(type.substr(type.size() - mark.size()), mark)) {
    type.remove_suffix(mark.size());
  } else {
    text = base64_encode(std::as_bytes(std::span{text}));
  }
  const FileBox box = from_base64(
      std::move(text), name.empty() ? std::string_view{"data-url.dat"} : name, std::move(md5));
  auto data = box.copy();
  // RFC 2397: without a type it is text, also where parameters are given.
  data->declared_type = type.empty() || type.front() == ';' ? "text/plain" : "";
  data->declared_type += type;
  return FileBox{std::shared_ptr<const Data>{std::move(data)}};
}

FileBox FileBox::from_buffer(std::vector<std::byte> bytes, std::string_view name, std::string md5) {
  const std::uint64_t size = bytes.size();
  return make(FileBoxType::buffer, name, std::move(md5), size, {.bytes = std::move(bytes)});
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
  return make(FileBoxType::file, own_name, std::move(md5), size, {.reference = std::move(path)});
}

FileBox FileBox::from_url(std::string url, UrlOptions options) {
  if (!starts_with_any_case(url, "http://") && !starts_with_any_case(url, "https://")) {
    throw InvalidArgumentError{"FileBox: only http and https URLs, got \"" +
                               url_without_secrets(url) + "\""};
  }
  const std::string name = options.name.empty() ? name_in_url(url) : std::move(options.name);
  return make(FileBoxType::url, name, std::move(options.md5), options.size,
              {.reference = std::move(url), .headers = std::move(options.headers)});
}

FileBox FileBox::from_uuid(std::string uuid, UuidOptions options) {
  if (uuid.empty()) throw InvalidArgumentError{"FileBox: no UUID data"};
  const std::string name = options.name.empty() ? uuid + ".dat" : std::move(options.name);
  return make(FileBoxType::uuid, name, std::move(options.md5), options.size,
              {.reference = std::move(uuid)});
}

FileBox FileBox::from_stream(std::unique_ptr<ByteSource> stream, std::string_view name,
                             std::string md5) {
  if (!stream) throw InvalidArgumentError{"FileBox: no stream"};
  auto once = std::make_shared<OnceStream>();
  once->source = std::move(stream);
  return make(FileBoxType::stream, name, std::move(md5), std::nullopt, {.stream = std::move(once)});
}

FileBox FileBox::from_qr_code(std::string text, std::string md5) {
  if (text.empty()) throw InvalidArgumentError{"FileBox: no QR Code"};
  return make(FileBoxType::qr_code, "qrcode.png", std::move(md5), std::nullopt,
              {.reference = std::move(text)});
}

// --- properties ------------------------------------------------------------------------------

FileBoxType FileBox::type() const { return data_->type; }
const std::string& FileBox::name() const { return data_->name; }
const std::string& FileBox::md5() const { return data_->md5; }
const std::string& FileBox::declared_media_type() const { return data_->declared_type; }
const std::string& FileBox::metadata_text() const { return data_->metadata; }
const std::string& FileBox::reference() const { return data_->content->reference; }
const std::shared_ptr<FileBoxResolver>& FileBox::resolver() const { return data_->resolver; }

std::optional<std::uint64_t> FileBox::size() const {
  if (data_->type == FileBoxType::base64) return base64_decoded_size(reference());
  return data_->size;
}

std::string FileBox::media_type() const {
  return std::string{type_of_name(data_->name).value_or(octet_stream)};
}

std::string FileBox::to_string() const {
  static constexpr std::array<std::string_view, 8> types{"Unknown", "Base64", "Url",    "QRCode",
                                                         "Buffer",  "File",   "Stream", "Uuid"};
  std::string text{"FileBox#"};
  text.append(types.at(static_cast<std::size_t>(data_->type))).append("<");
  return text.append(data_->name).append(">");
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

FileBox FileBox::ready() const {
  auto data = copy();
  if (data_->type == FileBoxType::url) {
    UrlDetails details = require_resolver().describe_url(reference(), data_->content->headers);
    if (!details.name.empty()) data->name = safe_base_name(details.name);
    if (!details.media_type.empty()) data->declared_type = std::move(details.media_type);
    if (details.size) data->size = details.size;
    data->conventional = false;
  } else if (data_->type == FileBoxType::qr_code && !data_->size) {
    data->size = to_buffer().size();
  }
  return FileBox{std::shared_ptr<const Data>{std::move(data)}};
}

bool operator==(const FileBox& a, const FileBox& b) {
  if (a.data_ == b.data_) return true;
  const auto& [x, y] = std::pair<const FileBox::Data&, const FileBox::Data&>{*a.data_, *b.data_};
  if (x.type != y.type || x.name != y.name || x.md5 != y.md5 || x.metadata != y.metadata ||
      x.size != y.size) {
    return false;
  }
  if (x.content == y.content) return true;
  if (x.type == FileBoxType::base64) {
    return without_padding(a.reference()) == without_padding(b.reference());
  }
  return x.content->reference == y.content->reference && x.content->bytes == y.content->bytes &&
         x.content->headers == y.content->headers && x.content->stream == y.content->stream;
}

}  // namespace wechaty::puppet
