// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "puppet/memory/posix_file.hpp"
#include "wechaty/puppet/file_box/byte_source.hpp"

namespace wechaty::puppet {

using memory::Fd;

/// How much of a content is in memory while it moves.
inline constexpr std::size_t chunk_bytes = 65'536;

/// Throws StorageError: `FileBox: cannot <what> "<path>": <errno's text>`.
[[noreturn]] void throw_file_error(std::string_view what, const std::string& path, int error);

/// The content of a file, from its beginning.
/// @throws NotFoundError when there is none; StorageError when it cannot be opened
[[nodiscard]] std::unique_ptr<ByteSource> open_file(const std::string& path);

/// @throws StorageError
void write_all(int fd, std::span<const std::byte> bytes, const std::string& path);

/// Hands the source's bytes to `consume` in chunks.
template <class Consume>
void read_all(ByteSource& source, Consume consume) {
  const auto chunk = std::make_unique<std::byte[]>(chunk_bytes);
  while (const std::size_t count = source.read({chunk.get(), chunk_bytes})) {
    consume(std::span<const std::byte>{chunk.get(), count});
  }
}

}  // namespace wechaty::puppet
