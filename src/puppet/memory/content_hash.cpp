// SPDX-License-Identifier: Apache-2.0
#include "puppet/memory/content_hash.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace wechaty::puppet::memory {
namespace {

constexpr std::uint64_t c1 = 0x87c37b91114253d5U;
constexpr std::uint64_t c2 = 0x4cf5ad432745937fU;

std::uint64_t final_mix(std::uint64_t k) {
  k ^= k >> 33U;
  k *= 0xff51afd7ed558ccdU;
  k ^= k >> 33U;
  k *= 0xc4ceb9fe1a85ec53U;
  return k ^ (k >> 33U);
}

std::uint64_t mixed_low(std::uint64_t k) { return std::rotl(k * c1, 31) * c2; }
std::uint64_t mixed_high(std::uint64_t k) { return std::rotl(k * c2, 33) * c1; }

}  // namespace

std::string content_hash(std::string_view text) {
  std::uint64_t h1 = 0;
  std::uint64_t h2 = 0;
  std::size_t at = 0;
  for (; text.size() - at >= 16; at += 16) {
    std::array<std::uint64_t, 2> block{};
    std::memcpy(block.data(), text.data() + at, 16);
    h1 = (std::rotl(h1 ^ mixed_low(block[0]), 27) + h2) * 5 + 0x52dce729U;
    h2 = (std::rotl(h2 ^ mixed_high(block[1]), 31) + h1) * 5 + 0x38495ab5U;
  }
  if (at < text.size()) {
    std::array<std::uint64_t, 2> tail{};
    std::memcpy(tail.data(), text.data() + at, text.size() - at);
    h1 ^= mixed_low(tail[0]);
    h2 ^= mixed_high(tail[1]);
  }
  h1 ^= text.size();
  h2 ^= text.size();
  h1 += h2;
  h2 += h1;
  h1 = final_mix(h1);
  h2 = final_mix(h2);
  h1 += h2;
  h2 += h1;

  std::string hex;
  hex.reserve(32);
  for (const std::uint64_t half : {h1, h2}) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      hex += "0123456789abcdef"[(half >> static_cast<unsigned>(shift)) & 0xfU];
    }
  }
  return hex;
}

}  // namespace wechaty::puppet::memory
