// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_qrcode/qr_code_resolver.hpp"

#include "puppet_qrcode/no_qr_code.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet_qrcode/picture.hpp"

namespace wechaty::puppet_qrcode {

void throw_no_qr_code() {
  throw puppet::NotFoundError{"QR code: there is none to be seen in the picture"};
}

std::vector<std::byte> QrCodeResolver::encode_qr_code(const std::string& text) {
  return qr_png(text);
}

std::string QrCodeResolver::decode_qr_code(std::span<const std::byte> picture) {
  return qr_text(picture);
}

}  // namespace wechaty::puppet_qrcode
