// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wechaty::puppet_qrcode {

struct QrPictureOptions {
  int scale = 8;   ///< pixels a module, 1 to 64
  int margin = 4;  ///< modules of white on each side, 0 to 64; readers want 4
};

/// A QR code as a PNG picture, black on white.
///
/// @param text  at most 2,953 bytes; UTF-8, which readers expect
/// @throws InvalidArgumentError when the text is empty or an option out of range; TooLargeError
///         when the text is too long
/// Thread: any.
/// Source: ISO/IEC 18004; encoded by qrcodegen with error correction level L or better, libpng.
[[nodiscard]] std::vector<std::byte> qr_png(std::string_view text, QrPictureOptions options = {});

/// The text of the QR code in a picture, which may be turned, mirrored or photographed.
///
/// @param picture  PNG or JPEG
/// @result of several codes, one; a text that is not UTF-8 is converted from the character set that
///         it most likely has
/// @throws NotFoundError when there is no QR code to be seen; InvalidArgumentError when it is no
///         such picture, or a damaged one; TooLargeError above 50 million pixels
/// Thread: any.
/// Source: read by zxing-cpp, libpng and libjpeg.
[[nodiscard]] std::string qr_text(std::span<const std::byte> picture);

}  // namespace wechaty::puppet_qrcode
