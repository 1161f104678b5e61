// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/memory/file_storage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/temp_folder.hpp"
#include "wechaty/puppet/memory/memory_card.hpp"

namespace wechaty::puppet {
namespace {

namespace fs = std::filesystem;
using test::read_text;
using test::TempFolder;
using test::write_text;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

constexpr const char* file_name = "bot.memory-card.json";
constexpr const char* lock_name = "bot.memory-card.json.lock";

unsigned mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0U;
}

template <class Exception, class Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const Exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

/// Run a test's part in a child process; returns its exit code.
int in_child(const std::function<int()>& part) {
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 99;
    try {
      code = part();
    } catch (...) {
    }
    ::_exit(code);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(FileStorage, NamesTheFileAsTheNpmPackageDoes) {
  EXPECT_EQ(FileStorage{"/srv/bot"}.path(), "/srv/bot.memory-card.json");
  EXPECT_EQ(FileStorage{"/srv/bot.memory-card.json"}.path(), "/srv/bot.memory-card.json");
  EXPECT_EQ(FileStorage{"/srv/bot.json"}.path(), "/srv/bot.json.memory-card.json");
  EXPECT_EQ(FileStorage{"/srv/x/../bot"}.path(), "/srv/bot.memory-card.json");
  EXPECT_EQ(FileStorage{"bot"}.path(), (fs::current_path() / file_name).string());
  EXPECT_THROW(FileStorage{""}, InvalidArgumentError);
  EXPECT_THROW((FileStorage{std::string_view{"a\0b", 3}}), InvalidArgumentError);
  EXPECT_THROW(MemoryCard{std::string{}}, InvalidArgumentError);
}

TEST(FileStorage, SavesAndLoadsThroughACard) {
  const TempFolder folder;
  MemoryCard card{folder / "bot"};
  EXPECT_EQ(card.load(), LoadResult{});
  card.multiplex("puppet").set("k", "v");
  EXPECT_TRUE(card.save());
  EXPECT_EQ(read_text(folder / file_name), "{\"\\rpuppet\\nk\":\"v\"}");
  EXPECT_THAT(folder.names(), UnorderedElementsAre(file_name, lock_name));

  MemoryCard other{folder / "bot"};
  EXPECT_EQ(other.load(), LoadResult{.found = true});
  EXPECT_EQ(other.multiplex("puppet").get("k"), "v");
}

TEST(FileStorage, FilesAreReadableByTheirOwnerOnlyWhateverTheUmask) {
  const TempFolder folder;
  const auto old_umask = ::umask(0);
  FileStorage storage{folder / "bot"};
  const auto version = storage.save("{}", "");
  EXPECT_EQ(mode_of(folder / file_name), 0600U);
  EXPECT_EQ(mode_of(folder / lock_name), 0600U);
  const auto lease = storage.acquire_lease({});
  EXPECT_EQ(mode_of(folder / "bot.memory-card.json.lease"), 0600U);
  EXPECT_EQ(mode_of(storage.set_aside(version)), 0600U);
  ::umask(old_umask);
}

TEST(FileStorage, TakesTheRightsOfOthersFromAFileThatTheNpmPackageWrote) {
  const TempFolder folder;
  write_text(folder / file_name, "{}");
  ASSERT_EQ(::chmod((folder / file_name).c_str(), 0644), 0);
  EXPECT_TRUE(FileStorage{folder / "bot"}.load());
  EXPECT_EQ(mode_of(folder / file_name), 0600U);
}

TEST(FileStorage, TheLaterWriterGetsAConflictThatNamesTheFile) {
  const TempFolder folder;
  FileStorage a{folder / "bot"};
  FileStorage b{folder / "bot"};
  const auto first = a.save(R"({"a":1})", "");
  EXPECT_THAT(message_of<ConflictError>([&] { (void)b.save("{}", ""); }),
              HasSubstr(folder / file_name));
  EXPECT_EQ(b.load()->version, first);
  (void)b.save(R"({"b":1})", first);
  EXPECT_THROW((void)a.save(R"({"a":2})", first), ConflictError);
  EXPECT_EQ(read_text(folder / file_name), R"({"b":1})");
  fs::remove(folder / file_name);
  EXPECT_THROW((void)a.save(R"({"a":2})", first), ConflictError);
  EXPECT_FALSE(fs::exists(folder / file_name));
}

TEST(FileStorage, OfManyProcessesThatSaveAtOnceExactlyOneWins) {
  const TempFolder folder;
  constexpr int processes = 8;
  constexpr int won = 10;
  int winners = 0;
  for (int round = 0; round < 5; ++round) {
    FileStorage base{folder / ("bot" + std::to_string(round))};
    const auto version = base.save("{}", "");
    int start[2];
    ASSERT_EQ(::pipe(start), 0);
    std::vector<pid_t> children;
    for (int i = 0; i < processes; ++i) {
      const pid_t child = ::fork();
      if (child == 0) {
        ::close(start[1]);
        char byte = 0;
        (void)!::read(start[0], &byte, 1);  // end of file: all go at once
        int code = 99;
        try {
          FileStorage mine{base.path()};
          (void)mine.save("{\"writer\":" + std::to_string(i) + "}", version);
          code = won;
        } catch (const ConflictError&) {
          code = 0;
        } catch (...) {
        }
        ::_exit(code);
      }
      children.push_back(child);
    }
    ::close(start[0]);
    ::close(start[1]);
    for (const pid_t child : children) {
      int status = 0;
      ASSERT_EQ(::waitpid(child, &status, 0), child);
      ASSERT_TRUE(WIFEXITED(status));
      EXPECT_THAT(WEXITSTATUS(status), testing::AnyOf(0, won));
      winners += WEXITSTATUS(status) == won ? 1 : 0;
    }
  }
  EXPECT_EQ(winners, 5);
}

TEST(FileStorage, SaysWhatIsWrongWhenTheFolderIsMissing) {
  const TempFolder folder;
  MemoryCard card{folder / "missing/bot"};
  EXPECT_EQ(card.load(), LoadResult{});
  card.set("k", 1);
  EXPECT_THAT(message_of<StorageError>([&] { card.save(); }),
              testing::AllOf(HasSubstr(folder / "missing/bot.memory-card.json"),
                             HasSubstr("the folder has to exist")));
  fs::create_directory(folder / "missing");
  EXPECT_TRUE(card.save());  // the session was not lost
}

TEST(FileStorage, APathThatCannotBeReadIsAnErrorAndNotAnEmptyCard) {
  const TempFolder folder;
  write_text(folder / "file", "");
  EXPECT_THROW((void)FileStorage{folder / "file/bot"}.load(), StorageError);
  fs::create_directory(folder / file_name);
  EXPECT_THROW((void)FileStorage{folder / "bot"}.load(), StorageError);
  EXPECT_THROW((void)FileStorage{folder / "bot"}.save("{}", ""), StorageError);
}

TEST(FileStorage, AFullDiskIsReportedWithTheOldDocumentIntact) {
  const TempFolder folder;
  FileStorage storage{folder / "bot"};
  const auto version = storage.save(R"({"old":1})", "");
  const int code = in_child([&] {
    // A limit of the process instead of a full disk, so that the test needs no disk of its own:
    // write() comes back short, then fails, as it does there.
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = 10'000, .rlim_max = 10'000};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    try {
      (void)storage.save("{\"new\":\"" + std::string(20'000, 'x') + "\"}", version);
    } catch (const StorageError& error) {
      return std::string{error.what()}.find("the old document is intact") == std::string::npos ? 2
                                                                                               : 0;
    }
    return 3;
  });
  EXPECT_EQ(code, 0);
  EXPECT_EQ(read_text(folder / file_name), R"({"old":1})");
  EXPECT_THAT(folder.names(), UnorderedElementsAre(file_name, lock_name));
  (void)storage.save(R"({"new":1})", version);
}

TEST(FileStorage, AReadOnlyFolderIsReportedWithTheOldDocumentIntact) {
  const TempFolder folder;
  FileStorage storage{folder / "bot"};
  const auto version = storage.save(R"({"old":1})", "");
  ASSERT_EQ(::chmod(folder.path().c_str(), 0500), 0);
  // Root may write anywhere: then the child becomes nobody, whose files these have to be.
  const uid_t user = ::geteuid() == 0 ? 65534 : ::geteuid();
  for (const auto& path : {folder.path(), folder / file_name, folder / lock_name}) {
    ASSERT_EQ(::chown(path.c_str(), user, static_cast<gid_t>(-1)), 0);
  }
  const int code = in_child([&] {
    if (::setuid(user) != 0) return 1;
    if (storage.load()->text != R"({"old":1})") return 2;  // reading needs no right to write
    try {
      (void)storage.save(R"({"new":1})", version);
    } catch (const StorageError& error) {
      return std::string{error.what()}.find("folder itself has to be writable") == std::string::npos
                 ? 3
                 : 0;
    }
    return 4;
  });
  ASSERT_EQ(::chmod(folder.path().c_str(), 0700), 0);
  EXPECT_EQ(code, 0);
  EXPECT_EQ(read_text(folder / file_name), R"({"old":1})");
}

TEST(FileStorage, LeftOversOfACrashedWriterGoWithTheNextCall) {
  const TempFolder folder;
  const std::string left = folder / "bot.memory-card.json.tmp";
  FileStorage storage{folder / "bot"};
  const auto version = storage.save("{}", "");
  write_text(left, "half a sess");
  EXPECT_EQ(storage.load()->text, "{}");
  EXPECT_FALSE(fs::exists(left));
  write_text(left, "half a sess");
  (void)storage.save(R"({"k":1})", version);
  EXPECT_FALSE(fs::exists(left));
  EXPECT_EQ(mode_of(folder / file_name), 0600U);  // made anew, not reused
}

TEST(FileStorage, DestroyLeavesNothingOfTheSession) {
  const TempFolder folder;
  FileStorage storage{folder / "bot"};
  (void)storage.save("{}", "");
  write_text(folder / "bot.memory-card.json.tmp", "half a sess");
  { const auto lease = storage.acquire_lease({}); }
  write_text(folder / "other.memory-card.json", "{}");
  storage.destroy();
  EXPECT_THAT(folder.names(), ElementsAre("other.memory-card.json"));
  storage.destroy();  // nothing there is no error
  EXPECT_EQ(storage.load(), std::nullopt);
  (void)storage.save("{}", "");
  FileStorage{folder / "missing/bot"}.destroy();
}

TEST(FileStorage, WhoWaitedForTheLockOfADestroyedCardIsNotAloneWithAnOldLock) {
  // destroy() removes the lock file; another process must not lock the removed one. Two that are
  // in at once trip over the one .tmp file: its rename or its fsync fails.
  const TempFolder folder;
  constexpr int processes = 6;
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      int code = 1;
      try {
        FileStorage storage{folder / "bot"};
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{800};
        while (std::chrono::steady_clock::now() < end) {
          storage.destroy();
          try {
            (void)storage.save("{}", "");
          } catch (const ConflictError&) {
          }
        }
        code = 0;
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
      }
      ::_exit(code);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_THAT(folder.names(), testing::Not(testing::Contains("bot.memory-card.json.tmp")));
}

TEST(FileStorage, SetsADamagedDocumentAsideUnderANameOfItsOwn) {
  const TempFolder folder;
  for (int i = 0; i < 3; ++i) {
    write_text(folder / file_name, "damaged " + std::to_string(i));
    MemoryCard card{folder / "bot"};
    const auto result = card.load();
    ASSERT_TRUE(result.set_aside_as);
    EXPECT_THAT(*result.set_aside_as, HasSubstr(folder / "bot.memory-card.json.damaged-"));
    EXPECT_EQ(read_text(*result.set_aside_as), "damaged " + std::to_string(i));
    EXPECT_FALSE(fs::exists(folder / file_name));
  }
}

TEST(FileStorage, SetsADocumentThatIsFarTooLargeAsideWithoutReadingIt) {
  const TempFolder folder;
  write_text(folder / file_name, "{");
  fs::resize_file(folder / file_name, std::uintmax_t{1} << 40U);  // sparse
  MemoryCard card{folder / "bot"};
  const auto result = card.load();
  EXPECT_THAT(result.damage, HasSubstr("1099511627776 bytes"));
  ASSERT_TRUE(result.set_aside_as);
  EXPECT_TRUE(fs::exists(*result.set_aside_as));
  card.set("k", 1);
  EXPECT_TRUE(card.save());
}

TEST(FileStorage, FollowsASymbolicLinkInsteadOfReplacingIt) {
  const TempFolder folder;
  fs::create_directory(folder / "volume");
  fs::create_symlink("volume/real.json", folder / file_name);
  FileStorage storage{folder / "bot"};
  EXPECT_EQ(storage.load(), std::nullopt);
  (void)storage.save(R"({"k":1})", "");
  EXPECT_TRUE(fs::is_symlink(folder / file_name));
  EXPECT_EQ(read_text(folder / "volume/real.json"), R"({"k":1})");
  EXPECT_THROW((void)FileStorage{folder / "volume/real.json"}.save("{}", "x"), ConflictError);
  fs::remove(folder / file_name);
  fs::create_symlink(file_name, folder / file_name);
  EXPECT_THROW((void)storage.load(), StorageError);
}

}  // namespace
}  // namespace wechaty::puppet
