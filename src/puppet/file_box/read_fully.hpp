// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wechaty/puppet/file_box/byte_source.hpp"

namespace wechaty::puppet {

/// Read until the buffer is full or the source at its end.
/// @result how many bytes
[[nodiscard]] inline std::size_t read_fully(ByteSource& source, std::span<std::byte> buffer) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const std::size_t count = source.read(buffer.subspan(filled));
    if (count == 0) break;
    filled += count;
  }
  return filled;
}

}  // namespace wechaty::puppet
