// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace wechaty::puppet {

/// Bytes that come one chunk after the other.
///
/// Thread: one at a time.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// Fill the beginning of `buffer`; may block.
  ///
  /// @result how many bytes; 0 only at the end, or for an empty buffer
  virtual std::size_t read(std::span<std::byte> buffer) = 0;
};

}  // namespace wechaty::puppet
