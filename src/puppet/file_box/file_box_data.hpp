// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "wechaty/puppet/file_box/file_box.hpp"

namespace wechaty::puppet {

/// A stream that can be looked at before it is read, and read once. Its source must not use the box
/// that it is in: it is read under the mutex when it is looked at.
struct OnceStream {
  std::mutex mutex;  // guards everything below
  std::unique_ptr<ByteSource> source;
  std::vector<std::byte> peeked;
  bool taken = false;
};

/// What the copies of a box share.
struct FileBox::Content {
  std::string reference{};  // base64 text, URL, UUID, QR code's text, or path
  std::vector<std::byte> bytes{};
  std::shared_ptr<OnceStream> stream{};
  std::map<std::string, std::string> headers{};
};

struct FileBox::Data {
  FileBoxType type = FileBoxType::unknown;
  std::string name;
  std::string md5;
  std::string metadata = "{}";
  std::string declared_type;
  std::optional<std::uint64_t> size;
  std::shared_ptr<const Content> content;
  std::shared_ptr<FileBoxResolver> resolver;
  bool conventional = false;  // the name has been checked against the content
};

}  // namespace wechaty::puppet
