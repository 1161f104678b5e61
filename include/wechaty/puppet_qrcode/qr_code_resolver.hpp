// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "wechaty/puppet/file_box/file_box_resolver.hpp"

namespace wechaty::puppet_qrcode {

/// With it QR code boxes open as PNG pictures, and to_qr_code() reads pictures.
///
/// Thread: any.
class QrCodeResolver final : public puppet::FileBoxResolver {
 public:
  std::vector<std::byte> encode_qr_code(const std::string& text) override;
  std::string decode_qr_code(std::span<const std::byte> picture) override;
};

}  // namespace wechaty::puppet_qrcode
