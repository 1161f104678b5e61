// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/file_box/naming.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/file_box/contents.hpp"
#include "wechaty/puppet/file_box/mime.hpp"

namespace wechaty::puppet::test {
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

TEST(Naming, AMoreSpecificExtensionWinsOverAGenericContent) {
  const std::string zip = zip_of({{"a.bin", "x"}});
  const std::string xml = "<?xml version=\"1.0\"?>\n<a/>";
  const std::string text = "Some text, long enough to contradict what is no text.\n";
  for (const auto& [content, name] : std::vector<std::pair<std::string, std::string>>{
           {zip, "a.docx"},
           {zip, "a.odt"},
           {zip, "a.key"},
           {zip, "a.epub"},
           {zip_of({{"META-INF/MANIFEST.MF", "x"}}), "a.apk"},
           {zip_of({{"[Content_Types].xml", "x"}, {"word/document.xml", "x"}}), "a.docm"},
           {zip_of({{"[Content_Types].xml", "x"}, {"xl/workbook.xml", "x"}}), "a.xltx"},
           {"\x1F\x8B\x08" + noise(40), "a.svgz"},
           {"\x1F\x8B\x08" + noise(40), "a.tgz"},
           {compound_file_of({"Other"}), "a.msi"},
           {compound_file_of({"Other"}), "a.doc"},
           {xml, "a.rss"},
           {xml, "a.gpx"},
           {xml, "a.svg"},
           {"{\"type\":\"x\"}", "a.geojson"},
           {"{\"type\":\"x\"}", "a.ipynb"},
           {text, "a.csv"},
           {text, "a.md"},
           {text, "a.log"},
           {text, "a.cpp"},
           {text, "a.rs"},
           {text, "a.html"},
           {text, "a.yaml"},
           {text, "a.srt"},
           {text, "a.m3u"},
           {iso_media_of("isom"), "a.m4a"},
           {iso_media_of("isom"), "a.mov"},
           {"OggS" + zeros(60), "a.opus"},
       }) {
    EXPECT_EQ(named(content, name), name);
  }
}

TEST(Naming, AnExtensionThatCannotBeGivesWay) {
  const std::string text = "Some text, long enough to contradict what is no text.\n";
  const std::string zip = zip_of({{"a.bin", "x"}});
  const std::string docx = zip_of({{"[Content_Types].xml", "x"}, {"word/document.xml", "x"}});
  for (const auto& [content, given, right] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {text, "a.png", "a.txt"},
           {text, "a.mp3", "a.txt"},
           {text, "a.docx", "a.txt"},
           {text, "a.exe", "a.txt"},
           {text, "index.ts", "index.ts.txt"},
           {zip, "a.png", "a.zip"},
           {zip, "a.txt", "a.zip"},
           {zip, "a.doc", "a.zip"},
           {docx, "a.xlsx", "a.docx"},
           {docx, "a.zip", "a.docx"},
           {docx, "a.doc", "a.docx"},
           {noise(2'048), "a.png", "a.dat"},
           {noise(2'048), "a.mp3", "a.dat"},
           {noise(2'048), "a.txt", "a.dat"},
           {noise(2'048), "a.pdf", "a.dat"},
           {"<svg/>", "a.txt", "a.svg"},
           {iso_media_of("M4A "), "a.mp4", "a.m4a"},
           {iso_media_of("avif"), "a.jpg", "a.avif"},
           {mp3_frames(3), "a.wav", "a.mp3"},
       }) {
    EXPECT_EQ(named(content, given), right);
  }
}

TEST(Naming, AContentThatIsTooShortContradictsNothing) {
  for (const char* name : {"a.png", "a.docx", "a.mp3", "a.txt", "a.exe"}) {
    EXPECT_EQ(named("data", name), name);
    EXPECT_EQ(named("", name), name);
    EXPECT_EQ(named(noise(16), name), name);
  }
}

TEST(Naming, ADeclaredTypeIsUnderstoodHoweverItIsWritten) {
  const std::string octets = noise(100);
  for (const auto& [declared, name] : std::vector<std::pair<std::string, std::string>>{
           {"audio/x-ms-wax", "a.wax"},
           {"Application/X-Shockwave-Flash; x=y", "a.swf"},
           {"application/octet-stream", "a.dat"},
           {"image/png", "a.dat"},  // which it is not
           {"no/such", "a.dat"},
           {"", "a.dat"},
       }) {
    EXPECT_EQ(named(octets, "a", declared), name) << declared;
  }
  EXPECT_EQ(named("a,b\n1,2\n", "a", "text/plain; charset=utf-8"), "a.txt");
  EXPECT_EQ(named("<a/>", "a", "text/xml; charset=utf-8"), "a.xml");
  EXPECT_EQ(named(zip_of({{"a", "x"}}), "a", "application/vnd.ms-word.document.macroEnabled.12"),
            "a.docm");
  EXPECT_EQ(named(png, "a.dat", "image/jpg"), "a.png");
  const auto url = FileBox::from_url("http://x/a");
  EXPECT_EQ(conventional(url, "image/jpg").name(), "a.jpg");
  EXPECT_EQ(conventional(url, "audio/x-wav").name(), "a.wav");
  EXPECT_EQ(conventional(url, "text/xml; charset=utf-8").name(), "a.xml");
  EXPECT_EQ(conventional(FileBox::from_data_url("data:image/jpg;base64,eA==")).name(),
            "data-url.jpg");
}

/// Counts what is read of it.
class CountedSource final : public ByteSource {
 public:
  CountedSource(std::string text, std::size_t& read) : text_{std::move(text)}, read_{read} {}
  std::size_t read(std::span<std::byte> buffer) override {
    const std::size_t count = std::min({buffer.size(), text_.size() - read_, std::size_t{1'000}});
    std::copy_n(reinterpret_cast<const std::byte*>(text_.data()) + read_, count, buffer.begin());
    read_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t& read_;
};

TEST(Naming, OfAStreamOnlyTheBeginningIsRead) {
  const auto read_for = [](const std::string& content, const std::string& expected) {
    std::size_t read = 0;
    const auto box =
        conventional(FileBox::from_stream(std::make_unique<CountedSource>(content, read), "a"));
    EXPECT_EQ(box.name(), expected);
    EXPECT_EQ(conventional(box).name(), expected);
    const std::size_t looked_at = read;
    EXPECT_EQ(box.to_text(), content);
    return looked_at;
  };
  EXPECT_LE(read_for(png + noise(1'000'000), "a.png"), 4'096U);
  EXPECT_LE(read_for(noise(1'000'000), "a.dat"), 4'096U);
  EXPECT_LE(read_for(std::string(1'000'000, 'x'), "a.txt"), 4'096U);
  // An archive about which its beginning does not tell.
  const auto office = [](std::size_t first) {
    return zip_of({{"docProps/thumbnail.jpeg", noise(first)},
                   {"[Content_Types].xml", "x"},
                   {"word/document.xml", noise(500'000)}});
  };
  EXPECT_LE(read_for(office(3'000), "a.docx"), 4'096U);
  EXPECT_LE(read_for(office(30'000), "a.docx"), 65'536U);
  EXPECT_LE(read_for(office(300'000), "a.zip"), 65'536U);
  EXPECT_EQ(named(office(300'000), "a"), "a.docx");  // its directory is at hand
}

}  // namespace
}  // namespace wechaty::puppet::test
