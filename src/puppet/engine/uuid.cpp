// SPDX-License-Identifier: Apache-2.0
#include "puppet/engine/uuid.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>

namespace wechaty::puppet {

std::string random_uuid() {
  std::random_device device;
  std::array<std::uint8_t, 16> bytes{};
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(device());
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);  // version 4
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);  // variant 1
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[bytes.at(i) >> 4U];
    text += digits[bytes.at(i) & 0x0FU];
  }
  return text;
}

}  // namespace wechaty::puppet
