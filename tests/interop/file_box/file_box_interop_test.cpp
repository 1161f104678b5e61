// SPDX-License-Identifier: Apache-2.0
// File boxes move between the languages. Run against the npm package file-box.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "support/temp_folder.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"
#ifdef WECHATY_PUPPET_QRCODE
#include "wechaty/puppet_qrcode.hpp"
#endif

namespace wechaty::puppet {
namespace {

using nlohmann::json;
using test::TempFolder;

/// Run box.mjs; returns the last line of what it prints.
json npm(const std::string& arguments) {
  const std::string command = "cd '" WECHATY_PUPPET_NPM_FOLDER "' && node box.mjs " + arguments;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe{::popen(command.c_str(), "r"), &::pclose};
  if (!pipe) throw std::runtime_error{"cannot run " + command};
  std::string output;
  std::array<char, 4096> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) {
    output.append(buffer.data(), got);
  }
  while (output.ends_with('\n')) output.pop_back();
  return json::parse(output.substr(output.rfind('\n') + 1));
}

json npm_reads(const std::vector<FileBox>& boxes) {
  json texts = json::array();
  for (const FileBox& box : boxes) texts.push_back(box.to_json_text());
  const TempFolder folder;
  test::write_text(folder / "boxes.json", texts.dump());
  return npm("read '" + (folder / "boxes.json") + "'");
}

std::int64_t size_of(const FileBox& box) {
  return box.size() ? static_cast<std::int64_t>(*box.size()) : -1;
}

/// What box.mjs said of a box, held against ours.
void expect_same(const FileBox& box, const json& npm) {
  SCOPED_TRACE(npm.dump());
  EXPECT_EQ(box.name(), npm.at("name"));
  EXPECT_EQ(size_of(box), npm.at("size"));
  EXPECT_EQ(box.md5(), npm.at("md5"));
  EXPECT_EQ(json::parse(box.metadata_text()), npm.at("metadata"));
  EXPECT_EQ(box.to_string(), npm.at("text"));
  if (box.type() == FileBoxType::base64) {
    EXPECT_EQ(box.to_base64(), npm.at("base64"));
    EXPECT_EQ(FileBox::from_buffer(box.to_buffer()).to_base64(), npm.at("content"));
  }
  if (box.type() == FileBoxType::qr_code) {
    EXPECT_EQ(box.to_qr_code(), npm.at("qrCode"));
  }
}

TEST(NpmFileBox, WhatItWritesOursReadsAndWritesAgainByteForByte) {
  const json boxes = npm("write");
  ASSERT_EQ(boxes.size(), 9U);
  for (const json& npm : boxes) {
    const auto box = FileBox::from_json_text(npm.at("json").get<std::string>());
    EXPECT_EQ(box.to_json_text(), npm.at("json"));
    expect_same(box, npm);
  }
}

TEST(NpmFileBox, WhatOursWritesItReads) {
  const std::string md5 = "d41d8cd98f00b204e9800998ecf8427e";
  const std::string uuid = "880c188f-3c13-4f5a-9ee9-2f4a2fd1fbbd";
  const std::vector<FileBox> boxes{
      FileBox::from_base64("aGVsbG8=", "a.txt", md5).with_metadata({{"k", {1, "漢 \x01"}}}),
      FileBox::from_base64("aGVsbG8", "../../etc/passwd.png"),
      FileBox::from_base64("_-_-"),
      FileBox::from_data_url("data:text/html,%3Cb%3E", "b.html"),
      FileBox::from_url("http://x.y/z.png?token=1#part"),
      FileBox::from_url("https://x.y/z", {.name = "n.jpg", .size = 5, .md5 = md5}),
      FileBox::from_qr_code("https://wechaty.js.org/漢", md5),
      FileBox::from_uuid(uuid),
      FileBox::from_uuid(uuid, {.name = "f.txt", .size = 12, .md5 = md5})};
  const json npm = npm_reads(boxes);
  ASSERT_EQ(npm.size(), boxes.size());
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    EXPECT_EQ(boxes[i].to_json_text(), npm[i].at("json"));
    expect_same(boxes[i], npm[i]);
  }
  EXPECT_EQ(boxes[0].to_data_url(), npm[0].at("dataUrl"));
  EXPECT_EQ(boxes[3].to_data_url(), npm[3].at("dataUrl"));
}

// Differs: npm file-box drops the headers of a URL box when it reads one.
TEST(NpmFileBox, HeadersArriveHereAndAreLostThere) {
  const auto box = FileBox::from_url("http://x.y/z", {.headers = {{"X-Token", "abc"}}});
  EXPECT_EQ(FileBox::from_json_text(box.to_json_text()), box);
  const json npm = npm_reads({box});
  EXPECT_EQ(npm[0].at("json"), FileBox::from_url("http://x.y/z").to_json_text());
}

#ifdef WECHATY_PUPPET_QRCODE
TEST(NpmFileBox, EachReadsTheOthersQrCodes) {
  const auto resolver = std::make_shared<puppet_qrcode::QrCodeResolver>();
  for (const json& npm : npm("write")) {
    if (npm.at("qrCode") == "") continue;
    const auto picture = FileBox::from_base64(npm.at("base64")).with_resolver(resolver);
    EXPECT_EQ(picture.to_qr_code(), npm.at("qrCode"));
  }
  const auto ours = FileBox::from_qr_code("https://wechaty.js.org/漢").with_resolver(resolver);
  const json npm = npm_reads({FileBox::from_base64(ours.to_base64(), "scan.png")});
  EXPECT_EQ(npm[0].at("picture"), ours.to_qr_code());
}
#endif

}  // namespace
}  // namespace wechaty::puppet
