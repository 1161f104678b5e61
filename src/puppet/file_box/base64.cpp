// SPDX-License-Identifier: Apache-2.0
#include "puppet/file_box/base64.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint32_t no_digit = 0xFF000000;

/// Two characters for each twelve bits.
constexpr auto pairs = [] {
  std::array<std::array<char, 2>, 4'096> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = {alphabet[i >> 6U], alphabet[i & 63U]};
  return table;
}();

/// A character's six bits where they belong in a group of four digits; no_digit in the top byte.
constexpr auto digit_tables = [] {
  std::array<std::array<std::uint32_t, 256>, 4> tables{};
  for (std::size_t place = 0; place < tables.size(); ++place) {
    tables[place].fill(no_digit);
    const auto set = [&](char c, std::size_t value) {
      tables[place][static_cast<unsigned char>(c)] = static_cast<std::uint32_t>(value)
                                                     << (18U - 6U * place);
    };
    for (std::size_t i = 0; i < alphabet.size(); ++i) set(alphabet[i], i);
    set('-', 62);
    set('_', 63);
  }
  return tables;
}();

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f';
}

std::size_t encoded_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }

/// Writes encoded_size() characters.
void encode(std::span<const std::byte> bytes, char* out) {
  const auto* in = reinterpret_cast<const unsigned char*>(bytes.data());
  const unsigned char* const end = in + bytes.size() / 3 * 3;
  for (; in != end; in += 3, out += 4) {
    std::memcpy(out, pairs[static_cast<std::size_t>(in[0] << 4 | in[1] >> 4)].data(), 2);
    std::memcpy(out + 2, pairs[static_cast<std::size_t>((in[1] & 15) << 8 | in[2])].data(), 2);
  }
  if (const std::size_t rest = bytes.size() % 3; rest > 0) {
    const unsigned second = rest == 2 ? in[1] : 0U;
    std::memcpy(out, pairs[static_cast<std::size_t>(in[0]) << 4U | second >> 4U].data(), 2);
    out[2] = rest == 2 ? alphabet[(second & 15U) << 2U] : '=';
    out[3] = '=';
  }
}

}  // namespace

std::string base64_encode(std::span<const std::byte> bytes) {
  std::string text(encoded_size(bytes.size()), '=');
  encode(bytes, text.data());
  return text;
}

std::vector<std::byte> base64_decode(std::string_view text) {
  std::vector<std::byte> bytes(text.size() / 4 * 3 + 3);
  Base64Decoder decoder{text};
  std::size_t filled = 0;
  while (const std::size_t count = decoder.decode(std::span{bytes}.subspan(filled))) {
    filled += count;
  }
  bytes.resize(filled);
  return bytes;
}

std::uint64_t base64_decoded_size(std::string_view text) {
  while (!text.empty() && (text.back() == '=' || is_blank(text.back()))) text.remove_suffix(1);
  const auto blanks = std::count_if(text.begin(), text.end(), is_blank);
  const std::uint64_t digits = text.size() - static_cast<std::size_t>(blanks);
  return digits / 4 * 3 + digits % 4 * 3 / 4;
}

// --- decoding ----------------------------------------------------------------------------------

std::size_t Base64Decoder::decode(std::span<std::byte> buffer) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    if (ready_begin_ == ready_end_) {
      filled += decode_quads(buffer.subspan(filled));
      if (filled == buffer.size() || (place_ == text_.size() && digits_ == 0)) break;
      decode_carefully();
      if (ready_begin_ == ready_end_) break;  // the end
    }
    const std::size_t count = std::min(buffer.size() - filled, ready_end_ - ready_begin_);
    std::copy_n(ready_.begin() + static_cast<std::ptrdiff_t>(ready_begin_), count,
                buffer.begin() + static_cast<std::ptrdiff_t>(filled));
    ready_begin_ += count;
    filled += count;
  }
  return filled;
}

/// Whole groups without anything between them.
std::size_t Base64Decoder::decode_quads(std::span<std::byte> buffer) {
  if (digits_ != 0 || padded_) return 0;
  const auto* in = reinterpret_cast<const unsigned char*>(text_.data()) + place_;
  std::byte* out = buffer.data();
  for (std::size_t quads = std::min((text_.size() - place_) / 4, buffer.size() / 3); quads > 0;
       --quads, in += 4, out += 3) {
    const std::uint32_t group = digit_tables[0][in[0]] | digit_tables[1][in[1]] |
                                digit_tables[2][in[2]] | digit_tables[3][in[3]];
    if ((group & no_digit) != 0) break;
    out[0] = static_cast<std::byte>(group >> 16U);
    out[1] = static_cast<std::byte>(group >> 8U);
    out[2] = static_cast<std::byte>(group);
  }
  const auto count = static_cast<std::size_t>(out - buffer.data());
  place_ += count / 3 * 4;
  return count;
}

/// One group, with blanks in it, or the last one.
void Base64Decoder::decode_carefully() {
  ready_begin_ = ready_end_ = 0;
  while (place_ < text_.size()) {
    const char c = text_[place_++];
    if (is_blank(c)) continue;
    if (c == '=') {
      padded_ = true;
      continue;
    }
    const std::uint32_t value = digit_tables[3][static_cast<unsigned char>(c)];
    if (value == no_digit || padded_) {
      throw InvalidArgumentError{
          "base64: " + std::string{padded_ ? "a digit after the padding" : "no digit"} +
          " at offset " + std::to_string(place_ - 1)};
    }
    group_ = group_ << 6U | value;
    if (++digits_ == 4) return flush();
  }
  if (digits_ == 1) {
    throw InvalidArgumentError{"base64: the text ends in the middle of a byte, at offset " +
                               std::to_string(place_)};
  }
  flush();
}

void Base64Decoder::flush() {
  group_ <<= 6U * (4U - digits_);
  ready_ = {static_cast<std::byte>(group_ >> 16U), static_cast<std::byte>(group_ >> 8U),
            static_cast<std::byte>(group_)};
  ready_end_ = digits_ * 3 / 4;
  group_ = 0;
  digits_ = 0;
}

// --- encoding ----------------------------------------------------------------------------------

namespace {
constexpr std::size_t encoded_at_once = 48 * 1024;  // divisible by three
}  // namespace

Base64EncodingSource::Base64EncodingSource(std::unique_ptr<ByteSource> bytes)
    : bytes_{std::move(bytes)}, input_(encoded_at_once) {}

std::size_t Base64EncodingSource::read(std::span<std::byte> buffer) {
  while (place_ == text_.size() && !at_end_) refill();
  const std::size_t count = std::min(buffer.size(), text_.size() - place_);
  std::copy_n(reinterpret_cast<const std::byte*>(text_.data()) + place_, count, buffer.begin());
  place_ += count;
  return count;
}

void Base64EncodingSource::refill() {
  const std::size_t count = bytes_->read(std::span{input_}.subspan(carried_));
  at_end_ = count == 0;
  const std::size_t available = carried_ + count;
  const std::size_t whole = at_end_ ? available : available / 3 * 3;
  text_.resize(encoded_size(whole));
  encode(std::span{input_}.first(whole), text_.data());
  place_ = 0;
  carried_ = available - whole;
  std::copy_n(input_.begin() + static_cast<std::ptrdiff_t>(whole), carried_, input_.begin());
}

}  // namespace wechaty::puppet
