// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "unit/file_box/contents.hpp"
#include "wechaty/puppet/file_box/mime.hpp"
#include "wechaty/puppet/file_box/naming.hpp"

namespace wechaty::puppet::test {
namespace {

using namespace std::string_literals;

struct Case {
  std::string content;
  std::string type;
  std::string name;  // of a file called "a"
};

std::string type_of(const std::string& content) {
  return type_of_content({reinterpret_cast<const std::byte*>(content.data()), content.size()});
}

std::string named(const std::string& content, const std::string& name) {
  return conventional(FileBox::from_buffer(content, name)).name();
}

void expect(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const std::string beginning = c.content.substr(0, 40);
    EXPECT_EQ(type_of(c.content), c.type) << beginning;
    EXPECT_EQ(named(c.content, "a"), c.name) << beginning;
    EXPECT_EQ(named(c.content, c.name), c.name) << beginning;
    EXPECT_EQ(named(c.content, "a.dat"), c.name) << beginning;
  }
}

TEST(MimeContent, PicturesAreKnown) {
  expect({
      {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"s + zeros(40), "image/png", "a.png"},
      {"\xFF\xD8\xFF\xE0\0\x10JFIF\0"s + zeros(40), "image/jpeg", "a.jpg"},
      {"\xFF\xD8\xFF\xE1\0\x10"s + "Exif" + zeros(40), "image/jpeg", "a.jpg"},
      {"GIF87a" + zeros(40), "image/gif", "a.gif"},
      {"GIF89a" + zeros(40), "image/gif", "a.gif"},
      {"RIFF" + le(100, 4) + "WEBPVP8 " + zeros(40), "image/webp", "a.webp"},
      {"RIFF" + le(100, 4) + "WEBPVP8L" + zeros(40), "image/webp", "a.webp"},
      {"BM" + le(58, 4) + zeros(4) + le(54, 4) + le(40, 4) + le(1, 4) + le(1, 4) + le(1, 2) +
           le(24, 2) + zeros(28),
       "image/bmp", "a.bmp"},
      {"II*\0"s + le(8, 4) + zeros(100), "image/tiff", "a.tif"},
      {"MM\0*"s + be(8, 4) + zeros(100), "image/tiff", "a.tif"},
      {"\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0"s + le(1128, 4) + le(22, 4) + le(40, 4) + le(16, 4) +
           le(32, 4) + le(1, 2) + le(32, 2) + zeros(1104),
       "image/vnd.microsoft.icon", "a.ico"},
      {"8BPS\0\1"s + zeros(100), "image/vnd.adobe.photoshop", "a.psd"},
      {iso_media_of("heic", "mif1heic"), "image/heic", "a.heic"},
      {iso_media_of("heix", "mif1heix"), "image/heic", "a.heic"},
      {iso_media_of("mif1", "mif1heic"), "image/heic", "a.heic"},
      {iso_media_of("mif1", "mif1avif"), "image/avif", "a.avif"},
      {iso_media_of("mif1", "mif1"), "image/heif", "a.heif"},
      {iso_media_of("avif", "avifmif1"), "image/avif", "a.avif"},
      {iso_media_of("jpeg", "mif1jpeg"), "image/heif", "a.heif"},
      {"\0\0\0\x0CjP  \r\n\x87\n"s + zeros(40), "image/jp2", "a.jp2"},
      {"\0\0\2\0\1\0\x20\x20\0\0\0\0\0\0"s + le(1064, 4) + le(22, 4) + zeros(1064),
       "image/x-win-bitmap", "a.cur"},
      {"icns" + be(100, 4) + "ic07" + zeros(60), "image/x-icns", "a.icns"},
      {"qoif" + be(64, 4) + be(48, 4) + "\3\0"s + zeros(40), "image/qoi", "a.qoi"},
      {"\x76\x2F\x31\1\2\0\0\0"s + zeros(40), "image/aces", "a.exr"},
      {"SDPX" + be(2048, 4) + "V2.0" + zeros(40), "image/dpx", "a.dpx"},
      {le(1, 4) + le(108, 4) + zeros(32) + " EMF" + zeros(40), "image/emf", "a.emf"},
      {"\xD7\xCD\xC6\x9A" + zeros(40), "image/wmf", "a.wmf"},
      {"\x01\xDA\0\1\0\3"s + zeros(600), "image/sgi", "a.sgi"},
  });
}

TEST(MimeContent, SoundIsKnown) {
  const std::string ogg = "OggS\0\2"s + zeros(20) + "\1\x1E"s;
  expect({
      {"#!SILK_V3" + noise(100), "audio/silk", "a.sil"},
      {"\2#!SILK_V3" + noise(100), "audio/silk", "a.sil"},
      {"#!SILK_V3", "audio/silk", "a.sil"},
      {"#!AMR\n" + noise(100), "audio/amr", "a.amr"},
      {"#!AMR-WB\n" + noise(100), "audio/amr-wb", "a.awb"},
      {mp3_frames(3), "audio/mpeg", "a.mp3"},
      {mp3_frames(1), "audio/mpeg", "a.mp3"},
      {"ID3\3\0\0\0\0\0\x0A"s + zeros(10) + mp3_frames(3), "audio/mpeg", "a.mp3"},
      {"ID3\4\0\0\0\3\0\x0A"s + zeros(60'000) + mp3_frames(3), "audio/mpeg", "a.mp3"},
      {adts_frames(8), "audio/x-aac", "a.aac"},
      {"ID3\3\0\0\0\0\0\0"s + adts_frames(8), "audio/x-aac", "a.aac"},
      {"fLaC\0\0\0\x22"s + zeros(100), "audio/x-flac", "a.flac"},
      {"ID3\3\0\0\0\0\0\0fLaC\0\0\0\x22"s + zeros(100), "audio/x-flac", "a.flac"},
      {"RIFF" + le(100, 4) + "WAVEfmt " + zeros(40), "audio/wav", "a.wav"},
      {ogg + "OpusHead\1\1" + zeros(100), "audio/ogg", "a.ogg"},
      {ogg + "\1vorbis" + zeros(100), "audio/ogg", "a.ogg"},
      {ogg + "\x7F" + "FLAC" + zeros(100), "audio/ogg", "a.ogg"},
      {iso_media_of("M4A ", "M4A mp42"), "audio/mp4", "a.m4a"},
      {"wvpk" + le(200, 4) + le(0x410, 2) + noise(100), "audio/x-wavpack", "a.wv"},
      {"\x7F\xFE\x80\1\xFC\x3C"s + noise(100), "audio/vnd.dts", "a.dts"},
      {"MThd\0\0\0\6\0\1\0\1\0\x60MTrk"s + zeros(20), "audio/midi", "a.mid"},
      {"FORM" + be(100, 4) + "AIFFCOMM" + zeros(40), "audio/x-aiff", "a.aif"},
      {"\x1A\x45\xDF\xA3\x9F\x42\x82\x84webm" + zeros(50) + "A_OPUS" + zeros(50), "audio/webm",
       "a.weba"},
      {"\x30\x26\xB2\x75\x8E\x66\xCF\x11" + zeros(50) + "\x40\x9E\x69\xF8\x4D\x5B\xCF\x11" +
           zeros(50),
       "audio/x-ms-wma", "a.wma"},
  });
}

TEST(MimeContent, FilmsAreKnown) {
  expect({
      {iso_media_of("isom", "isomiso2avc1mp41"), "video/mp4", "a.mp4"},
      {iso_media_of("mp42", "isommp42"), "video/mp4", "a.mp4"},
      {iso_media_of("avc1"), "video/mp4", "a.mp4"},
      {iso_media_of("iso5"), "video/mp4", "a.mp4"},
      {iso_media_of("dash"), "video/mp4", "a.mp4"},
      {iso_media_of("XAVC"), "video/mp4", "a.mp4"},
      {iso_media_of("qt  "), "video/quicktime", "a.mov"},
      {iso_media_of("M4V "), "video/x-m4v", "a.m4v"},
      {iso_media_of("3gp4"), "video/3gpp", "a.3gp"},
      {iso_media_of("3gp6"), "video/3gpp", "a.3gp"},
      {iso_media_of("3g2a"), "video/3gpp2", "a.3g2"},
      {iso_media_of("f4v ", "isommp42"), "video/x-f4v", "a.f4v"},
      {be(8, 4) + "wide" + be(5'000, 4) + "mdat" + zeros(200), "video/quicktime", "a.mov"},
      {be(100, 4) + "moov" + be(92, 4) + "mvhd" + zeros(200), "video/quicktime", "a.mov"},
      {"\x1A\x45\xDF\xA3\x9F\x42\x82\x84webm" + zeros(50) + "V_VP8" + zeros(50), "video/webm",
       "a.webm"},
      {"\x1A\x45\xDF\xA3\xA3\x42\x82\x88matroska" + zeros(50) + "V_MPEG4", "video/x-matroska",
       "a.mkv"},
      {"RIFF" + le(100, 4) + "AVI LIST" + zeros(40), "video/x-msvideo", "a.avi"},
      {"OggS\0\2"s + zeros(20) + "\1\x2A\x80theora\3\2\1" + zeros(100), "video/ogg", "a.ogv"},
      {"FLV\1\5\0\0\0\x09"s + zeros(40), "video/x-flv", "a.flv"},
      {repeat("G\x40\0\x10"s + zeros(184), 4), "video/mp2t", "a.ts"},
      {"\x30\x26\xB2\x75\x8E\x66\xCF\x11" + zeros(50) + "\xC0\xEF\x19\xBC\x4D\x5B\xCF\x11" +
           zeros(50),
       "video/x-ms-wmv", "a.wmv"},
  });
}

TEST(MimeContent, AnExtensionStaysWhereTheContentIsThatOrMoreGeneral) {
  const std::string general = iso_media_of("isom", "isomiso2");
  const std::string png = "\x89PNG\r\n\x1a\n" + zeros(40);
  for (const char* name : {"a.mp4", "a.m4a", "a.mov", "a.3gp", "a.f4v", "a.m4s", "a.m4v"}) {
    EXPECT_EQ(named(general, name), name);
  }
  EXPECT_EQ(named(png, "a.apng"), "a.apng");
  EXPECT_EQ(named(".RMF\0\0\0\x12"s + zeros(60), "a.rmvb"), "a.rmvb");
  EXPECT_EQ(named("/dts-v1/;\n/ { model = \"a tree of devices\"; };\n", "a.dts"), "a.dts");
  // A brand of its own is not what everybody calls MP4.
  EXPECT_EQ(named(iso_media_of("qt  "), "a.mp4"), "a.mov");
  EXPECT_EQ(named(iso_media_of("3gp4"), "a.mp4"), "a.3gp");
  // Office opens no document with macros whose name denies them; the other way round it may.
  const std::vector<ZipEntry> word{{"[Content_Types].xml", "x"}, {"word/document.xml", "x"}};
  std::vector<ZipEntry> with_macros = word;
  with_macros.push_back({"word/vbaProject.bin", "x"});
  EXPECT_EQ(named(zip_of(with_macros), "a.docx"), "a.docm");
  EXPECT_EQ(named(zip_of(word), "a.docm"), "a.docm");
  EXPECT_EQ(named(zip_of(word), "a.dotx"), "a.dotx");
}

TEST(MimeContent, FontsAndProgramsAreKnown) {
  const std::string table = "\0\x0B\0\x80\0\3\0\x30"s;
  expect({
      {"\0\1\0\0"s + table + "OS/2" + zeros(100), "font/ttf", "a.ttf"},
      {"OTTO" + table + "CFF " + zeros(100), "font/otf", "a.otf"},
      {"ttcf\0\1\0\0"s + be(2, 4) + zeros(60), "font/collection", "a.ttc"},
      {"wOFF\0\1\0\0"s + zeros(60), "font/woff", "a.woff"},
      {"wOF2\0\1\0\0"s + zeros(60), "font/woff2", "a.woff2"},
      {"FWS\x09" + le(100, 4) + zeros(90), "application/x-shockwave-flash", "a.swf"},
      {"CWS\x0A" + le(100, 4) + noise(90), "application/x-shockwave-flash", "a.swf"},
  });
  const std::string package =
      "!<arch>\ndebian-binary   1700000000  0     0     100644  4         `\n";
  EXPECT_EQ(type_of(package), "application/vnd.debian.binary-package");
  EXPECT_EQ(named(package, "a"), "a.deb");
  EXPECT_EQ(named(package, "a.png"), "a.deb");
  // Near misses: texts, and bytes that only begin so.
  for (const auto& [content, name] : std::vector<std::pair<std::string, std::string>>{
           {"icns is a form of pictures for desktops\n", "a.txt"},
           {"qoif, SDPX and wvpk are four letters each\n", "a.txt"},
           {"FWS is an abbreviation of something here\n", "a.txt"},
           {"true is not false, as everybody knows by now\n", "a.txt"},
           {"\0\1\0\0Standard Jet DB\0"s + zeros(100), "a.mdb"},
       }) {
    EXPECT_EQ(named(content, "a"), name) << content;
  }
}

TEST(MimeContent, OfficeDocumentsAreKnownWhateverTheirFirstEntry) {
  struct Office {
    const char* folder;
    const char* main;
    const char* extension;
    const char* type;
  };
  const std::string prefix = "application/vnd.openxmlformats-officedocument.";
  for (const auto& [folder, main, extension, type] : {
           Office{"word/", "document.xml", "docx", "wordprocessingml.document"},
           Office{"xl/", "workbook.xml", "xlsx", "spreadsheetml.sheet"},
           Office{"ppt/", "presentation.xml", "pptx", "presentationml.presentation"},
       }) {
    // As large as an archive that does not end within what is read of it.
    std::vector<ZipEntry> entries{{"[Content_Types].xml", noise(500)},
                                  {"_rels/.rels", noise(300)},
                                  {"docProps/app.xml", noise(300)},
                                  {std::string{folder} + main, noise(6'000)},
                                  {std::string{folder} + "media/image1.png", noise(90'000)},
                                  {"docProps/thumbnail.jpeg", noise(9'000)},
                                  {"customXml/item1.xml", noise(200)}};
    for (std::size_t first = 0; first < entries.size(); ++first) {
      for (const ZipWriter writer : {ZipWriter::plain, ZipWriter::streaming}) {
        const std::string content = zip_of(entries, writer);
        EXPECT_EQ(type_of(content), prefix + type) << entries[0].name;
        EXPECT_EQ(named(content, "a"), std::string{"a."} + extension) << entries[0].name;
        EXPECT_EQ(named(content, "a.zip"), std::string{"a."} + extension) << entries[0].name;
        EXPECT_EQ(named(content, std::string{"a."} + extension), std::string{"a."} + extension);
      }
      std::rotate(entries.begin(), entries.begin() + 1, entries.end());
    }
  }
}

TEST(MimeContent, ArchivesAreWhatTheirEntriesSay) {
  const auto with_type = [](const std::string& type) {
    return zip_of({{"mimetype", type}, {"content.xml", noise(100)}});
  };
  const std::string odf = "application/vnd.oasis.opendocument.";
  const std::string zip = "application/zip";
  const std::string docx = zip_of({{"[Content_Types].xml", "x"}, {"word/document.xml", "x"}});
  expect({
      {with_type(odf + "text"), odf + "text", "a.odt"},
      {with_type(odf + "spreadsheet"), odf + "spreadsheet", "a.ods"},
      {with_type(odf + "presentation"), odf + "presentation", "a.odp"},
      {with_type("application/epub+zip"), "application/epub+zip", "a.epub"},
      {zip_of({{"mimetype", "application/epub+zip"}, {"x", "y"}}, ZipWriter::streaming),
       "application/epub+zip", "a.epub"},
      // Some writers put it behind other entries.
      {zip_of({{"content.xml", noise(9'000)}, {"mimetype", odf + "text"}}), odf + "text", "a.odt"},
      {zip_of({{"content.xml", "x"}, {"mimetype", odf + "graphics"}}), odf + "graphics", "a.odg"},
      {zip_of({{"a.txt", "x"}, {"mimetype", "image/png"}}), zip, "a.zip"},
      {zip_of({{"META-INF/container.xml", "x"}, {"a.html", "y"}}), "application/epub+zip",
       "a.epub"},
      {zip_of({{"META-INF/MANIFEST.MF", "x"}, {"A.class", "y"}}), "application/java-archive",
       "a.jar"},
      {zip_of({{"META-INF/MANIFEST.MF", "x"},
               {"classes.dex", noise(100'000)},
               {"AndroidManifest.xml", "y"}}),
       "application/vnd.android.package-archive", "a.apk"},
      {zip_of({{"AndroidManifest.xml", noise(9'000)}, {"classes.dex", "y"}}),
       "application/vnd.android.package-archive", "a.apk"},
      {zip_of({{"doc.kml", "x"}}), "application/vnd.google-earth.kmz", "a.kmz"},
      {zip_of({{"OFD.xml", "x"}}), "application/vnd.ofd", "a.ofd"},
      {zip_of({{"a.txt", "x"}, {"b/c.txt", "y"}}), zip, "a.zip"},
      {zip_of({{"a.txt", "x"}}, ZipWriter::plain, "a comment"), zip, "a.zip"},
      {zip_of({}), zip, "a.zip"},
      // An archive of documents is no document.
      {zip_of({{"a.docx", docx}, {"b.txt", "x"}}), zip, "a.zip"},
      {zip_of({{"backup/word/document.xml", docx}}), zip, "a.zip"},
      {"\x1F\x8B\x08"s + zeros(40), "application/gzip", "a.gz"},
      {"BZh91AY&SY" + noise(40), "application/x-bzip2", "a.bz2"},
      {"\xFD\x37zXZ\0"s + noise(40), "application/x-xz", "a.xz"},
      {"7z\xBC\xAF\x27\x1C\0\4"s + noise(40), "application/x-7z-compressed", "a.7z"},
      {"Rar!\x1A\7\0"s + noise(40), "application/vnd.rar", "a.rar"},
      {"Rar!\x1A\7\1\0"s + noise(40), "application/vnd.rar", "a.rar"},
      {tar_of("a.txt", "hello"), "application/x-tar", "a.tar"},
  });
}

TEST(MimeContent, OldOfficeDocumentsAreKnownWhereverTheirDirectoryIs) {
  const std::string excel = "application/vnd.ms-excel";
  for (const std::uint32_t directory : {1U, 30U}) {
    expect({
        {compound_file_of({"1Table", "WordDocument"}, directory), "application/msword", "a.doc"},
        {compound_file_of({"a", "b", "c", "d", "Workbook"}, directory), excel, "a.xls"},
        {compound_file_of({"Book"}, directory), excel, "a.xls"},
        {compound_file_of({"Current User", "PowerPoint Document"}, directory),
         "application/vnd.ms-powerpoint", "a.ppt"},
        {compound_file_of({"__properties_version1.0"}, directory), "application/vnd.ms-outlook",
         "a.msg"},
    });
    const std::string locked = compound_file_of({"EncryptionInfo", "EncryptedPackage"}, directory);
    EXPECT_EQ(named(locked, "a.docx"), "a.docx");
    EXPECT_EQ(named(locked, "a.png"), "a.dat");
  }
}

TEST(MimeContent, TextIsKnownByItsForm) {
  const std::string svg = R"(<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>)";
  const std::string prolog = "<?xml version=\"1.0\"?>\n";
  expect({
      {prolog + "<a><b/></a>", "application/xml", "a.xml"},
      {"<msg><appmsg appid=\"\"><title>Hi</title></appmsg></msg>", "application/xml", "a.xml"},
      {"<msg>\n<img aeskey=\"a\" length = '3'/>\n</msg>\n", "application/xml", "a.xml"},
      {"<msg>" + repeat("<item id=\"1\">text</item>", 500) + "</msg>", "application/xml", "a.xml"},
      {"<!-- a comment -->\n<root><x/></root>", "application/xml", "a.xml"},
      {"<!DOCTYPE note SYSTEM \"n.dtd\"><note>x</note>", "application/xml", "a.xml"},
      {utf16(prolog + "<a/>", true), "application/xml", "a.xml"},
      {prolog + "<!-- " + std::string(6'000, 'x') + " --><a/>", "application/xml", "a.xml"},
      {svg, "image/svg+xml", "a.svg"},
      {prolog + svg, "image/svg+xml", "a.svg"},
      {"\xEF\xBB\xBF  " + svg, "image/svg+xml", "a.svg"},
      {"<!-- Generator -->\n" + svg, "image/svg+xml", "a.svg"},
      {prolog + "<!DOCTYPE svg PUBLIC \"x\" \"y\" [ <!ENTITY a \"b\"> ]>" + svg, "image/svg+xml",
       "a.svg"},
      {prolog + "<svg:svg xmlns:svg=\"http://www.w3.org/2000/svg\"/>", "image/svg+xml", "a.svg"},
      {"<svg>" + repeat("<path d=\"M0 0\"/>", 500) + "</svg>", "image/svg+xml", "a.svg"},
      {"<!doctype HTML>\n<html></html>", "text/html", "a.html"},
      {"\n<!-- c --><HTML><body>x</body></HTML>", "text/html", "a.html"},
      {"<p>Hello <b>world</b></p>\n", "text/plain", "a.txt"},
      {"<John> hello there\n<Mary> hi John\n", "text/plain", "a.txt"},
      {"<me@example.com> wrote to you\n", "text/plain", "a.txt"},
      {"{\"a\":1,\"b\":[1,2]}", "application/json", "a.json"},
      {"\xEF\xBB\xBF[{\"a\":1},\n {\"a\":2}]\n", "application/json", "a.json"},
      {"[" + repeat("{\"id\":1,\"name\":\"n\"},", 500) + "{}]", "application/json", "a.json"},
      {"{\"a\":1}\n{\"a\":2}\n", "application/x-ndjson", "a.ndjson"},
      {"[2024-01-01] it happened\n[2024-01-02] again\n", "text/plain", "a.txt"},
      {"{this is no JSON}\n", "text/plain", "a.txt"},
      {"name,age\nAnn,1\nBob,2\n", "text/csv", "a.csv"},
      {"a,b\r\n1,2\r\n", "text/csv", "a.csv"},
      {"name;price\nAnn;1,5\nBob;2,5\n", "text/csv", "a.csv"},
      {"a,b\n\"x, y\",\"line\nbreak\"\n\"1 \"\"q\"\" 2\",3\n", "text/csv", "a.csv"},
      {"id,text\n" + repeat("1,\"some text\"\n", 600), "text/csv", "a.csv"},
      {"\xD0\xD5,\xC4\xEA\n\xD5\xC5,1\n\xC0\xEE,2\n", "text/csv", "a.csv"},  // GB 18030
      {"a\tb\n1\t2\n", "text/tab-separated-values", "a.tsv"},
      {utf16("a\tb\n1\t2\n", true), "text/tab-separated-values", "a.tsv"},
      {"Dear John,\nThank you,\nYours,\n", "text/plain", "a.txt"},
      {"apples, pears\nplums, grapes\n", "text/plain", "a.txt"},
      {"First one; then another.\nYou know; I know.\n", "text/plain", "a.txt"},
      // A sentence ends a line, in whatever script: commas without blanks prove no table then.
      {"\u4F60\u597D,\u4E16\u754C\u3002\n\u518D\u89C1,\u4E16\u754C\u3002\n", "text/plain", "a.txt"},
      {"\xC4\xE3\xBA\xC3,\xCA\xC0\xBD\xE7\xA1\xA3\n\xD4\xD9\xBC\xFB,\xCA\xC0\xBD\xE7\xA1\xA3\n",
       "text/plain", "a.txt"},
      {"\xFF\xFE\x60\x4F,\0\x16\x4E\2\x30\n\0\x8D\x51,\0\x16\x4E\2\x30\n\0"s, "text/plain",
       "a.txt"},
      {"\xFF\xFE\x60\x4F,\0\x16\x4E\n\0\x8D\x51,\0\x16\x4E\n\0"s, "text/csv", "a.csv"},
      {"int main() {\n  foo(a,b);\n}\n", "text/plain", "a.txt"},
      {"BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n", "text/x-vcard", "a.vcf"},
      {"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar", "a.ics"},
      {"{\\rtf1\\ansi hello}", "application/rtf", "a.rtf"},
      {"#!/bin/sh\necho hi\n", "application/x-sh", "a.sh"},
      {"#!/usr/bin/env python3\nprint(1)\n", "text/x-python", "a.py"},
      {"%PDF-1.4\n1 0 obj\n", "application/pdf", "a.pdf"},
      {"%!PS-Adobe-3.0\nshowpage\n", "application/postscript", "a.ps"},
  });
}

TEST(MimeContent, TextInAnyEncodingIsText) {
  for (const std::string& text : {
           "\xE7\xAA\x97\xE5\x89\x8D\xE6\x98\x8E\xE6\x9C\x88\xE5\x85\x89\n"s,  // UTF-8
           "\xEF\xBB\xBF\xE7\xAA\x97\xE5\x89\x8D\n"s,
           repeat("\xB4\xB0\xC7\xB0\xC3\xF7\xD4\xC2\xB9\xE2\n", 6),  // GB 18030
           repeat("\xA4\xB5\xA4\xD1\xA4\xD1\xAE\xF0\n", 6),          // Big5
           repeat("Caf\xE9 cr\xE8me br\xFBl\xE9"
                  "e\n",
                  3),  // Latin-1
           utf16("Hello world, this is text\n", true),
           utf16("Hello world, this is text without a mark\n", false),
           "Hi"s,
           repeat("The quick brown fox jumps over the lazy dog. ", 200),
           "Some text that is cut off in a character \xE7\xAA"s,
           "BM is no bitmap, MZ no program, PK no archive and GIF no picture.\n"s,
           "ID3 tags are a way to store information about sound.\n"s,
           "#include <stdio.h>\nint main(void) { return 0; }\n"s,
           "# Title\n\nSome *text*\n"s,
       }) {
    EXPECT_EQ(type_of(text), "text/plain") << text;
    EXPECT_EQ(named(text, "a"), "a.txt") << text;
    for (const char* right :
         {"a.txt", "a.md", "a.log", "a.c", "a.csv", "a.py", "a.json", "a.xml"}) {
      EXPECT_EQ(named(text, right), right) << text;
    }
  }
}

TEST(MimeContent, WhatIsNothingIsNothing) {
  for (const std::string& content : {""s, "\0"s, zeros(5'000), noise(2'048), noise(100),
                                     std::string{"\1\2\3\xFF\xFE\x80\0\x99", 8}}) {
    EXPECT_EQ(type_of(content), octet_stream) << content.size();
    EXPECT_EQ(named(content, "a"), "a.dat") << content.size();
    EXPECT_EQ(named(content, "a.bin"), "a.bin") << content.size();
  }
  // libmagic sees something in some random bytes.
  int seen = 0;
  for (unsigned seed = 0; seed < 500; ++seed) seen += type_of(noise(1'000, seed)) != octet_stream;
  EXPECT_LE(seen, 1);
}

TEST(MimeContent, AnyBeginningOfAContentIsUnderstood) {
  // Nothing is read behind what is there; addresses are watched by the sanitizers.
  const std::string docx = zip_of({{"[Content_Types].xml", "x"}, {"word/document.xml", "x"}});
  for (const std::string& content :
       {docx, compound_file_of({"WordDocument"}), iso_media_of("mif1", "mif1heic"),
        "ID3\3\0\0\0\0\0\0"s + adts_frames(2), mp3_frames(2), "MZ" + zeros(58) + le(60, 4)}) {
    for (std::size_t size = 0; size <= std::min<std::size_t>(content.size(), 700); ++size) {
      EXPECT_FALSE(type_of(content.substr(0, size)).empty());
    }
  }
}

}  // namespace
}  // namespace wechaty::puppet::test
