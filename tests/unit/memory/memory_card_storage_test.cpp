// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "support/fake_storage.hpp"
#include "wechaty/puppet/memory/memory_card.hpp"

namespace wechaty::puppet {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct Fixture {
  std::shared_ptr<test::FakeStorage> store = std::make_shared<test::FakeStorage>();
  MemoryCard card{"bot", store};
};

TEST(MemoryCardSave, StoresTheDocumentOfTheNpmPackage) {
  Fixture f;
  EXPECT_FALSE(f.card.load().found);
  f.card.set("b", nlohmann::json{{"x", {1}}});
  f.card.multiplex("puppet").set("k", "v");
  EXPECT_TRUE(f.card.save());
  EXPECT_EQ(f.store->text(), "{\"b\":{\"x\":[1]},\"\\rpuppet\\nk\":\"v\"}");
}

TEST(MemoryCardSave, OfAViewStoresTheRoot) {
  Fixture f;
  auto view = f.card.multiplex("a").multiplex("b");
  view.load();
  f.card.set("root", 1);
  view.save();
  EXPECT_EQ(f.store->text(), R"({"root":1})");
}

TEST(MemoryCardSave, TouchesTheStoreOnlyWhenSomethingHasChanged) {
  Fixture f;
  f.card.load();
  EXPECT_FALSE(f.card.changed());
  EXPECT_FALSE(f.card.save());
  f.card.set("k", 1);
  EXPECT_TRUE(f.card.changed());
  EXPECT_TRUE(f.card.save());
  f.card.set("k", 1);
  EXPECT_FALSE(f.card.erase("none"));
  EXPECT_FALSE(f.card.save());
  EXPECT_EQ(f.store->saves(), 1);
  EXPECT_TRUE(f.card.save(SaveMode::always));
  EXPECT_EQ(f.store->saves(), 2);
  f.card.clear();
  EXPECT_TRUE(f.card.save());
  EXPECT_EQ(f.store->text(), "{}");
}

TEST(MemoryCardSave, SavesNothingWithoutStorage) {
  MemoryCard card;
  card.load();
  card.set("k", 1);
  EXPECT_FALSE(card.save());
  EXPECT_FALSE(card.save(SaveMode::always));
}

TEST(MemoryCardSave, AfterAFailureTheCardKeepsItsDataAndIsSavedByTheNext) {
  Fixture f;
  f.card.load();
  f.card.set("k", 1);
  f.store->before_save = [] { throw StorageError{"down"}; };
  EXPECT_THROW(f.card.save(), StorageError);
  EXPECT_TRUE(f.card.changed());
  EXPECT_EQ(f.card.get("k"), 1);
  EXPECT_EQ(f.store->text(), std::nullopt);
  f.store->before_save = {};
  EXPECT_TRUE(f.card.save());
  EXPECT_EQ(f.store->text(), R"({"k":1})");
}

TEST(MemoryCardSave, ReportsAConflictAndLeavesTheOtherDocumentAlone) {
  Fixture f;
  f.card.load();
  f.card.set("k", "ours");
  f.store->store(R"({"k":"theirs"})");
  EXPECT_THROW(f.card.save(), ConflictError);
  EXPECT_THROW(f.card.save(), ConflictError);  // not only once
  EXPECT_EQ(f.store->text(), R"({"k":"theirs"})");
  EXPECT_EQ(f.card.get("k"), "ours");
  EXPECT_TRUE(f.card.reload().found);
  EXPECT_EQ(f.card.get("k"), "theirs");
  f.card.set("k", "merged");
  EXPECT_TRUE(f.card.save());
  EXPECT_EQ(f.store->text(), R"({"k":"merged"})");
}

TEST(MemoryCardSave, ADocumentThatWasDestroyedMeanwhileIsAConflictToo) {
  Fixture f;
  f.card.load();
  f.card.set("k", 1);
  f.card.save();
  f.store->destroy();
  f.card.set("k", 2);
  EXPECT_THROW(f.card.save(), ConflictError);
  EXPECT_EQ(f.store->text(), std::nullopt);
}

TEST(MemoryCardSave, ASaveThatWasStoredAlthoughItFailedIsNoConflictWithItself) {
  Fixture f;
  f.card.load();
  f.card.set("k", 1);
  f.store->after_save = [] { throw StorageError{"the reply was lost"}; };
  EXPECT_THROW(f.card.save(), StorageError);
  f.card.set("k", 2);
  EXPECT_THROW(f.card.save(), StorageError);
  f.store->after_save = {};
  EXPECT_EQ(f.store->text(), R"({"k":2})");
  EXPECT_TRUE(f.card.save());
  f.card.set("k", 3);
  EXPECT_TRUE(f.card.save());
  EXPECT_EQ(f.store->text(), R"({"k":3})");
}

TEST(MemoryCardSave, ALostReplyDoesNotExcuseADocumentOfSomebodyElse) {
  Fixture f;
  f.card.load();
  f.card.set("k", 1);
  f.store->after_save = [] { throw StorageError{"the reply was lost"}; };
  EXPECT_THROW(f.card.save(), StorageError);
  f.store->after_save = {};
  f.store->store(R"({"k":"theirs"})");
  EXPECT_THROW(f.card.save(), ConflictError);
  EXPECT_EQ(f.store->text(), R"({"k":"theirs"})");
}

TEST(MemoryCardSave, RefusesADocumentThatCouldNotBeLoadedAgain) {
  Fixture f;
  f.card.load();
  f.card.set("small", 1);
  f.card.save();
  f.card.set("large", std::string(MemoryStorage::max_document_bytes, 'x'));
  EXPECT_THROW(f.card.save(), InvalidArgumentError);
  EXPECT_EQ(f.store->text(), R"({"small":1})");
}

TEST(MemoryCardLoad, TwiceIsAnErrorAndReloadIsNot) {
  Fixture f;
  f.store->store(R"({"k":1})");
  EXPECT_TRUE(f.card.load().found);
  EXPECT_THROW(f.card.load(), InvalidArgumentError);
  f.store->store(R"({"k":2})");
  f.card.set("unsaved", true);
  EXPECT_TRUE(f.card.reload().found);
  EXPECT_EQ(f.card.to_json(), R"({"payload":{"k":2},"options":{"name":"bot"}})");
  EXPECT_FALSE(f.card.changed());
}

TEST(MemoryCardLoad, ThatFailsChangesNothingAndMayBeTriedAgain) {
  Fixture f;
  f.store->store(R"({"k":1})");
  f.store->before_load = [] { throw StorageError{"down"}; };
  EXPECT_THROW(f.card.load(), StorageError);
  EXPECT_FALSE(f.card.loaded());
  f.store->before_load = {};
  EXPECT_TRUE(f.card.load().found);
  EXPECT_EQ(f.card.get("k"), 1);
  f.store->before_load = [] { throw StorageError{"down"}; };
  f.card.set("unsaved", 2);
  EXPECT_THROW(f.card.reload(), StorageError);
  EXPECT_EQ(f.card.get("unsaved"), 2);
}

TEST(MemoryCardLoad, SetsADamagedDocumentAsideAndIsLoadedAndEmpty) {
  for (const char* text :
       {"", "{\"token\":\"hunter2", "null", "[]", "\"hunter2\"", "{\"a\":1,\"a\":2}"}) {
    Fixture f;
    f.store->store(text);
    const auto result = f.card.load();
    EXPECT_FALSE(result.found);
    EXPECT_EQ(result.set_aside_as, "fake.1");
    EXPECT_THAT(result.damage, HasSubstr("fake storage"));
    EXPECT_THAT(result.damage, Not(HasSubstr("hunter2")));
    EXPECT_TRUE(f.card.loaded());
    EXPECT_EQ(f.card.size(), 0U);
    f.card.set("k", 1);
    EXPECT_TRUE(f.card.save());
    EXPECT_EQ(f.store->text(), R"({"k":1})");
    EXPECT_THAT(f.store->aside(), ElementsAre(text));
  }
}

TEST(MemoryCardLoad, ADamagedDocumentThatCannotBeSetAsideYetIsNeverOverwritten) {
  Fixture f;
  f.store->store("damaged");
  f.store->before_set_aside = [] { throw StorageError{"read-only"}; };
  const auto result = f.card.load();
  EXPECT_EQ(result.set_aside_as, std::nullopt);
  EXPECT_THAT(result.damage, HasSubstr("read-only"));
  f.card.set("k", 1);
  EXPECT_THROW(f.card.save(), StorageError);
  EXPECT_EQ(f.store->text(), "damaged");
  f.store->before_set_aside = {};
  EXPECT_TRUE(f.card.save());
  EXPECT_THAT(f.store->aside(), ElementsAre("damaged"));
  EXPECT_EQ(f.store->text(), R"({"k":1})");
}

TEST(MemoryCardLoad, SetsNothingAsideThatSomebodyHasMendedMeanwhile) {
  Fixture f;
  f.store->store("damaged");
  f.store->before_set_aside = [&] { f.store->store(R"({"k":"good"})"); };
  EXPECT_THROW(f.card.load(), ConflictError);
  EXPECT_FALSE(f.card.loaded());
  EXPECT_TRUE(f.card.load().found);
  EXPECT_EQ(f.card.get("k"), "good");
}

TEST(MemoryCardDestroy, RemovesTheDocumentAndMayBeLoadedAgain) {
  Fixture f;
  f.card.load();
  f.card.set("k", 1);
  f.card.save();
  f.card.destroy();
  EXPECT_EQ(f.store->text(), std::nullopt);
  EXPECT_FALSE(f.card.loaded());
  EXPECT_FALSE(f.card.load().found);
  EXPECT_EQ(f.card.size(), 0U);
  f.card.set("k", 2);
  EXPECT_TRUE(f.card.save());
}

TEST(MemoryCardDestroy, WorksOnACardThatWasNeverLoaded) {
  Fixture f;
  f.store->store("damaged");
  f.card.destroy();
  EXPECT_EQ(f.store->text(), std::nullopt);
}

TEST(MemoryCardDestroy, ThatFailsLeavesTheCardAsItWas) {
  Fixture f;
  f.card.load();
  f.card.set("k", 1);
  f.store->before_destroy = [] { throw StorageError{"down"}; };
  EXPECT_THROW(f.card.destroy(), StorageError);
  EXPECT_EQ(f.card.get("k"), 1);
  EXPECT_TRUE(f.card.changed());
}

TEST(MemoryCardThreads, ReadersDoNotWaitForASaveUnderWay) {
  Fixture f;
  f.card.load();
  f.card.set("k", 1);
  std::promise<void> saving;
  std::promise<void> go_on;
  f.store->before_save = [&] {
    saving.set_value();
    go_on.get_future().wait();
  };
  std::jthread saver{[&] { f.card.save(); }};
  saving.get_future().wait();
  EXPECT_EQ(f.card.get("k"), 1);  // would hang here
  f.card.set("k", 2);
  go_on.set_value();
  saver.join();
  EXPECT_EQ(f.store->text(), R"({"k":1})");
  EXPECT_TRUE(f.card.changed());  // what was set during the save belongs to the next one
  f.store->before_save = {};
  EXPECT_TRUE(f.card.save());
  EXPECT_EQ(f.store->text(), R"({"k":2})");
}

TEST(MemoryCardThreads, ManyWritersAndSaversLoseNothing) {
  Fixture f;
  f.card.load();
  constexpr int threads = 8;
  constexpr int keys = 100;
  {
    std::vector<std::jthread> workers;
    for (int t = 0; t < threads; ++t) {
      workers.emplace_back([&f, t] {
        auto view = f.card.multiplex("view" + std::to_string(t));
        for (int i = 0; i < keys; ++i) {
          view.set(std::to_string(i), i);
          if (i % 10 == 0) f.card.save();
          EXPECT_EQ(view.get<int>(std::to_string(i)), i);
          EXPECT_EQ(view.size(), static_cast<std::size_t>(i + 1));
        }
      });
    }
  }
  f.card.save();
  MemoryCard other{"bot", f.store};
  other.load();
  EXPECT_EQ(other.size(), static_cast<std::size_t>(threads * keys));
  EXPECT_EQ(other.to_json(), f.card.to_json());
}

TEST(MemoryCardJson, IsReadBackFromTheFormOfTheNpmPackage) {
  auto card = MemoryCard::from_json(R"({"payload":{"a":1,"\rp\nk":"v"}})");
  EXPECT_TRUE(card.loaded());
  EXPECT_EQ(card.multiplex("p").get("k"), "v");
  EXPECT_EQ(card.to_json(), "{\"payload\":{\"a\":1,\"\\rp\\nk\":\"v\"}}");
  EXPECT_FALSE(card.save());
}

TEST(MemoryCardJson, ACardFromJsonIsSavedWhereNothingIsStoredYet) {
  auto store = std::make_shared<test::FakeStorage>();
  auto card = MemoryCard::from_json(R"({"payload":{"a":1},"options":{"name":"bot"}})", store);
  EXPECT_EQ(card.name(), "bot");
  EXPECT_TRUE(card.save());
  EXPECT_EQ(store->text(), R"({"a":1})");
  auto second = MemoryCard::from_json(R"({"payload":{"b":1},"options":{"name":"bot"}})", store);
  EXPECT_THROW(second.save(), ConflictError);
  EXPECT_EQ(store->text(), R"({"a":1})");
}

TEST(MemoryCardJson, RefusesOtherForms) {
  for (const char* text :
       {"", "[]", "{}", R"({"payload":null})", R"({"payload":[]})", R"({"payload":{},"options":1})",
        R"({"payload":{},"options":{"name":1}})",
        R"({"payload":{},"options":{"name":"n","storageOptions":[]}})"}) {
    EXPECT_THROW((void)MemoryCard::from_json(text), InvalidArgumentError) << text;
  }
  const char* s3 = R"({"payload":{},"options":{"name":"n","storageOptions":{"type":"s3"}}})";
  EXPECT_THROW((void)MemoryCard::from_json(s3), UnsupportedError);
}

}  // namespace
}  // namespace wechaty::puppet
