// SPDX-License-Identifier: Apache-2.0
#include "puppet_qrcode/modules.hpp"

#include <string>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_qrcode {

using qrcodegen::QrCode;
using qrcodegen::QrSegment;

QrCode modules_of(std::string_view text) {
  if (text.empty()) throw puppet::InvalidArgumentError{"QR code: no text"};
  try {
    if (text.find('\0') != std::string_view::npos) {  // where qrcodegen's texts end
      const QrSegment bytes = QrSegment::makeBytes({text.begin(), text.end()});
      return QrCode::encodeSegments({bytes}, QrCode::Ecc::LOW);
    }
    return QrCode::encodeText(std::string{text}.c_str(), QrCode::Ecc::LOW);
  } catch (const std::length_error&) {
    throw puppet::TooLargeError{"QR code: a text of " + std::to_string(text.size()) +
                                " bytes is too long, 2953 is the limit"};
  }
}

}  // namespace wechaty::puppet_qrcode
