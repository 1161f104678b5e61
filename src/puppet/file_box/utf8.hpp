// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace wechaty::puppet {

inline constexpr std::uint32_t bad_utf8 = 0xFFFFFFFF;

/// Takes one character off the front of UTF-8 text; bad_utf8 (and one byte) where it is none.
inline std::uint32_t take_utf8(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  std::uint32_t code = length == 1 ? first : first & (0x7FU >> length);
  bool good = first < 0x80 || (first >= 0xC2 && first <= 0xF4);
  for (std::size_t i = 1; good && i < length; ++i) {
    good = i < text.size() && (byte(i) & 0xC0U) == 0x80U;
    if (good) code = code << 6U | (byte(i) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  good = good && code >= least.at(length) && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  text.remove_prefix(good ? length : 1);
  return good ? code : bad_utf8;
}

}  // namespace wechaty::puppet
