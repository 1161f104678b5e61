// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "support/fake_storage.hpp"
#include "support/temp_folder.hpp"
#include "wechaty/puppet/memory/file_storage.hpp"
#include "wechaty/puppet/memory/memory_card.hpp"

namespace wechaty::puppet {
namespace {

using testing::HasSubstr;

TEST(FileLease, WhileOneHoldsItNoOtherCanAndTheMessageSaysWho) {
  const test::TempFolder folder;
  MemoryCard first{folder / "bot"};
  MemoryCard second{folder / "bot"};
  first.acquire_lease({.owner = "machine one"});
  EXPECT_TRUE(first.lease_held());
  first.acquire_lease();  // again is no error
  try {
    second.acquire_lease();
    ADD_FAILURE();
  } catch (const ConflictError& error) {
    EXPECT_THAT(error.what(), HasSubstr("machine one"));
  }
  EXPECT_FALSE(second.lease_held());
  EXPECT_EQ(second.fencing_number(), 0U);
  const auto number = first.fencing_number();
  first.release_lease();
  EXPECT_FALSE(first.lease_held());
  second.acquire_lease();
  EXPECT_GT(second.fencing_number(), number);
}

TEST(FileLease, EndsWithTheLastHandleOfTheCard) {
  const test::TempFolder folder;
  {
    MemoryCard card{folder / "bot"};
    const auto view = card.multiplex("puppet");
    card.acquire_lease();
  }
  MemoryCard card{folder / "bot"};
  EXPECT_NO_THROW(card.acquire_lease());
}

TEST(FileLease, OfACrashedProcessIsFreeAtOnce) {
  const test::TempFolder folder;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    MemoryCard card{folder / "bot"};
    card.acquire_lease();
    (void)!::write(ready[1], "x", 1);
    for (;;) ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  MemoryCard card{folder / "bot"};
  EXPECT_THROW(card.acquire_lease(), ConflictError);
  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_NO_THROW(card.acquire_lease());
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(FileLease, ThatIsLostForbidsToSaveAndSaysSoOnce) {
  const test::TempFolder folder;
  MemoryCard card{folder / "bot"};
  int lost = 0;
  card.acquire_lease({.on_lost = [&](const std::string& why) {
    EXPECT_THAT(why, HasSubstr("lease file"));
    ++lost;
  }});
  card.load();
  card.set("k", 1);
  card.save();
  std::filesystem::remove(folder / "bot.memory-card.json.lease");
  MemoryCard other{folder / "bot"};
  other.acquire_lease();
  card.set("k", 2);
  EXPECT_FALSE(card.lease_held());
  EXPECT_THROW(card.save(), LeaseLostError);
  EXPECT_THROW(card.destroy(), LeaseLostError);
  EXPECT_EQ(lost, 1);
  EXPECT_TRUE(other.load().found);
  EXPECT_EQ(other.get("k"), 1);
}

TEST(FileLease, DestroyKeepsTheLeaseThatIsHeld) {
  const test::TempFolder folder;
  MemoryCard card{folder / "bot"};
  card.acquire_lease();
  card.load();
  card.set("k", 1);
  card.save();
  card.destroy();
  EXPECT_TRUE(card.lease_held());
  EXPECT_THAT(folder.names(), testing::ElementsAre("bot.memory-card.json.lease"));
  MemoryCard other{folder / "bot"};
  EXPECT_THROW(other.acquire_lease(), ConflictError);
}

TEST(MemoryCardLease, IsNothingWithoutStorageAndUnsupportedWhereTheStorageHasNone) {
  MemoryCard card;
  card.acquire_lease();
  EXPECT_FALSE(card.lease_held());
  MemoryCard fake{"bot", std::make_shared<test::FakeStorage>()};
  EXPECT_THROW(fake.acquire_lease(), UnsupportedError);
  EXPECT_THROW(fake.acquire_lease({.ttl = std::chrono::milliseconds{999}}), InvalidArgumentError);
}

}  // namespace
}  // namespace wechaty::puppet
