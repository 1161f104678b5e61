// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/file_box/uuid_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <thread>
#include <vector>

#include "support/temp_folder.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"

namespace wechaty::puppet {
namespace {

using test::TempFolder;

std::string save(UuidStore& store, std::string_view content) {
  return store.save_uuid(*FileBox::from_buffer(content).open());
}

std::string load(UuidStore& store, const std::string& uuid) {
  return FileBox::from_stream(store.load_uuid(uuid)).to_text();
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777U;
}

/// Asks again and again, for at most ten seconds.
template <class Condition>
bool eventually(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

TEST(UuidStore, WhatWasSavedIsLoadedAnyNumberOfTimes) {
  UuidStore store;
  const std::string content(200'000, 'x');
  const std::string uuid = save(store, content);
  const std::string other = save(store, "");
  EXPECT_TRUE(UuidStore::is_uuid(uuid)) << uuid;
  EXPECT_EQ(uuid[14], '4') << "the version of a random UUID";
  EXPECT_NE(uuid, other);
  EXPECT_EQ(load(store, uuid), content);
  EXPECT_EQ(load(store, uuid), content);
  EXPECT_EQ(load(store, other), "");
}

TEST(UuidStore, OnlyAUuidIsAUuid) {
  EXPECT_TRUE(UuidStore::is_uuid("880c188f-1aB2-4000-8000-0123456789ab"));
  for (const char* text :
       {"", "x", "880c188f-1ab2-4000-8000-0123456789a", "880c188f-1ab2-4000-8000-0123456789abc",
        "880c188f+1ab2-4000-8000-0123456789ab", "../c188f-1ab2-4000-8000-0123456789ab",
        "880c188g-1ab2-4000-8000-0123456789ab"}) {
    EXPECT_FALSE(UuidStore::is_uuid(text)) << text;
  }
}

TEST(UuidStore, AContentCanComeInPieces) {
  UuidStore store;
  const auto writer = store.writer();
  for (const std::string_view piece : {"one ", "two ", "", "three"}) {
    writer->write(std::as_bytes(std::span{piece}));
  }
  EXPECT_EQ(load(store, writer->finish()), "one two three");
  EXPECT_THROW(static_cast<void>(writer->finish()), StorageError);
}

TEST(UuidStore, WhatWasNotFinishedLeavesNothing) {
  UuidStore store;
  {
    const auto writer = store.writer();
    writer->write(std::as_bytes(std::span{"half", 4}));
    EXPECT_EQ(store.usage(), (UuidStore::Usage{.contents = 1, .bytes = 4}));
  }
  EXPECT_EQ(store.usage(), UuidStore::Usage{});
  EXPECT_TRUE(std::filesystem::is_empty(store.folder()));
}

TEST(UuidStore, OnlyItsOwnerMayEnter) {
  UuidStore store;
  const std::string uuid = save(store, "secret");
  EXPECT_EQ(mode_of(store.folder()), 0700U);
  EXPECT_EQ(mode_of(store.folder() + "/" + uuid), 0600U);
}

TEST(UuidStore, OnlyUuidsAreIds) {
  const TempFolder folder;
  test::write_text(folder / "secret", "not for you");
  UuidStore store{{.folder = folder.path()}};
  const std::string unknown = "00000000-0000-4000-8000-000000000000";
  for (const std::string& id :
       {std::string{}, std::string{"../secret"}, folder / "secret", std::string{"secret"},
        "../" + unknown, unknown + "/../../secret", unknown + std::string(1, '\0'),
        std::string{"00000000-0000-4000-8000-00000000000g"},
        std::string{"00000000_0000_4000_8000_000000000000"}}) {
    EXPECT_THROW(static_cast<void>(store.load_uuid(id)), InvalidArgumentError) << id;
  }
  EXPECT_THROW(static_cast<void>(store.load_uuid(unknown)), NotFoundError);
}

TEST(UuidStore, CapitalsAreTheSameUuid) {
  UuidStore store;
  std::string uuid = save(store, "content");
  for (char& c : uuid) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(load(store, uuid), "content");
}

TEST(UuidStore, OfTwoStoresEachKnowsItsOwn) {
  UuidStore mine;
  UuidStore yours;
  const std::string uuid = save(mine, "mine");
  EXPECT_THROW(static_cast<void>(yours.load_uuid(uuid)), NotFoundError);
}

TEST(UuidStore, ContentsExpireAfterHalfAnHour) {
  EXPECT_EQ(UuidStoreOptions{}.max_age, std::chrono::minutes{30});
}

TEST(UuidStore, WhatExpiredIsGoneFromTheDiskByItself) {
  UuidStore store{{.max_age = std::chrono::milliseconds{50}}};
  const auto began = std::chrono::steady_clock::now();
  const std::string first = save(store, "first");
  const auto reader = store.load_uuid(first);
  save(store, "second");
  ASSERT_TRUE(eventually([&] { return std::filesystem::is_empty(store.folder()); }));
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds{50});
  EXPECT_TRUE(eventually([&] { return store.usage() == UuidStore::Usage{}; }));
  EXPECT_THROW(static_cast<void>(store.load_uuid(first)), NotFoundError);
  std::array<std::byte, 16> buffer{};
  EXPECT_EQ(reader->read(buffer), 5U) << "who reads already reads on";
  EXPECT_EQ(load(store, save(store, "third")), "third") << "it goes on after it was empty";
}

TEST(UuidStore, TheQuotaIsOneOfBytes) {
  UuidStore store{{.max_bytes = 10}};
  save(store, "123456");
  EXPECT_THROW(save(store, "12345"), TooLargeError);
  EXPECT_EQ(store.usage(), (UuidStore::Usage{.contents = 1, .bytes = 6}));
  EXPECT_EQ(load(store, save(store, "1234")), "1234");
}

TEST(UuidStore, TheQuotaIsOneOfContentsToo) {
  UuidStore store{{.max_contents = 2}};
  save(store, "");
  const auto writer = store.writer();
  EXPECT_THROW(static_cast<void>(store.writer()), TooLargeError);
}

TEST(UuidStore, ASourceThatFailsLeavesNothing) {
  class Broken final : public ByteSource {
   public:
    std::size_t read(std::span<std::byte> buffer) override {
      if (std::exchange(read_, true)) throw NetworkError{"the line is dead"};
      return buffer.size();
    }

   private:
    bool read_ = false;
  };
  UuidStore store;
  Broken broken;
  EXPECT_THROW(store.save_uuid(broken), NetworkError);
  EXPECT_TRUE(std::filesystem::is_empty(store.folder()));
}

TEST(UuidStore, NothingIsLeftOfIt) {
  const TempFolder folder;
  std::unique_ptr<UuidStore::Writer> writer;
  {
    UuidStore store{{.folder = folder.path()}};
    save(store, "content");
    writer = store.writer();
  }
  EXPECT_THAT(folder.names(), testing::IsEmpty());
  EXPECT_THROW(writer->write(std::as_bytes(std::span{"late", 4})), StorageError);
  EXPECT_THROW(static_cast<void>(writer->finish()), StorageError);
}

TEST(UuidStore, WhatAKilledProcessLeftIsRemovedByTheNext) {
  const TempFolder folder;
  UuidStore alive{{.folder = folder.path()}};
  const std::string uuid = save(alive, "alive");
  const pid_t child = ::fork();
  if (child == 0) {
    // Leaves its folder without a destructor.
    auto* const store = new UuidStore{{.folder = folder.path()}};
    save(*store, "left behind");
    ::_exit(0);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  EXPECT_EQ(folder.names().size(), 2U);
  const UuidStore next{{.folder = folder.path()}};
  EXPECT_EQ(folder.names().size(), 2U);
  EXPECT_EQ(load(alive, uuid), "alive");
}

TEST(UuidStore, ManyThreadsUseOneStore) {
  UuidStore store{{.max_age = std::chrono::milliseconds{20}}};
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&store, thread] {
      for (int i = 0; i < 50; ++i) {
        const std::string content = std::to_string(thread) + " " + std::to_string(i);
        const std::string uuid = save(store, content);
        try {
          EXPECT_EQ(load(store, uuid), content);
        } catch (const NotFoundError&) {
          // It took longer than its age.
        }
      }
    });
  }
  threads.clear();
  EXPECT_TRUE(eventually([&] { return store.usage() == UuidStore::Usage{}; }));
}

TEST(UuidStore, AFolderThatCannotBeMadeIsSaid) {
  EXPECT_THROW(UuidStore({.folder = "/no/such/folder"}), StorageError);
  EXPECT_THROW(UuidStore({.max_age = std::chrono::milliseconds{0}}), InvalidArgumentError);
}

}  // namespace
}  // namespace wechaty::puppet
