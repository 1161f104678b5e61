// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wechaty/puppet/file_box/byte_source.hpp"

namespace wechaty::puppet {

/// What a server says of a file without sending it.
struct UrlDetails {
  std::string name{};        ///< "" when it says nothing
  std::string media_type{};  ///< with its parameters; "" when it says nothing
  std::optional<std::uint64_t> size{};
};

/// Brings the content of boxes that live elsewhere. It belongs to the boxes that it is attached to,
/// not to the class: two puppets in one process can have two.
///
/// What a resolver does not override throws UnsupportedError, and then combine() asks the next.
/// Thread: any; may be called for several boxes at once.
/// Differs: npm file-box has one loader for a whole class, which can be set once.
class FileBoxResolver {
 public:
  FileBoxResolver() = default;
  FileBoxResolver(const FileBoxResolver&) = delete;
  FileBoxResolver& operator=(const FileBoxResolver&) = delete;
  virtual ~FileBoxResolver() = default;

  /// The content behind a URL. May block for the network.
  virtual std::unique_ptr<ByteSource> open_url(const std::string& url,
                                               const std::map<std::string, std::string>& headers);
  /// What is behind a URL. May block for the network.
  virtual UrlDetails describe_url(const std::string& url,
                                  const std::map<std::string, std::string>& headers);
  /// The content that is stored under a UUID.
  /// @throws NotFoundError when there is none
  virtual std::unique_ptr<ByteSource> load_uuid(const std::string& uuid);
  /// Store a content. @result its UUID
  virtual std::string save_uuid(ByteSource& content);
  /// A PNG picture of a QR code with this text.
  virtual std::vector<std::byte> encode_qr_code(const std::string& text);
  /// The text of the QR code in a picture.
  /// @throws NotFoundError when there is none in it
  virtual std::string decode_qr_code(std::span<const std::byte> picture);
};

/// A resolver that asks several, the first one first, until one knows how.
///
/// @throws InvalidArgumentError when one of them is null
[[nodiscard]] std::shared_ptr<FileBoxResolver> combine(
    std::vector<std::shared_ptr<FileBoxResolver>> resolvers);

}  // namespace wechaty::puppet
