// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_storage/encrypted_storage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "storage/storage_rules.hpp"
#include "support/fake_storage.hpp"
#include "support/temp_folder.hpp"
#include "wechaty/puppet/memory/file_storage.hpp"
#include "wechaty/puppet_storage/storages.hpp"

namespace wechaty::puppet_storage {
namespace {

using puppet::InvalidArgumentError;
using puppet::MemoryCard;
using puppet::StorageError;
using puppet::test::FakeStorage;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string key_a = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
const std::string key_b(64, 'b');

/// A card whose stored form the test can look at and change.
struct Fixture {
  std::shared_ptr<FakeStorage> store = std::make_shared<FakeStorage>();

  MemoryCard card(const std::string& keys, PlainDocuments plain = PlainDocuments::refuse) {
    return MemoryCard{
        "bot", std::make_shared<EncryptedStorage>(store, EncryptionKeys::parse(keys), plain)};
  }
  void store_secret(const std::string& keys) {
    auto c = card(keys);
    c.load();
    c.set("token", "hunter2");
    c.save();
  }
};

TEST(EncryptedStorage, KeepsTheRulesOfEveryStorage) {
  const puppet::test::TempFolder folder;
  const auto open = [&] {
    return std::make_unique<EncryptedStorage>(std::make_shared<puppet::FileStorage>(folder / "bot"),
                                              EncryptionKeys::parse(key_a));
  };
  puppet::test::nothing_stored_is_no_error(open);
  puppet::test::keeps_documents_byte_for_byte(open);
  puppet::test::the_later_writer_gets_a_conflict(open);
  puppet::test::of_many_writers_exactly_one_wins(open);
  puppet::test::a_damaged_document_is_set_aside(open);
  puppet::test::one_process_at_a_time_has_the_lease(open);
}

TEST(EncryptedStorage, StoresNothingReadableAndReadsItBack) {
  Fixture f;
  f.store_secret(key_a);
  EXPECT_THAT(*f.store->text(), StartsWith("wechaty-encrypted-1 "));
  EXPECT_THAT(*f.store->text(), Not(HasSubstr("hunter2")));
  EXPECT_THAT(*f.store->text(), Not(HasSubstr("token")));
  auto card = f.card(key_a);
  EXPECT_TRUE(card.load().found);
  EXPECT_EQ(card.get("token"), "hunter2");
}

TEST(EncryptedStorage, EncryptsTheSameDocumentDifferentlyEachTime) {
  Fixture f;
  std::set<std::string> seen;
  auto card = f.card(key_a);
  card.load();
  for (int i = 0; i < 10; ++i) {
    card.save(puppet::SaveMode::always);
    seen.insert(*f.store->text());
  }
  EXPECT_EQ(seen.size(), 10U);
}

TEST(EncryptedStorage, RefusesACardThatWasTamperedWithAnywhereLikeADamagedOne) {
  Fixture f;
  f.store_secret(key_a);
  const std::string good = *f.store->text();
  const auto begin_of_data = good.rfind(' ') + 1;
  for (std::size_t at = begin_of_data; at < good.size(); at += 3) {
    std::string bad = good;
    bad[at] = bad[at] == 'A' ? 'B' : 'A';
    f.store->store(bad);
    auto card = f.card(key_a);
    const auto result = card.load();
    ASSERT_FALSE(result.found) << "changed at " << at;
    ASSERT_TRUE(result.set_aside_as);
    ASSERT_THAT(result.damage, HasSubstr("tampered"));
    ASSERT_EQ(card.size(), 0U);
  }
  for (const std::string& bad : {good.substr(0, begin_of_data), good.substr(0, good.size() - 4),
                                 good.substr(0, begin_of_data - 1), good + "AAAA"}) {
    f.store->store(bad);
    EXPECT_THAT(f.card(key_a).load().damage, HasSubstr("tampered")) << bad;
  }
}

TEST(EncryptedStorage, AnotherKeyIsAnErrorThatLeavesTheCardAlone) {
  Fixture f;
  f.store_secret(key_a);
  const auto stored = f.store->text();
  auto card = f.card(key_b);
  EXPECT_THROW(card.load(), StorageError);
  EXPECT_FALSE(card.loaded());
  EXPECT_EQ(f.store->text(), stored);
  EXPECT_TRUE(f.store->aside().empty());
}

TEST(EncryptedStorage, KeysCanBeRotated) {
  Fixture f;
  f.store_secret(key_a);
  auto card = f.card(key_b + "," + key_a);
  EXPECT_TRUE(card.load().found);
  EXPECT_TRUE(card.save(puppet::SaveMode::always));
  EXPECT_THROW(f.card(key_a).load(), StorageError);
  EXPECT_TRUE(f.card(key_b).load().found);
}

TEST(EncryptedStorage, ABotWithoutTheKeySetsTheCardAsideInsteadOfAddingToIt) {
  Fixture f;
  f.store_secret(key_a);
  MemoryCard plain{"bot", f.store};
  EXPECT_TRUE(plain.load().set_aside_as);
  EXPECT_EQ(f.store->aside().size(), 1U);
}

TEST(EncryptedStorage, APlainCardIsRefusedUnlessItIsWelcome) {
  Fixture f;
  f.store->store(R"({"k":1})");
  EXPECT_THAT(f.card(key_a).load().damage, HasSubstr("not encrypted"));
  f.store->store(R"({"k":1})");
  auto card = f.card(key_a, PlainDocuments::accept);
  EXPECT_TRUE(card.load().found);
  card.set("k", 2);
  card.save();
  EXPECT_THAT(*f.store->text(), StartsWith("wechaty-encrypted-1 "));
}

TEST(EncryptionKeys, RefuseOtherFormsWithoutQuotingThem) {
  for (const std::string& text : {std::string{}, std::string{" ,\n"}, std::string{"hunter2"},
                                  key_a + ",hunter2", std::string(64, 'x'), std::string(62, 'a')}) {
    try {
      (void)EncryptionKeys::parse(text);
      ADD_FAILURE() << text;
    } catch (const InvalidArgumentError& error) {
      EXPECT_THAT(error.what(), Not(HasSubstr("hunter2")));
    }
  }
  EXPECT_NO_THROW((void)EncryptionKeys::parse(EncryptionKeys::generate()));
  EXPECT_NE(EncryptionKeys::generate(), EncryptionKeys::generate());
}

TEST(EncryptionKeys, AreReadFromAFileThatIsItsOwnersOnly) {
  const puppet::test::TempFolder folder;
  puppet::test::write_text(folder / "key", key_a + "\n" + key_b + "\n");
  ASSERT_EQ(::chmod((folder / "key").c_str(), 0640), 0);
  EXPECT_THROW((void)EncryptionKeys::from_file(folder / "key"), InvalidArgumentError);
  ASSERT_EQ(::chmod((folder / "key").c_str(), 0400), 0);
  Fixture f;
  f.store_secret(key_b);
  MemoryCard card{"bot", std::make_shared<EncryptedStorage>(
                             f.store, EncryptionKeys::from_file(folder / "key"))};
  EXPECT_TRUE(card.load().found);
  EXPECT_THROW((void)EncryptionKeys::from_file(folder / "missing"), StorageError);
}

TEST(Storages, OpenEveryScheme) {
  for (const auto& [url, where] :
       {std::pair<const char*, const char*>{"redis://h:1/bot", "redis h:1 key bot"},
        {"etcd://h:1/bot", "etcd h:1 key bot"},
        {"s3://bucket/dir/bot", "s3 bucket/dir/bot"}}) {
    const auto card = MemoryCard::open(url, storages());
    EXPECT_EQ(card.describe(), where);
    EXPECT_THAT(card.name(), testing::EndsWith("bot"));
  }
  EXPECT_EQ(MemoryCard::open("nop:", storages()).describe(), "memory only");
  EXPECT_THROW((void)MemoryCard::open("rediss://h/bot", storages()), puppet::UnsupportedError);
  EXPECT_THROW((void)MemoryCard::open("ftp://h/bot", storages()), puppet::UnsupportedError);
  EXPECT_THROW((void)MemoryCard::open("redis://h", storages()), InvalidArgumentError);
}

TEST(Storages, EncryptWithTheKeyOfTheEnvironment) {
  const puppet::test::TempFolder folder;
  ::setenv("WECHATY_PUPPET_MEMORY_KEY", key_a.c_str(), 1);
  auto card = MemoryCard::open("file:" + (folder / "bot"), storages());
  ::unsetenv("WECHATY_PUPPET_MEMORY_KEY");
  card.load();
  card.set("token", "hunter2");
  card.save();
  EXPECT_THAT(puppet::test::read_text(folder / "bot.memory-card.json"),
              StartsWith("wechaty-encrypted-1 "));
  auto plain = MemoryCard::open("file:" + (folder / "bot"), storages());
  EXPECT_TRUE(plain.load().set_aside_as);
}

}  // namespace
}  // namespace wechaty::puppet_storage
