// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <png.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>
// libjpeg's header needs <cstdio> before it.
#include <jpeglib.h>

namespace wechaty::puppet_qrcode::test {

/// Eight bits a pixel, 0 is black.
struct Grey {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<std::uint8_t> pixels{};

  [[nodiscard]] std::uint8_t at(std::size_t x, std::size_t y) const {
    return pixels.at(y * width + x);
  }
};

inline Grey read_png_file(const std::vector<std::byte>& png) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  png_image_begin_read_from_memory(&image, png.data(), png.size());
  image.format = PNG_FORMAT_GRAY;
  Grey grey{image.width, image.height, std::vector<std::uint8_t>(PNG_IMAGE_SIZE(image))};
  if (png_image_finish_read(&image, nullptr, grey.pixels.data(), 0, nullptr) == 0) {
    throw std::runtime_error{image.message};
  }
  return grey;
}

inline std::vector<std::byte> to_png(const Grey& grey) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(grey.width);
  image.height = static_cast<png_uint_32>(grey.height);
  image.format = PNG_FORMAT_GRAY;
  std::vector<std::byte> png(PNG_IMAGE_PNG_SIZE_MAX(image));
  png_alloc_size_t size = png.size();
  if (png_image_write_to_memory(&image, png.data(), &size, 0, grey.pixels.data(), 0, nullptr) ==
      0) {
    throw std::runtime_error{image.message};
  }
  png.resize(size);
  return png;
}

inline std::vector<std::byte> to_jpeg(Grey grey) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* data = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &data, &size);
  jpeg.image_width = static_cast<JDIMENSION>(grey.width);
  jpeg.image_height = static_cast<JDIMENSION>(grey.height);
  jpeg.input_components = 1;
  jpeg.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 60, TRUE);
  jpeg_start_compress(&jpeg, TRUE);
  for (std::size_t y = 0; y < grey.height; ++y) {
    JSAMPROW row = grey.pixels.data() + y * grey.width;
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  const auto* const bytes = reinterpret_cast<const std::byte*>(data);
  std::vector<std::byte> result(bytes, bytes + size);
  std::free(data);
  return result;
}

/// What a terminal shows of half blocks, light text on a dark ground, as pixels.
inline Grey to_pixels(const std::string& blocks, std::size_t scale) {
  std::vector<std::vector<bool>> rows;  // light or not
  std::vector<bool> upper;
  std::vector<bool> lower;
  for (std::size_t i = 0; i < blocks.size();) {
    const auto shows = [&](const std::string& block) {
      return blocks.compare(i, block.size(), block) == 0;
    };
    std::size_t length = 3;
    if (shows("\n")) {
      rows.insert(rows.end(), {upper, lower});
      upper.clear();
      lower.clear();
      i += 1;
      continue;
    }
    if (shows("█")) {
      upper.push_back(true), lower.push_back(true);
    } else if (shows("▀")) {
      upper.push_back(true), lower.push_back(false);
    } else if (shows("▄")) {
      upper.push_back(false), lower.push_back(true);
    } else if (shows(" ")) {
      upper.push_back(false), lower.push_back(false);
      length = 1;
    } else {
      throw std::runtime_error{"no half block at " + std::to_string(i)};
    }
    i += length;
  }
  Grey grey{rows.at(0).size() * scale, rows.size() * scale};
  for (std::size_t y = 0; y < grey.height; ++y) {
    for (std::size_t x = 0; x < grey.width; ++x) {
      grey.pixels.push_back(rows.at(y / scale).at(x / scale) ? 255 : 0);
    }
  }
  return grey;
}

}  // namespace wechaty::puppet_qrcode::test
