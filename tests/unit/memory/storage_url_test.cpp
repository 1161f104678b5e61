// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/memory/storage_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "support/fake_storage.hpp"
#include "support/temp_folder.hpp"
#include "wechaty/puppet/memory/memory_card.hpp"

namespace wechaty::puppet {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(StorageUrl, IsTakenApart) {
  EXPECT_EQ(StorageUrl::parse("file:bot"), (StorageUrl{.scheme = "file", .path = "bot"}));
  EXPECT_EQ(StorageUrl::parse("file:///srv/my%20bot"),
            (StorageUrl{.scheme = "file", .path = "/srv/my bot"}));
  EXPECT_EQ(StorageUrl::parse("Redis://me@h:1/a/b?db=2&lease=&x"),
            (StorageUrl{.scheme = "redis",
                        .user = "me",
                        .authority = "h:1",
                        .path = "/a/b",
                        .query = {{"db", "2"}, {"lease", ""}, {"x", ""}}}));
  EXPECT_EQ(StorageUrl::parse("etcd://h1:1,h2:2").authority, "h1:1,h2:2");
  EXPECT_EQ(StorageUrl::parse("s3://b/k?endpoint=http://h:1/").query.at("endpoint"), "http://h:1/");
}

TEST(StorageUrl, RefusesOthersWithoutQuotingThem) {
  for (const char* url : {"", "bot", "/srv/bot", "re dis://hunter2", "redis://me:hunter2@h/k",
                          "redis://:hunter2@h/k", "file:hunter2%", "file:%zz", "file:a%00b",
                          "etcd:tcd://me:hunter2@h/k", "redis:/redis://hunter2@h/k"}) {
    try {
      (void)StorageUrl::parse(url);
      ADD_FAILURE() << url;
    } catch (const InvalidArgumentError& error) {
      EXPECT_THAT(error.what(), Not(HasSubstr("hunter2")));
    }
  }
}

TEST(StorageUrl, UnknownParametersAreNamed) {
  auto url = StorageUrl::parse("redis://h/k?db=1&tiemout=5");
  EXPECT_EQ(url.take("db"), "1");
  EXPECT_EQ(url.take("db"), std::nullopt);
  try {
    url.require_no_more();
    ADD_FAILURE();
  } catch (const InvalidArgumentError& error) {
    EXPECT_THAT(error.what(), HasSubstr("tiemout"));
  }
  try {
    StorageUrl::parse("redis://h/k?a:hunter2@h=1").require_no_more();
    ADD_FAILURE();
  } catch (const InvalidArgumentError& error) {
    EXPECT_THAT(error.what(), Not(HasSubstr("hunter2")));
  }
}

TEST(MemoryCardOpen, OpensFilesAndNothing) {
  const test::TempFolder folder;
  auto card = MemoryCard::open("file:" + (folder / "bot"));
  EXPECT_EQ(card.describe(), "file " + (folder / "bot.memory-card.json"));
  EXPECT_EQ(MemoryCard::open("file://" + (folder / "bot")).describe(), card.describe());
  EXPECT_EQ(MemoryCard::open("file:bot").to_string(), "MemoryCard<bot>");
  EXPECT_EQ(MemoryCard::open("nop:").describe(), "memory only");
  EXPECT_THROW((void)MemoryCard::open("file:"), InvalidArgumentError);
  EXPECT_THROW((void)MemoryCard::open("file:bot?x=1"), InvalidArgumentError);
  EXPECT_THROW((void)MemoryCard::open("file://server/bot"), InvalidArgumentError);
}

TEST(MemoryCardOpen, AsksTheFactoryFirst) {
  const auto store = std::make_shared<test::FakeStorage>();
  const StorageFactory factory = [&](const StorageUrl& url) -> std::optional<OpenedStorage> {
    if (url.scheme != "fake") return std::nullopt;
    return OpenedStorage{.name = url.path, .storage = store};
  };
  EXPECT_EQ(MemoryCard::open("fake:bot", factory).to_string(), "MemoryCard<bot>");
  EXPECT_EQ(MemoryCard::open("nop:", factory).describe(), "memory only");
  EXPECT_THROW((void)MemoryCard::open("redis://h/k", factory), UnsupportedError);
  EXPECT_THROW((void)MemoryCard::open("redis://h/k"), UnsupportedError);
}

}  // namespace
}  // namespace wechaty::puppet
