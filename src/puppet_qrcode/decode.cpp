// SPDX-License-Identifier: Apache-2.0
#define ZX_USE_UTF8 1  // before its headers: texts are std::string
#include <ZXing/ReadBarcode.h>

#include "puppet_qrcode/grey_picture.hpp"
#include "puppet_qrcode/no_qr_code.hpp"
#include "wechaty/puppet_qrcode/picture.hpp"

namespace wechaty::puppet_qrcode {

std::string qr_text(std::span<const std::byte> picture) {
  const GreyPicture grey = read_picture(picture);
  const ZXing::ImageView view{grey.pixels.data(), static_cast<int>(grey.width),
                              static_cast<int>(grey.height), ZXing::ImageFormat::Lum};
  const auto hints = ZXing::DecodeHints{}
                         .setFormats(ZXing::BarcodeFormat::QRCode)
                         .setTryHarder(true)
                         .setTryRotate(true);
  const ZXing::Result result = ZXing::ReadBarcode(view, hints);
  if (!result.isValid()) throw_no_qr_code();
  return result.text();
}

}  // namespace wechaty::puppet_qrcode
