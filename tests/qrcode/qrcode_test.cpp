// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_qrcode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "qrcode/pictures.hpp"
#include "support/temp_folder.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"
#include "wechaty/puppet/file_box/naming.hpp"

namespace wechaty::puppet_qrcode {
namespace {

using puppet::FileBox;
using test::Grey;

const std::vector<std::string>& texts() {
  static const std::vector<std::string> all{"x",
                                            "https://login.weixin.qq.com/l/gZzzzzzzzz==",
                                            "0123456789",
                                            "HELLO WORLD $%*+-./:",
                                            "漢字とかな, Grüße, привет",
                                            "emoji 😀👍",
                                            std::string(2'953, 'x'),
                                            std::string(7'089, '5')};
  return all;
}

/// What zbar's program reads.
std::string zbar(const std::vector<std::byte>& png) {
  const puppet::test::TempFolder folder;
  FileBox::from_buffer(png).to_file(folder / "a.png");
  const std::string command = "zbarimg --quiet --raw --oneshot -Sdisable -Sqrcode.enable '" +
                              (folder / "a.png") + "' > '" + (folder / "text") + "' 2>/dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0);
  return puppet::test::read_text(folder / "text");
}

Grey turned(const Grey& grey) {
  Grey result{grey.height, grey.width};
  for (std::size_t y = 0; y < result.height; ++y) {
    for (std::size_t x = 0; x < result.width; ++x) {
      result.pixels.push_back(grey.at(grey.width - 1 - y, x));
    }
  }
  return result;
}

/// On a larger sheet, as in a screenshot.
Grey on_a_sheet(const Grey& grey) {
  Grey result{grey.width * 3, grey.height * 2};
  for (std::size_t y = 0; y < result.height; ++y) {
    for (std::size_t x = 0; x < result.width; ++x) {
      const bool inside = x >= grey.width && x < 2 * grey.width && y < grey.height;
      result.pixels.push_back(inside ? grey.at(x - grey.width, y) : 200);
    }
  }
  return result;
}

TEST(QrPicture, EveryTextIsReadBack) {
  for (const std::string& text : texts()) {
    EXPECT_EQ(qr_text(qr_png(text)), text) << text.substr(0, 60);
  }
}

TEST(QrPicture, AnIndependentDecoderReadsIt) {
  for (const std::string& text : texts()) {
    EXPECT_EQ(zbar(qr_png(text)), text) << text.substr(0, 60);
  }
}

// A code does not say its character set. zbar takes these for Shift_JIS.
TEST(QrPicture, ShortTextsAreTakenForUtf8) {
  for (const std::string text : {"é", "漢", "ü", "£5"}) EXPECT_EQ(qr_text(qr_png(text)), text);
}

TEST(QrPicture, ANulIsNoEnd) {
  const std::string text{"before\0after", 12};
  EXPECT_EQ(qr_text(qr_png(text)), text);
}

TEST(QrPicture, IsAsLargeAsAskedFor) {
  const Grey usual = test::read_png_file(qr_png("x"));
  EXPECT_EQ(usual.width, (21U + 2 * 4) * 8);
  EXPECT_EQ(usual.height, usual.width);
  EXPECT_EQ(usual.at(0, 0), 255);
  EXPECT_EQ(usual.at(32, 32), 0) << "the corner of the finder pattern";
  const Grey small = test::read_png_file(qr_png("x", {.scale = 1, .margin = 0}));
  EXPECT_EQ(small.width, 21U);
  EXPECT_LT(qr_png("https://login.weixin.qq.com/l/gZzzzzzzzz==").size(), 1'000U)
      << "one bit a pixel";
}

TEST(QrPicture, WhatCannotBeIsRefused) {
  EXPECT_THROW(qr_png(""), puppet::InvalidArgumentError);
  EXPECT_THROW(qr_png(std::string(2'954, 'x')), puppet::TooLargeError);
  EXPECT_THROW(qr_terminal(std::string(2'954, 'x')), puppet::TooLargeError);
  for (const QrPictureOptions options :
       {QrPictureOptions{.scale = 0}, QrPictureOptions{.scale = 65},
        QrPictureOptions{.margin = -1}}) {
    EXPECT_THROW(qr_png("x", options), puppet::InvalidArgumentError);
  }
}

TEST(QrPicture, IsReadTurnedAndOnASheetAndAsJpeg) {
  const std::string text = "https://wechaty.js.org";
  Grey grey = test::read_png_file(qr_png(text));
  for (int quarter = 0; quarter < 4; ++quarter) {
    EXPECT_EQ(qr_text(test::to_png(grey)), text) << quarter;
    EXPECT_EQ(qr_text(test::to_jpeg(grey)), text) << quarter;
    EXPECT_EQ(qr_text(test::to_jpeg(on_a_sheet(grey))), text) << quarter;
    grey = turned(grey);
  }
}

TEST(QrPicture, APictureWithoutOneSaysSo) {
  const Grey white{200, 200, std::vector<std::uint8_t>(40'000, 255)};
  EXPECT_THROW(qr_text(test::to_png(white)), puppet::NotFoundError);
  EXPECT_THROW(qr_text(test::to_jpeg(white)), puppet::NotFoundError);
}

TEST(QrPicture, WhatIsNoPictureIsRefused) {
  const auto text = FileBox::from_buffer("GIF89a and so on").to_buffer();
  EXPECT_THROW(qr_text(text), puppet::InvalidArgumentError);
  EXPECT_THROW(qr_text({}), puppet::InvalidArgumentError);
}

TEST(QrPicture, DamagedPicturesAreRefusedOrHaveNoCode) {
  const Grey grey = test::read_png_file(qr_png("https://wechaty.js.org"));
  for (const auto& whole : {test::to_png(grey), test::to_jpeg(grey)}) {
    for (std::size_t size = 4; size < whole.size(); size += 37) {
      const std::span part = std::span{whole}.first(size);
      try {
        EXPECT_EQ(qr_text(part), "https://wechaty.js.org") << "only the end was missing";
      } catch (const puppet::InvalidArgumentError&) {
      } catch (const puppet::NotFoundError&) {
      }
    }
    for (std::size_t i = 8; i < whole.size(); i += 5) {
      auto damaged = whole;
      damaged[i] ^= std::byte{0x55};
      try {
        static_cast<void>(qr_text(damaged));
      } catch (const puppet::Error&) {
      }
    }
  }
}

TEST(QrPicture, ASmallFileOfAHugePictureIsNotUnpacked) {
  auto png = test::to_png({1, 1, {0}});
  for (const std::size_t i : {18U, 22U}) png.at(i) = std::byte{0xFF};  // 65,281 by 65,281
  // libpng checks the header's checksum: make it right again.
  std::uint32_t crc = 0xFFFFFFFF;
  for (std::size_t i = 12; i < 29; ++i) {
    crc ^= std::to_integer<std::uint32_t>(png[i]);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ (0xEDB88320U & (0U - (crc & 1U)));
  }
  crc = ~crc;
  for (std::size_t i = 0; i < 4; ++i) png[29 + i] = static_cast<std::byte>(crc >> (24 - 8 * i));
  EXPECT_THROW(qr_text(png), puppet::TooLargeError);
}

TEST(QrTerminal, BothDecodersReadWhatTheTerminalShows) {
  for (const std::string& text : texts()) {
    if (text.size() > 2'000) continue;  // no terminal has so many columns
    // Decoders want a wider margin than a terminal has room for: there the dark ground ends it.
    Grey shown = test::to_pixels(qr_terminal(text), 6);
    EXPECT_EQ(qr_text(test::to_png(shown)), text);
    EXPECT_EQ(zbar(test::to_png(shown)), text);
  }
}

TEST(QrCodeBox, OpensAsAPicture) {
  const auto resolver = std::make_shared<QrCodeResolver>();
  const auto box = FileBox::from_qr_code("hello").with_resolver(resolver);
  EXPECT_EQ(box.name(), "qrcode.png");
  EXPECT_EQ(qr_text(box.to_buffer()), "hello");
  EXPECT_EQ(box.ready().size(), box.to_buffer().size());
  EXPECT_EQ(box.to_qr_code(), "hello");
  const auto picture = FileBox::from_buffer(box.to_buffer(), "scan");
  EXPECT_EQ(picture.with_resolver(resolver).to_qr_code(), "hello");
  EXPECT_EQ(puppet::conventional(picture).name(), "scan.png");
}

}  // namespace
}  // namespace wechaty::puppet_qrcode
