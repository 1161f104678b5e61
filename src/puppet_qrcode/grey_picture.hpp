// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wechaty::puppet_qrcode {

/// Eight bits a pixel, 0 is black, row after row.
struct GreyPicture {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::vector<std::uint8_t> pixels;
};

/// @throws InvalidArgumentError, TooLargeError
[[nodiscard]] GreyPicture read_picture(std::span<const std::byte> picture);
[[nodiscard]] GreyPicture read_png(std::span<const std::byte> picture);
[[nodiscard]] GreyPicture read_jpeg(std::span<const std::byte> picture);

/// Throws TooLargeError unless a picture of this size may be held in memory.
void require_bearable(std::uint64_t width, std::uint64_t height);

}  // namespace wechaty::puppet_qrcode
