// SPDX-License-Identifier: Apache-2.0
#include <png.h>

#include <array>
#include <string>

#include "puppet_qrcode/grey_picture.hpp"
#include "puppet_qrcode/modules.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet_qrcode/picture.hpp"

namespace wechaty::puppet_qrcode {

namespace {

/// libpng's simple interface, which frees itself.
struct Image : png_image {
  Image() : png_image{} { version = PNG_IMAGE_VERSION; }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;
  ~Image() { png_image_free(this); }
};

}  // namespace

std::vector<std::byte> qr_png(std::string_view text, QrPictureOptions options) {
  const auto [scale, margin] = options;
  if (scale < 1 || scale > 64 || margin < 0 || margin > 64) {
    throw puppet::InvalidArgumentError{"QR code: scale is 1 to 64, margin 0 to 64"};
  }
  const qrcodegen::QrCode code = modules_of(text);
  const auto side = static_cast<std::size_t>((code.getSize() + 2 * margin) * scale);
  std::vector<std::uint8_t> pixels;
  pixels.reserve(side * side);
  for (int y = 0; y < static_cast<int>(side); ++y) {
    for (int x = 0; x < static_cast<int>(side); ++x) {
      // Outside of the code getModule() says light.
      pixels.push_back(code.getModule(x / scale - margin, y / scale - margin) ? 0 : 1);
    }
  }
  Image image;
  image.width = image.height = static_cast<png_uint_32>(side);
  image.format = PNG_FORMAT_RGB_COLORMAP;  // of two colours, which makes it one bit a pixel
  image.colormap_entries = 2;
  constexpr std::array<std::uint8_t, 6> black_and_white{0, 0, 0, 255, 255, 255};
  std::vector<std::byte> png(PNG_IMAGE_PNG_SIZE_MAX(image));
  png_alloc_size_t size = png.size();
  if (png_image_write_to_memory(&image, png.data(), &size, 0, pixels.data(), 0,
                                black_and_white.data()) == 0) {
    throw puppet::Error{"QR code: libpng: " + std::string{image.message}};
  }
  png.resize(size);
  return png;
}

GreyPicture read_png(std::span<const std::byte> picture) {
  const auto damaged = [](const png_image& image) {
    return puppet::InvalidArgumentError{"QR code: a PNG picture that cannot be read: " +
                                        std::string{image.message}};
  };
  Image image;
  if (png_image_begin_read_from_memory(&image, picture.data(), picture.size()) == 0) {
    throw damaged(image);
  }
  require_bearable(image.width, image.height);
  image.format = PNG_FORMAT_GRAY;
  GreyPicture result{.width = image.width, .height = image.height, .pixels = {}};
  result.pixels.resize(PNG_IMAGE_SIZE(image));
  const png_color paper{255, 255, 255};  // under what is transparent
  if (png_image_finish_read(&image, &paper, result.pixels.data(), 0, nullptr) == 0) {
    throw damaged(image);
  }
  return result;
}

}  // namespace wechaty::puppet_qrcode
