// SPDX-License-Identifier: Apache-2.0
#include "puppet_qrcode/grey_picture.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_qrcode {

void require_bearable(std::uint64_t width, std::uint64_t height) {
  constexpr std::uint64_t most_pixels = 50'000'000;
  if (width * height <= most_pixels) return;
  throw puppet::TooLargeError{"QR code: a picture of " + std::to_string(width) + " by " +
                              std::to_string(height) + " pixels is too large"};
}

GreyPicture read_picture(std::span<const std::byte> picture) {
  constexpr std::array png{std::byte{0x89}, std::byte{'P'}, std::byte{'N'}, std::byte{'G'}};
  constexpr std::array jpeg{std::byte{0xFF}, std::byte{0xD8}};
  const auto begins_with = [&](const auto& magic) {
    return picture.size() >= magic.size() &&
           std::equal(magic.begin(), magic.end(), picture.begin());
  };
  if (begins_with(png)) return read_png(picture);
  if (begins_with(jpeg)) return read_jpeg(picture);
  throw puppet::InvalidArgumentError{"QR code: the file is neither a PNG nor a JPEG picture"};
}

}  // namespace wechaty::puppet_qrcode
