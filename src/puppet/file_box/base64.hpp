// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wechaty/puppet/file_box/byte_source.hpp"

namespace wechaty::puppet {

/// Base64 with padding (RFC 4648, section 4).
[[nodiscard]] std::string base64_encode(std::span<const std::byte> bytes);

/// Reads base64 as the npm peers write it: with or without padding, in the alphabet of section 4 or
/// the one for URLs (section 5), with or without line breaks and blanks.
///
/// @throws InvalidArgumentError on any other character, or a length that cannot be, naming the
///         place
/// Differs: npm skips what is no base64 and stops at the first padding.
[[nodiscard]] std::vector<std::byte> base64_decode(std::string_view text);

/// How many bytes are in a base64 text, if it is valid. Looks at each character for blanks.
[[nodiscard]] std::uint64_t base64_decoded_size(std::string_view text);

/// base64_decode() piece by piece.
class Base64Decoder {
 public:
  /// @param text  has to outlive the decoder
  explicit Base64Decoder(std::string_view text) : text_{text} {}

  /// Fill the beginning of `buffer`. @result how many bytes; 0 only at the end, or for no buffer
  /// @throws as base64_decode()
  std::size_t decode(std::span<std::byte> buffer);

 private:
  std::size_t decode_quads(std::span<std::byte> buffer);
  void decode_carefully();
  void flush();

  std::string_view text_;
  std::size_t place_ = 0;             // of the next character
  std::uint32_t group_ = 0;           // digits that are not whole bytes yet
  unsigned digits_ = 0;               // how many
  bool padded_ = false;               // nothing but padding may follow
  std::array<std::byte, 3> ready_{};  // decoded, and did not fit
  std::size_t ready_begin_ = 0;
  std::size_t ready_end_ = 0;
};

/// The base64 of another source's bytes, in memory of a fixed size.
class Base64EncodingSource final : public ByteSource {
 public:
  explicit Base64EncodingSource(std::unique_ptr<ByteSource> bytes);
  std::size_t read(std::span<std::byte> buffer) override;

 private:
  void refill();

  std::unique_ptr<ByteSource> bytes_;
  std::vector<std::byte> input_;  // carried over: the first `carried_` bytes
  std::size_t carried_ = 0;
  std::string text_;  // encoded, from `place_` on not yet read
  std::size_t place_ = 0;
  bool at_end_ = false;
};

}  // namespace wechaty::puppet
