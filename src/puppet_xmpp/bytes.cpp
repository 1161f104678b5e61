// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/bytes.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

namespace {

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
    throw puppet::Error{"the system has no random numbers"};
  }
  return bytes;
}

constexpr std::array<std::size_t, 4> hyphens{8, 13, 18, 23};
constexpr std::size_t time_bytes = 6;  // at the front of a UUID of version 7

std::string uuid_of(std::string bytes, unsigned version) {
  bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0FU) | (version << 4U));
  bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3FU) | 0x80U);
  std::string text = to_hex(bytes);
  for (const std::size_t place : hyphens) text.insert(place, 1, '-');
  return text;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a NUL
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string packed;  // vCards and PEP break their lines
  for (const char c : text) {
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') packed += c;
  }
  if (packed.empty()) return std::string{};
  if (packed.size() % 4 != 0) return std::nullopt;
  std::string out(packed.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(packed.data()),
                                     static_cast<int>(packed.size()));
  if (length < 0) return std::nullopt;
  const std::size_t padding = packed.ends_with("==") ? 2 : packed.ends_with('=') ? 1 : 0;
  out.resize(static_cast<std::size_t>(length) - padding);
  return out;
}

std::string digest(const char* algorithm, std::string_view bytes) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &length,
                 EVP_get_digestbyname(algorithm), nullptr) != 1) {
    throw puppet::Error{std::string{"no digest "} + algorithm};
  }
  out.resize(length);
  return out;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

std::string random_text(std::size_t length) {
  constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz012345";  // 32: no bias
  std::string out = random_bytes(length);
  for (char& c : out) c = alphabet[static_cast<unsigned char>(c) % alphabet.size()];
  return out;
}

std::string random_uuid() { return uuid_of(random_bytes(16), 4); }

std::string timed_uuid(std::chrono::milliseconds time) {
  std::string bytes = random_bytes(16);
  auto rest = static_cast<std::uint64_t>(time.count());
  for (std::size_t i = time_bytes; i-- > 0; rest >>= 8U) bytes[i] = static_cast<char>(rest);
  return uuid_of(std::move(bytes), 7);
}

std::optional<std::chrono::milliseconds> time_of_uuid(std::string_view text) {
  if (text.size() != 36 || text[14] != '7') return std::nullopt;
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_place = std::find(hyphens.begin(), hyphens.end(), i) != hyphens.end();
    const bool is_digit = std::string_view{"0123456789abcdef"}.find(text[i]) != std::string::npos;
    if (is_place ? text[i] != '-' : !is_digit) return std::nullopt;
    if (is_digit) digits += text[i];
  }
  std::int64_t time = 0;
  std::from_chars(digits.data(), digits.data() + 2 * time_bytes, time, 16);
  return std::chrono::milliseconds{time};
}

}  // namespace wechaty::puppet_xmpp
