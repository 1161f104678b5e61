// SPDX-License-Identifier: Apache-2.0
#include "puppet/file_box/base64.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <utility>

#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"

namespace wechaty::puppet {
namespace {

std::string random_bytes(std::size_t size) {
  static std::mt19937 random{1};
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

std::string decode(std::string_view text) {
  const auto bytes = base64_decode(text);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string encode(std::string_view bytes) {
  return base64_encode(std::as_bytes(std::span{bytes}));
}

/// Reads with buffers of a given size.
std::string read(ByteSource& source, std::size_t at_once) {
  std::string text;
  std::vector<std::byte> buffer(at_once);
  while (const std::size_t count = source.read(buffer)) {
    text.append(reinterpret_cast<const char*>(buffer.data()), count);
  }
  EXPECT_EQ(source.read(buffer), 0U) << "the end stays the end";
  return text;
}

TEST(Base64, VectorsOfTheRfc) {
  const std::vector<std::pair<std::string, std::string>> vectors{{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(encode(bytes), text);
    EXPECT_EQ(decode(text), bytes);
    EXPECT_EQ(base64_decoded_size(text), bytes.size());
  }
}

TEST(Base64, EverythingGoesThereAndBack) {
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string bytes = random_bytes(size);
    const std::string text = encode(bytes);
    EXPECT_EQ(decode(text), bytes);
    EXPECT_EQ(decode(text.substr(0, text.find('='))), bytes) << "without padding";
    EXPECT_EQ(base64_decoded_size(text.substr(0, text.find('='))), size);
  }
}

TEST(Base64, WhatNpmPeersWriteIsUnderstood) {
  EXPECT_EQ(decode("_-_-"), decode("/+/+")) << "the alphabet for URLs";
  EXPECT_EQ(decode("aG\r\nVs bG\n8="), "hello");
  EXPECT_EQ(base64_decoded_size("aG\r\nVs bG\n8= \n"), 5U);
  EXPECT_EQ(decode("aGk==\n"), "hi");
  EXPECT_EQ(decode("aGl="), "hi") << "bits that padding cuts off";
  std::string lines;
  const std::string bytes = random_bytes(10'000);
  const std::string text = encode(bytes);
  for (std::size_t i = 0; i < text.size(); i += 76) lines += text.substr(i, 76) + "\r\n";
  EXPECT_EQ(decode(lines), bytes) << "lines as in mail";
  EXPECT_EQ(base64_decoded_size(lines), bytes.size());
}

TEST(Base64, WhatIsWrongIsNamedWithItsPlace) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"aGk*", "offset 3"},
      {"*Gk=", "offset 0"},
      {"aGVsbG8h?aGk=", "offset 8"},
      {"aGk=aGk=", "offset 4"},
      {"a", "offset 1"},
      {"aGVsb", "offset 5"},
      {"a===", "middle of a byte"},
      {std::string{"aG\0=", 4}, "offset 2"},
      {"aGVsbG8h\xC3\xA9", "offset 8"}};
  for (const auto& [text, place] : wrong) {
    try {
      static_cast<void>(decode(text));
      ADD_FAILURE() << "accepted: " << text;
    } catch (const InvalidArgumentError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(place)) << text;
    }
  }
}

TEST(Base64, DecodesInPiecesOfAnySize) {
  const std::string bytes = random_bytes(1'000);
  std::string text = encode(bytes);
  for (std::size_t i = 50; i < text.size(); i += 53) text.insert(i, "\n");
  for (const std::size_t at_once : {1U, 2U, 3U, 4U, 5U, 7U, 64U, 999U, 5'000U}) {
    EXPECT_EQ(read(*FileBox::from_base64(text).open(), at_once), bytes) << at_once;
  }
}

TEST(Base64, EncodesInPiecesOfAnySize) {
  const std::string bytes = random_bytes(150'000);
  for (const std::size_t at_once : {1U, 3U, 4U, 65'536U, 400'000U}) {
    EXPECT_EQ(read(*FileBox::from_buffer(bytes).open_base64(), at_once), encode(bytes)) << at_once;
  }
}

TEST(Base64, EncodesWhatComesInPiecesOfAnySize) {
  class Pieces final : public ByteSource {
   public:
    Pieces(std::string bytes, std::size_t at_once) : bytes_{std::move(bytes)}, at_once_{at_once} {}
    std::size_t read(std::span<std::byte> buffer) override {
      const std::size_t count = std::min({at_once_, buffer.size(), bytes_.size() - place_});
      for (std::size_t i = 0; i < count; ++i) buffer[i] = static_cast<std::byte>(bytes_[place_++]);
      return count;
    }

   private:
    std::string bytes_;
    std::size_t at_once_;
    std::size_t place_ = 0;
  };
  const std::string bytes = random_bytes(10'001);
  for (const std::size_t at_once : {1U, 2U, 3U, 4U, 5U, 4'096U}) {
    Base64EncodingSource source{std::make_unique<Pieces>(bytes, at_once)};
    EXPECT_EQ(read(source, 1'000), encode(bytes)) << at_once;
  }
}

}  // namespace
}  // namespace wechaty::puppet
