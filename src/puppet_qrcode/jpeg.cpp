// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <csetjmp>
#include <cstdio>
#include <string>
// libjpeg's header needs <cstdio> before it.
#include <jpeglib.h>

#include "puppet_qrcode/grey_picture.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_qrcode {

namespace {

/// What libjpeg has in its hands. It leaves by longjmp, so nothing here has a destructor.
struct Decoder {
  jpeg_decompress_struct jpeg;
  jpeg_error_mgr errors;
  jpeg_progress_mgr progress;
  std::jmp_buf failed;
  std::array<char, JMSG_LENGTH_MAX> message;
};

Decoder& decoder_of(j_common_ptr jpeg) { return *static_cast<Decoder*>(jpeg->client_data); }

void fail(j_common_ptr jpeg) {
  Decoder& decoder = decoder_of(jpeg);
  jpeg->err->format_message(jpeg, decoder.message.data());
  std::longjmp(decoder.failed, 1);
}

void be_quiet(j_common_ptr) {}

/// A small file can have thousands of scans, each of which takes as long as a whole picture.
void limit_scans(j_common_ptr jpeg) {
  constexpr int most_scans = 100;
  Decoder& decoder = decoder_of(jpeg);
  if (decoder.jpeg.input_scan_number <= most_scans) return;
  std::snprintf(decoder.message.data(), decoder.message.size(), "more than %d scans", most_scans);
  std::longjmp(decoder.failed, 1);
}

/// Returns whether it went well.
bool open(Decoder& decoder, std::span<const std::byte> picture) {
  if (setjmp(decoder.failed) != 0) return false;
  decoder.jpeg.err = jpeg_std_error(&decoder.errors);
  decoder.errors.error_exit = &fail;
  decoder.errors.output_message = &be_quiet;
  decoder.jpeg.client_data = &decoder;
  jpeg_create_decompress(&decoder.jpeg);
  decoder.progress.progress_monitor = &limit_scans;
  decoder.jpeg.progress = &decoder.progress;
  jpeg_mem_src(&decoder.jpeg, reinterpret_cast<const unsigned char*>(picture.data()),
               picture.size());
  jpeg_read_header(&decoder.jpeg, TRUE);
  decoder.jpeg.out_color_space = JCS_GRAYSCALE;
  return true;
}

bool decode(Decoder& decoder, std::uint8_t* pixels) {
  if (setjmp(decoder.failed) != 0) return false;
  jpeg_start_decompress(&decoder.jpeg);
  while (decoder.jpeg.output_scanline < decoder.jpeg.output_height) {
    JSAMPROW row = pixels + std::size_t{decoder.jpeg.output_scanline} * decoder.jpeg.output_width;
    jpeg_read_scanlines(&decoder.jpeg, &row, 1);
  }
  return true;
}

}  // namespace

GreyPicture read_jpeg(std::span<const std::byte> picture) {
  struct Owner {
    Decoder decoder{};
    ~Owner() { jpeg_destroy_decompress(&decoder.jpeg); }
  } owner;
  Decoder& decoder = owner.decoder;
  const auto damaged = [&] {
    return puppet::InvalidArgumentError{"QR code: a JPEG picture that cannot be read: " +
                                        std::string{decoder.message.data()}};
  };
  if (!open(decoder, picture)) throw damaged();
  require_bearable(decoder.jpeg.image_width, decoder.jpeg.image_height);
  GreyPicture result{
      .width = decoder.jpeg.image_width, .height = decoder.jpeg.image_height, .pixels = {}};
  result.pixels.resize(std::size_t{result.width} * result.height);
  if (!decode(decoder, result.pixels.data())) throw damaged();
  return result;
}

}  // namespace wechaty::puppet_qrcode
