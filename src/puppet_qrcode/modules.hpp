// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qrcodegen/qrcodegen.hpp>
#include <string_view>

namespace wechaty::puppet_qrcode {

/// The modules of a text's QR code.
/// @throws InvalidArgumentError for no text, TooLargeError for too much
[[nodiscard]] qrcodegen::QrCode modules_of(std::string_view text);

}  // namespace wechaty::puppet_qrcode
