// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace wechaty::puppet_qrcode {

/// A QR code drawn with half blocks, two rows of modules a line, for a terminal with light text on
/// a dark ground (light modules are drawn). With a margin of two modules; lines end with "\n".
///
/// @param text  UTF-8, at most 2,953 bytes
/// @throws InvalidArgumentError when the text is empty; TooLargeError when it is too long
/// Thread: any.
/// Source: ISO/IEC 18004; encoded by qrcodegen with error correction level L.
[[nodiscard]] std::string qr_terminal(std::string_view text);

}  // namespace wechaty::puppet_qrcode
