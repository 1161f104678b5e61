// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/file_box/file_box.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "support/temp_folder.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet {
namespace {

using test::TempFolder;

class OneByteAtATime final : public ByteSource {
 public:
  explicit OneByteAtATime(std::string text) : text_{std::move(text)} {}
  std::size_t read(std::span<std::byte> buffer) override {
    if (buffer.empty() || place_ == text_.size()) return 0;
    buffer[0] = static_cast<std::byte>(text_[place_++]);
    return 1;
  }
  [[nodiscard]] std::size_t place() const { return place_; }

 private:
  std::string text_;
  std::size_t place_ = 0;
};

TEST(FileBox, Base64GoesThereAndBack) {
  std::mt19937 random{1};
  for (std::size_t size = 0; size < 100; ++size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(random());
    const std::string text = FileBox::from_buffer(bytes).to_base64();
    EXPECT_EQ(FileBox::from_base64(text).to_text(), bytes);
    EXPECT_EQ(FileBox::from_base64(text.substr(0, text.find('='))).to_text(), bytes);
  }
}

TEST(FileBox, WrongBase64IsRefusedWithItsPlace) {
  try {
    FileBox::from_base64("aGk*");
    FAIL() << "no exception";
  } catch (const InvalidArgumentError& error) {
    EXPECT_NE(std::string{error.what()}.find("offset 3"), std::string::npos) << error.what();
  }
  EXPECT_THROW(FileBox::from_base64("a"), InvalidArgumentError);
}

TEST(FileBox, ADataUrlKnowsItsType) {
  const auto box = FileBox::from_data_url("data:image/png;base64,aGk=");
  EXPECT_EQ(box.declared_media_type(), "image/png");
  EXPECT_EQ(box.to_text(), "hi");
  EXPECT_THROW(FileBox::from_data_url("data:text/plain,hi"), InvalidArgumentError);
  EXPECT_THROW(FileBox::from_data_url("http://x"), InvalidArgumentError);
}

TEST(FileBox, AFileIsReadWhenItIsAskedFor) {
  const TempFolder folder;
  test::write_text(folder / "a.txt", "first");
  const auto box = FileBox::from_file(folder / "a.txt");
  test::write_text(folder / "a.txt", "second");
  EXPECT_EQ(box.name(), "a.txt");
  EXPECT_EQ(box.to_text(), "second");
  EXPECT_THROW(FileBox::from_file(folder / "nothing"), NotFoundError);
}

TEST(FileBox, ToFileDoesNotOverwriteUnasked) {
  const TempFolder folder;
  const auto box = FileBox::from_buffer("new");
  test::write_text(folder / "x", "old");
  EXPECT_THROW(box.to_file(folder / "x"), ConflictError);
  EXPECT_EQ(test::read_text(folder / "x"), "old");
  box.to_file(folder / "x", true);
  EXPECT_EQ(test::read_text(folder / "x"), "new");
}

TEST(FileBox, AStreamIsReadOnceAndSaysSo) {
  const auto box = FileBox::from_stream(std::make_unique<OneByteAtATime>("hello"));
  const FileBox copy = box;
  EXPECT_EQ(box.to_text(), "hello");
  EXPECT_THROW(static_cast<void>(copy.to_text()), Error);
}

TEST(FileBox, PeekingTakesNothingFromAStream) {
  auto source = std::make_unique<OneByteAtATime>(std::string(10'000, 'x') + "end");
  const OneByteAtATime& watched = *source;
  const auto box = FileBox::from_stream(std::move(source));
  EXPECT_EQ(box.peek(16)->size(), 16U);
  EXPECT_EQ(box.peek(8)->size(), 8U);
  EXPECT_EQ(watched.place(), 16U);
  EXPECT_EQ(box.to_text(), std::string(10'000, 'x') + "end");
}

TEST(FileBox, JsonIsThatOfTheNpmPackage) {
  EXPECT_EQ(FileBox::from_base64("aGk=", "a.txt").to_json_text(),
            R"({"metadata":{},"name":"a.txt","size":2,"base64":"aGk=","type":1,"boxType":1})");
  EXPECT_EQ(
      FileBox::from_url("http://x.y/z.png").to_json_text(),
      R"({"metadata":{},"name":"z.png","size":-1,"type":2,"url":"http://x.y/z.png","boxType":2})");
  EXPECT_EQ(
      FileBox::from_qr_code("text").to_json_text(),
      R"({"metadata":{},"name":"qrcode.png","size":-1,"qrCode":"text","type":3,"boxType":3})");
  EXPECT_EQ(FileBox::from_uuid("880c", {.name = "f.txt", .size = 12}).to_json_text(),
            R"({"metadata":{},"name":"f.txt","size":12,"type":7,"uuid":"880c","boxType":7})");
  for (const FileBox& box : {FileBox::from_base64("aGk=", "a.txt"),
                             FileBox::from_url("http://x.y/z", {.headers = {{"a", "b"}}}),
                             FileBox::from_qr_code("text"), FileBox::from_uuid("880c")}) {
    EXPECT_EQ(FileBox::from_json_text(box.to_json_text()), box);
  }
}

TEST(FileBox, BuffersFilesAndStreamsAreNotInJson) {
  EXPECT_THROW(static_cast<void>(FileBox::from_buffer("x").to_json_text()), UnsupportedError);
  EXPECT_THROW(FileBox::from_json_text(R"({"type":4,"name":"x"})"), InvalidArgumentError);
}

TEST(FileBox, WrongJsonNamesTheField) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"", "no JSON"},
      {"[]", "expected a JSON object"},
      {"{}", "type"},
      {R"({"type":9})", "type"},
      {R"({"type":"1"})", "type"},
      {R"({"type":1})", "base64"},
      {R"({"type":1,"base64":5})", "base64"},
      {R"({"type":2,"url":"file:///etc/passwd"})", "http"},
      {R"({"type":2,"url":"http://x","headers":{"a":1}})", "headers.a"},
      {R"({"type":7,"uuid":""})", "UUID"},
      {R"({"type":7,"uuid":"x","size":"1"})", "size"},
      {R"({"type":3,"qrCode":"x","metadata":[]})", "metadata"}};
  for (const auto& [text, expected] : wrong) {
    try {
      FileBox::from_json_text(text);
      ADD_FAILURE() << "accepted: " << text;
    } catch (const InvalidArgumentError& error) {
      EXPECT_NE(std::string{error.what()}.find(expected), std::string::npos)
          << text << ": " << error.what();
    }
  }
}

TEST(FileBox, WhatIsElsewhereNeedsAResolver) {
  class Resolver final : public FileBoxResolver {
   public:
    std::unique_ptr<ByteSource> open_url(const std::string& url,
                                         const std::map<std::string, std::string>&) override {
      return std::make_unique<OneByteAtATime>("content of " + url);
    }
  };
  const auto box = FileBox::from_url("http://x/y");
  EXPECT_THROW(static_cast<void>(box.to_text()), UnsupportedError);
  const auto resolver = std::make_shared<Resolver>();
  EXPECT_EQ(box.with_resolver(resolver).to_text(), "content of http://x/y");
  EXPECT_THROW(static_cast<void>(FileBox::from_uuid("u").with_resolver(resolver).to_text()),
               UnsupportedError);
}

}  // namespace
}  // namespace wechaty::puppet
