// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_qrcode/terminal.hpp"

#include "puppet_qrcode/modules.hpp"

namespace wechaty::puppet_qrcode {

std::string qr_terminal(std::string_view text) {
  constexpr int margin = 2;
  const qrcodegen::QrCode code = modules_of(text);
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
