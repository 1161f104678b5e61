// SPDX-License-Identifier: Apache-2.0
#include "puppet/file_box/base64.hpp"

#include <array>
#include <cstdint>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 0xFF;

constexpr auto digit_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values.at(static_cast<unsigned char>(alphabet[i])) = static_cast<std::uint8_t>(i);
  }
  return values;
}();

}  // namespace

std::string base64_encode(std::span<const std::byte> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '=');
  std::size_t out = 0;
  std::size_t in = 0;
  const auto at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
  for (; in + 3 <= bytes.size(); in += 3) {
    const std::uint32_t group = at(in) << 16U | at(in + 1) << 8U | at(in + 2);
    text[out++] = alphabet[group >> 18U];
    text[out++] = alphabet[group >> 12U & 63U];
    text[out++] = alphabet[group >> 6U & 63U];
    text[out++] = alphabet[group & 63U];
  }
  if (const std::size_t rest = bytes.size() - in; rest > 0) {
    const std::uint32_t group = at(in) << 16U | (rest == 2 ? at(in + 1) << 8U : 0U);
    text[out++] = alphabet[group >> 18U];
    text[out++] = alphabet[group >> 12U & 63U];
    if (rest == 2) text[out] = alphabet[group >> 6U & 63U];
  }
  return text;
}

std::vector<std::byte> base64_decode(std::string_view text) {
  std::size_t length = text.size();
  while (length > 0 && text.size() - length < 2 && text[length - 1] == '=') --length;
  if (length % 4 == 1) {
    throw InvalidArgumentError{"base64: " + std::to_string(length) +
                               " characters cannot be a whole number of bytes"};
  }
  std::vector<std::byte> bytes;
  bytes.reserve(length * 3 / 4);
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const std::uint8_t value = digit_values.at(static_cast<unsigned char>(text[i]));
    if (value == no_digit) {
      throw InvalidArgumentError{"base64: no digit at offset " + std::to_string(i)};
    }
    group = group << 6U | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<std::byte>(group >> bits & 0xFFU));
    }
  }
  return bytes;
}

}  // namespace wechaty::puppet
