// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/file_box/file_box.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/temp_folder.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/naming.hpp"
#include "wechaty/puppet/file_box/uuid_store.hpp"

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

TEST(FileBox, Base64IsLookedAtWhenItIsRead) {
  const auto box = FileBox::from_base64("aGk*");
  EXPECT_EQ(box.to_base64(), "aGk*");
  try {
    static_cast<void>(box.to_buffer());
    FAIL() << "no exception";
  } catch (const InvalidArgumentError& error) {
    EXPECT_NE(std::string{error.what()}.find("offset 3"), std::string::npos) << error.what();
  }
  EXPECT_THROW(static_cast<void>(box.to_text()), InvalidArgumentError);
  EXPECT_THROW(static_cast<void>(conventional(box)), InvalidArgumentError);
}

TEST(FileBox, ABase64BoxKnowsItsSize) {
  EXPECT_EQ(FileBox::from_base64("aGk=").size(), 2U);
  EXPECT_EQ(FileBox::from_base64("aGk").size(), 2U);
  EXPECT_EQ(FileBox::from_base64("").size(), 0U);
  EXPECT_EQ(FileBox::from_base64("aGk"), FileBox::from_base64("aGk="));
}

TEST(FileBox, DataUrlsAreThoseOfTheRfc) {
  struct Case {
    std::string url, type, content;
  };
  const std::vector<Case> cases{
      {"data:image/png;base64,aGk=", "image/png", "hi"},
      {"data:image/png;base64,aGk%3D", "image/png", "hi"},
      {"DATA:image/png;BASE64,aGk=", "image/png", "hi"},
      {"data:text/plain;charset=utf-8;base64,aGk=", "text/plain;charset=utf-8", "hi"},
      {"data:text/html,%3Cb%3Ehi%20there", "text/html", "<b>hi there"},
      {"data:,A%20brief%20note", "text/plain", "A brief note"},
      {"data:;charset=utf-8,%e6%bc%a2", "text/plain;charset=utf-8", "漢"},
      {"data:text/plain,100%", "text/plain", "100%"},
      {"data:text/plain,a,b", "text/plain", "a,b"},
      {"data:,", "text/plain", ""}};
  for (const auto& [url, type, content] : cases) {
    const auto box = FileBox::from_data_url(url);
    EXPECT_EQ(box.type(), FileBoxType::base64) << url;
    EXPECT_EQ(box.name(), "data-url.dat") << url;
    EXPECT_EQ(box.declared_media_type(), type) << url;
    EXPECT_EQ(box.to_text(), content) << url;
    EXPECT_EQ(FileBox::from_data_url(box.to_data_url()).to_text(), content) << url;
  }
  EXPECT_EQ(FileBox::from_base64("a G\nk=", "a.png").to_data_url(), "data:image/png;base64,aGk=");
  for (const std::string url : {"", "data:", "data:text/plain", "hello", "http://x/,"}) {
    EXPECT_THROW(FileBox::from_data_url(url), InvalidArgumentError) << url;
  }
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

TEST(FileBox, AStreamIsReadOnceAndSaysSo) {
  const auto box = FileBox::from_stream(std::make_unique<OneByteAtATime>("hello"));
  const FileBox copy = box;
  EXPECT_EQ(box.to_text(), "hello");
  EXPECT_THROW(static_cast<void>(copy.to_text()), ConsumedError);
  EXPECT_THROW(copy.to_file("nowhere"), ConsumedError);
  EXPECT_EQ(copy.peek(4), std::nullopt);
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

TEST(FileBox, EveryFormGivesTheSameInEveryForm) {
  class Resolver final : public FileBoxResolver {
   public:
    std::unique_ptr<ByteSource> open_url(const std::string&,
                                         const std::map<std::string, std::string>&) override {
      return std::make_unique<OneByteAtATime>("content");
    }
    std::vector<std::byte> encode_qr_code(const std::string&) override {
      return FileBox::from_buffer("content").to_buffer();
    }
  };
  const TempFolder folder;
  const auto resolver = combine({std::make_shared<Resolver>(), std::make_shared<UuidStore>()});
  const std::string uuid = FileBox::from_buffer("content").with_resolver(resolver).to_uuid();
  test::write_text(folder / "a.txt", "content");
  const std::string base64 = "Y29udGVudA==";
  const auto boxes = [&] {
    return std::vector{FileBox::from_base64(base64),
                       FileBox::from_data_url("data:,content"),
                       FileBox::from_buffer("content"),
                       FileBox::from_file(folder / "a.txt"),
                       FileBox::from_stream(std::make_unique<OneByteAtATime>("content")),
                       FileBox::from_url("http://x/y"),
                       FileBox::from_uuid(uuid),
                       FileBox::from_qr_code("text")};
  };
  const auto for_each = [&](const auto& check) {
    for (const FileBox& box : boxes()) {
      SCOPED_TRACE(box.to_string());
      check(box.with_name("a.txt").with_resolver(resolver));
    }
  };
  for_each([](const FileBox& box) { EXPECT_EQ(box.to_buffer().size(), 7U); });
  for_each([](const FileBox& box) { EXPECT_EQ(box.to_text(), "content"); });
  for_each([&](const FileBox& box) { EXPECT_EQ(box.to_base64(), base64); });
  for_each([&](const FileBox& box) {
    EXPECT_EQ(FileBox::from_stream(box.open_base64()).to_text(), base64);
  });
  for_each([&](const FileBox& box) {
    EXPECT_EQ(box.to_data_url(), "data:text/plain;base64," + base64);
  });
  for_each([&](const FileBox& box) {
    box.to_file(folder / "copy", true);
    EXPECT_EQ(test::read_text(folder / "copy"), "content");
  });
  for_each([](const FileBox& box) {
    std::size_t size = 0;
    box.pipe([&](std::span<const std::byte> chunk) { size += chunk.size(); });
    EXPECT_EQ(size, 7U);
  });
  for_each([&](const FileBox& box) {
    EXPECT_EQ(FileBox::from_uuid(box.to_uuid()).with_resolver(resolver).to_text(), "content");
  });
}

TEST(FileBox, AUuidBoxStaysWhereItIs) {
  EXPECT_EQ(FileBox::from_uuid("880c").to_uuid(), "880c");
  EXPECT_THROW(static_cast<void>(FileBox::from_buffer("x").to_uuid()), UnsupportedError);
}

TEST(FileBox, ReadyAsksTheServer) {
  class Server final : public FileBoxResolver {
   public:
    UrlDetails describe_url(const std::string&,
                            const std::map<std::string, std::string>&) override {
      return details;
    }
    UrlDetails details{.name = "../b.png", .media_type = "image/png", .size = 5};
  };
  const auto server = std::make_shared<Server>();
  const auto box = FileBox::from_url("http://x/a").with_resolver(server);
  const auto ready = box.ready();
  EXPECT_EQ(ready.name(), "b.png");
  EXPECT_EQ(ready.declared_media_type(), "image/png");
  EXPECT_EQ(ready.size(), 5U);
  EXPECT_EQ(box.name(), "a") << "a box is a value";
  server->details = {};
  EXPECT_EQ(ready.ready(), ready) << "what the server does not say stays";
  EXPECT_THROW(static_cast<void>(FileBox::from_url("http://x/a").ready()), UnsupportedError);
  EXPECT_EQ(FileBox::from_buffer("x").ready(), FileBox::from_buffer("x"));
}

TEST(FileBox, AQrCodeIsItsText) {
  EXPECT_EQ(FileBox::from_qr_code("text").to_qr_code(), "text");
  EXPECT_THROW(static_cast<void>(FileBox::from_buffer("x").to_qr_code()), UnsupportedError);
}

TEST(FileBox, APictureThatIsTooLargeIsNotLookedAt) {
  class Endless final : public ByteSource {
   public:
    std::size_t read(std::span<std::byte> buffer) override { return buffer.size(); }
  };
  EXPECT_THROW(static_cast<void>(FileBox::from_stream(std::make_unique<Endless>())
                                     .with_resolver(combine({}))
                                     .to_qr_code()),
               TooLargeError);
}

TEST(FileBox, TextForLogsIsThatOfTheNpmPackage) {
  EXPECT_EQ(FileBox::from_url("http://x/z.png").to_string(), "FileBox#Url<z.png>");
  EXPECT_EQ(FileBox::from_qr_code("x").to_string(), "FileBox#QRCode<qrcode.png>");
}

TEST(FileBox, SecretsOfAUrlAreNotInMessages) {
  for (const std::string url : {"ftp://user:password@x/y?token", "file:///etc/x?token"}) {
    try {
      FileBox::from_url(url);
      ADD_FAILURE() << "accepted: " << url;
    } catch (const InvalidArgumentError& error) {
      EXPECT_EQ(std::string{error.what()}.find("token"), std::string::npos) << error.what();
      EXPECT_EQ(std::string{error.what()}.find("password"), std::string::npos) << error.what();
    }
  }
  EXPECT_EQ(FileBox::from_url("HTTPS://X/a.png").name(), "a.png");
}

TEST(FileBox, HeadersMayBeNumbersAndLists) {
  const auto box = FileBox::from_json_text(
      R"({"type":2,"url":"http://x/y","headers":{"a":"b","c":["d","e"],"f":5}})");
  const auto json = nlohmann::json::parse(box.to_json_text());
  EXPECT_EQ(json.at("headers"), (nlohmann::json{{"a", "b"}, {"c", "d, e"}, {"f", "5"}}));
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
      {R"({"type":2,"url":"http://x","headers":{"a":true}})", "headers.a"},
      {R"({"type":2,"url":"http://x","headers":{"a":[1]}})", "headers.a"},
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

TEST(FileBox, SeveralResolversBecomeOne) {
  class Urls final : public FileBoxResolver {
   public:
    std::unique_ptr<ByteSource> open_url(const std::string&,
                                         const std::map<std::string, std::string>&) override {
      return std::make_unique<OneByteAtATime>("from the net");
    }
  };
  const auto store = std::make_shared<UuidStore>();
  const auto both = combine({std::make_shared<Urls>(), store});
  EXPECT_EQ(FileBox::from_url("http://x/y").with_resolver(both).to_text(), "from the net");
  const std::string uuid = FileBox::from_buffer("stored").with_resolver(both).to_uuid();
  EXPECT_EQ(FileBox::from_uuid(uuid).with_resolver(both).to_text(), "stored");
  EXPECT_THROW(static_cast<void>(FileBox::from_uuid("no uuid").with_resolver(both).to_text()),
               InvalidArgumentError)
      << "a resolver that knows how and fails is not passed over";
  EXPECT_THROW(static_cast<void>(FileBox::from_qr_code("x").with_resolver(both).to_text()),
               UnsupportedError);
  EXPECT_THROW(static_cast<void>(combine({nullptr})), InvalidArgumentError);
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
