// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_qrcode/terminal.hpp"

#include <qrcodegen/qrcodegen.hpp>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_qrcode {

namespace {

qrcodegen::QrCode encode(std::string_view text) {
  if (text.empty()) throw puppet::InvalidArgumentError{"QR code: no text"};
  try {
    return qrcodegen::QrCode::encodeText(std::string{text}.c_str(), qrcodegen::QrCode::Ecc::LOW);
  } catch (const qrcodegen::data_too_long&) {
    throw puppet::InvalidArgumentError{"QR code: a text of " + std::to_string(text.size()) +
                                       " bytes is too long, 2953 is the limit"};
  }
}

}  // namespace

std::string qr_terminal(std::string_view text) {
  constexpr int margin = 2;
  const qrcodegen::QrCode code = encode(text);
  const auto is_light = [&](int x, int y) { return !code.getModule(x, y); };  // outside: light
  std::string lines;
  for (int y = -margin; y < code.getSize() + margin; y += 2) {
    for (int x = -margin; x < code.getSize() + margin; ++x) {
      const bool upper = is_light(x, y);
      const bool lower = y + 1 < code.getSize() + margin && is_light(x, y + 1);
      lines += upper ? (lower ? "\u2588" : "\u2580") : (lower ? "\u2584" : " ");
    }
    lines += '\n';
  }
  return lines;
}

}  // namespace wechaty::puppet_qrcode
