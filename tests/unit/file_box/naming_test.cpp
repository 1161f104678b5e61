// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/file_box/naming.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wechaty/puppet/file_box/mime.hpp"

namespace wechaty::puppet {
namespace {

const std::string png{"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0", 29};
const std::string pdf = "%PDF-1.4\n1 0 obj\n";
const std::string random_bytes{"\x01\x02\x03\xff\xfe\x80\x00\x99", 8};

std::string named(const std::string& content, const std::string& name,
                  std::optional<std::string_view> declared = std::nullopt) {
  return conventional(FileBox::from_buffer(content, name), declared).name();
}

TEST(Naming, AKnownExtensionStays) {
  EXPECT_EQ(named(png, "a.png"), "a.png");
  EXPECT_EQ(named("a,b\n", "a.csv"), "a.csv");
  EXPECT_EQ(named("PK\x03\x04" + std::string(40, '\0'), "a.docx"), "a.docx");
  EXPECT_EQ(named("# title\n", "README.md"), "README.md");
  EXPECT_EQ(named(random_bytes, "a.PNG"), "a.PNG");
}

TEST(Naming, ACertainContentWinsOverAWrongExtension) {
  EXPECT_EQ(named(png, "a.mp3"), "a.png");
  EXPECT_EQ(named(pdf, "a.jpg"), "a.pdf");
  EXPECT_EQ(named(png, "archive.tar.gz"), "archive.tar.png");
}

TEST(Naming, WithoutAnExtensionTheDeclaredTypeComesFirst) {
  EXPECT_EQ(named(random_bytes, "a", "application/vnd.ms-excel"), "a.xls");
  EXPECT_EQ(named(random_bytes, "a", "IMAGE/JPG; q=1"), "a.jpg");
  EXPECT_EQ(named(png, "a", "audio/mpeg"), "a.png");  // the content is certain
  EXPECT_EQ(named(png, "a"), "a.png");
  EXPECT_EQ(named(random_bytes, "a"), "a.dat");
  EXPECT_EQ(named("", "a"), "a.dat");
}

TEST(Naming, TheVoiceOfWeChatIsKnown) {
  EXPECT_EQ(named("#!SILK_V3 x", "voice"), "voice.sil");
  EXPECT_EQ(named("\x02#!SILK_V3 x", "voice.dat"), "voice.sil");
}

TEST(Naming, WhatIsElsewhereIsNamedWithoutLooking) {
  EXPECT_EQ(conventional(FileBox::from_url("http://x/a.png")).name(), "a.png");
  EXPECT_EQ(conventional(FileBox::from_url("http://x/a")).name(), "a.dat");
  EXPECT_EQ(conventional(FileBox::from_uuid("880c")).name(), "880c.dat");
  EXPECT_EQ(conventional(FileBox::from_qr_code("x")).name(), "qrcode.png");
}

TEST(Naming, EveryNameTellsATypeThatTellsItBack) {
  for (const char* name :
       {"a", "a.", ".png", "a.unknown", "a.tar", "..", "a.jpe", "b.JPEG", "x.opus", "y.htm"}) {
    for (const std::string& content : {png, pdf, random_bytes, std::string{"text"}}) {
      const std::string result = named(content, name);
      const auto type = type_of_name(result);
      ASSERT_TRUE(type) << result;
      const auto extension = extension_of_type(*type);
      ASSERT_TRUE(extension) << *type;
      EXPECT_EQ(type_of_name("x." + std::string{*extension}), type) << result;
    }
  }
}

TEST(Naming, HostileNamesBecomeSafeBaseNames) {
  const std::string nul("a\0b.txt", 7);
  const std::vector<std::pair<std::string, std::string>> names{
      {"../../etc/passwd", "passwd"},
      {"..\\..\\boot.ini", "boot.ini"},
      {"/", "file"},
      {"", "file"},
      {"..", "file"},
      {".", "file"},
      {"   ", "file"},
      {"a/b/", "b"},
      {".png", "file.png"},
      {nul, "ab.txt"},
      {"a\r\nb.txt", "ab.txt"},
      {"evil\xE2\x80\xAEgpj.exe", "evilgpj.exe"},  // right-to-left override
      {"zero\xE2\x80\x8Bwidth.txt", "zerowidth.txt"},
      {"\xFF\xFE.txt", "__.txt"},
      {"over\xC0\xAFlong.txt", "over__long.txt"},
      {"CON", "_CON"},
      {"nul.txt", "_nul.txt"},
      {"COM1.log", "_COM1.log"},
      {"trailing. . .", "trailing"},
      {"a:b.txt", "a_b.txt"},
      {"\xE7\x85\xA7\xE7\x89\x87.jpg", "\xE7\x85\xA7\xE7\x89\x87.jpg"},
  };
  for (const auto& [given, expected] : names) EXPECT_EQ(safe_base_name(given), expected) << given;
}

TEST(Naming, LongNamesKeepTheirExtension) {
  const std::string long_name = safe_base_name(std::string(65'536, 'a') + ".jpg");
  EXPECT_EQ(long_name.size(), 255U);
  EXPECT_TRUE(long_name.ends_with("a.jpg"));
  std::string wide;
  for (int i = 0; i < 30'000; ++i) wide += "\xE7\x88\xB1";
  const std::string cut = safe_base_name(wide + ".png");
  EXPECT_LE(cut.size(), 255U);
  EXPECT_TRUE(cut.ends_with("\xE7\x88\xB1.png"));
  EXPECT_LE(named("x", std::string(300, 'b')).size(), 255U);
}

TEST(Mime, TypesAreUnderstoodHoweverTheyAreWritten) {
  EXPECT_EQ(extension_of_type("image/jpeg"), "jpg");
  EXPECT_EQ(extension_of_type("Image/JPG ; charset=x"), "jpg");
  EXPECT_EQ(extension_of_type("audio/x-wav"), "wav");
  EXPECT_EQ(extension_of_type("no/such"), std::nullopt);
  EXPECT_EQ(type_of_name("a.b.HTML"), "text/html");
  EXPECT_EQ(type_of_name("png"), std::nullopt);
}

}  // namespace
}  // namespace wechaty::puppet
