// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wechaty/puppet/file_box/byte_source.hpp"
#include "wechaty/puppet/file_box/file_box_resolver.hpp"

namespace wechaty::puppet {

/// Where the content of a FileBox is; the numbers are those of its JSON form.
enum class FileBoxType : int {
  unknown = 0,
  base64 = 1,
  url = 2,
  qr_code = 3,
  buffer = 4,
  file = 5,
  stream = 6,
  uuid = 7,
};

/// A file on its way: a name, and bytes that are somewhere.
///
/// A value: copies share the content, and nothing is read before it is asked for. A box made from a
/// stream can be read once, by one of its copies.
/// Thread: a box that nobody changes may be read from any thread.
/// Source: npm file-box 1.5; its JSON form is the same.
class FileBox {
 public:
  struct UrlOptions {
    std::string name;  ///< empty: from the URL's path
    std::optional<std::uint64_t> size;
    std::string md5;
    std::map<std::string, std::string> headers;  ///< sent with the request
  };
  struct UuidOptions {
    std::string name;  ///< empty: `<uuid>.dat`
    std::optional<std::uint64_t> size;
    std::string md5;
  };

  /// An empty buffer called `buffer.dat`.
  FileBox();

  /// @param text  base64 (RFC 4648) in either alphabet, with or without padding and line breaks;
  ///              looked at when the content is asked for, which then throws
  ///              InvalidArgumentError with the place of what is wrong
  static FileBox from_base64(std::string text, std::string_view name = "base64.dat",
                             std::string md5 = {});
  /// A base64 box of what a data URL holds, either percent-encoded or base64. Its type becomes the
  /// declared_media_type().
  /// @param name  empty: `data-url.dat`
  /// @throws InvalidArgumentError when it is no data URL
  /// Source: RFC 2397.
  /// Differs: npm file-box takes what follows the comma for base64 always.
  static FileBox from_data_url(std::string_view url, std::string_view name = {},
                               std::string md5 = {});
  static FileBox from_buffer(std::vector<std::byte> bytes, std::string_view name = "buffer.dat",
                             std::string md5 = {});
  static FileBox from_buffer(std::string_view bytes, std::string_view name = "buffer.dat",
                             std::string md5 = {});
  /// @throws NotFoundError when there is no such file
  static FileBox from_file(std::string path, std::string_view name = {}, std::string md5 = {});
  /// @throws InvalidArgumentError on anything but http and https
  static FileBox from_url(std::string url, UrlOptions options);
  static FileBox from_url(std::string url) { return from_url(std::move(url), UrlOptions{}); }
  static FileBox from_uuid(std::string uuid, UuidOptions options);
  static FileBox from_uuid(std::string uuid) { return from_uuid(std::move(uuid), UuidOptions{}); }
  static FileBox from_stream(std::unique_ptr<ByteSource> stream,
                             std::string_view name = "stream.dat", std::string md5 = {});
  static FileBox from_qr_code(std::string text, std::string md5 = {});

  [[nodiscard]] FileBoxType type() const;
  /// Always a base name. Whether it tells the MIME type is up to conventional().
  [[nodiscard]] const std::string& name() const;
  /// In bytes, where it is known without reading. That of a base64 box is counted at each call.
  [[nodiscard]] std::optional<std::uint64_t> size() const;
  /// As given, never computed; "" for none.
  [[nodiscard]] const std::string& md5() const;
  /// The MIME type that the name tells; `application/octet-stream` for an unknown extension.
  [[nodiscard]] std::string media_type() const;
  /// What a data URL or a server said of the type; "" for nothing.
  [[nodiscard]] const std::string& declared_media_type() const;
  /// A JSON object of the user's.
  [[nodiscard]] const std::string& metadata_text() const;

  /// null for none.
  [[nodiscard]] const std::shared_ptr<FileBoxResolver>& resolver() const;
  /// For logs, as in npm: `FileBox#Url<a.png>`.
  [[nodiscard]] std::string to_string() const;

  /// The same file under another name, made a base name.
  [[nodiscard]] FileBox with_name(std::string_view name) const;
  [[nodiscard]] FileBox with_metadata(const nlohmann::json& object) const;
  /// The same file, whose content is brought by `resolver`; null for nobody.
  [[nodiscard]] FileBox with_resolver(std::shared_ptr<FileBoxResolver> resolver) const;
  /// The same with what has to be asked for: name, type and size of what is behind a URL, the size
  /// of a QR code's picture. Other boxes are known already.
  ///
  /// @throws as open() does
  /// Thread: any. May block for the network.
  [[nodiscard]] FileBox ready() const;

  /// The content, from its beginning. Wrong base64 is found by the reader.
  ///
  /// @throws NotFoundError when the file is gone; UnsupportedError where a resolver is needed and
  ///         there is none; ConsumedError when a stream was read before; what the resolver throws
  /// Thread: any. May block for the network where a resolver does.
  [[nodiscard]] std::unique_ptr<ByteSource> open() const;
  /// The content as base64 text, which is made piece by piece.
  /// @throws as open() does
  [[nodiscard]] std::unique_ptr<ByteSource> open_base64() const;
  /// Hand the content on in pieces of at most 64 KiB.
  /// @throws as open() and reading do, and what `sink` throws
  void pipe(const std::function<void(std::span<const std::byte>)>& sink) const;
  [[nodiscard]] std::vector<std::byte> to_buffer() const;
  /// The content as text, byte for byte.
  [[nodiscard]] std::string to_text() const;
  /// A base64 box gives its text as it is.
  [[nodiscard]] std::string to_base64() const;
  [[nodiscard]] std::string to_data_url() const;
  /// The file appears under its name when it is whole, and nothing is left of a failure.
  ///
  /// @param path  empty: the name, in the working directory
  /// @throws ConflictError when there is one and it must not be overwritten; StorageError; as
  ///         open() and reading do
  void to_file(const std::string& path = {}, bool overwrite = false) const;
  /// The text of a QR code box, or of the QR code in a picture, which the resolver reads.
  /// @throws NotFoundError when there is none in the picture; TooLargeError when the picture has
  ///         more than 64 MiB; UnsupportedError without a resolver that can
  [[nodiscard]] std::string to_qr_code() const;
  /// The UUID of a UUID box; any other content is stored by the resolver.
  /// @throws UnsupportedError without a resolver that can; as open() and the store do
  [[nodiscard]] std::string to_uuid() const;

  /// The URL, the UUID, the QR code's text, the path or the base64 text; "" for others.
  [[nodiscard]] const std::string& reference() const;

  /// The first bytes of what is at hand without a network; a stream keeps them for its reader.
  ///
  /// @result nullopt for URL, UUID and QR code boxes
  [[nodiscard]] std::optional<std::vector<std::byte>> peek(std::size_t bytes) const;

  /// @throws UnsupportedError for buffers, files and streams, which JSON cannot carry
  [[nodiscard]] std::string to_json_text() const;
  /// @throws InvalidArgumentError on what is no FileBox, naming the field
  static FileBox from_json_text(std::string_view text);
  static FileBox from_json(const nlohmann::json& json);

  /// Equal in type, name, checksum, metadata, declared size and content or place of the content;
  /// boxes made of a stream are equal to their copies only.
  friend bool operator==(const FileBox& a, const FileBox& b);

 private:
  struct Content;
  struct Data;
  friend FileBox conventional(FileBox box, std::optional<std::string_view> declared_media_type);
  explicit FileBox(std::shared_ptr<const Data> data) : data_{std::move(data)} {}
  [[nodiscard]] std::shared_ptr<Data> copy() const;
  [[nodiscard]] static FileBox make(FileBoxType type, std::string_view name, std::string md5,
                                    std::optional<std::uint64_t> size, Content content);
  [[nodiscard]] FileBoxResolver& require_resolver() const;
  [[nodiscard]] std::span<const std::byte> bytes_of_reference() const;

  std::shared_ptr<const Data> data_;
};

void to_json(nlohmann::json& json, const FileBox& box);
void from_json(const nlohmann::json& json, FileBox& box);

}  // namespace wechaty::puppet
