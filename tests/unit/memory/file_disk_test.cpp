// SPDX-License-Identifier: Apache-2.0
// A disk that is full and a file system that is read-only, for real: a small tmpfs in a mount
// namespace of a child process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>

#include "support/temp_folder.hpp"
#include "wechaty/puppet/memory/file_storage.hpp"
#include "wechaty/puppet/memory/memory_card.hpp"

namespace wechaty::puppet {
namespace {

using test::read_text;
using test::TempFolder;

constexpr int no_namespaces = 42;

/// Mounts of our own, as root or as the root of a user namespace.
bool have_mounts_of_our_own() {
  const auto user = ::geteuid();
  const auto group = ::getegid();
  if (user == 0) {
    if (::unshare(CLONE_NEWNS) != 0) return false;
  } else {
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    std::ofstream{"/proc/self/setgroups"} << "deny";
    std::ofstream{"/proc/self/uid_map"} << "0 " << user << " 1";
    std::ofstream{"/proc/self/gid_map"} << "0 " << group << " 1";
  }
  return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

void require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error{what};
}

template <class Call>
std::string storage_fault(Call call) {
  try {
    call();
  } catch (const StorageError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

/// Run `part` in a child process on a disk of 64 KiB that is mounted at the folder.
void on_a_small_disk(const std::function<void(const std::string& folder)>& part) {
  const TempFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 0;
    try {
      if (!have_mounts_of_our_own() ||
          ::mount("none", folder.path().c_str(), "tmpfs", 0, "size=64k,mode=700") != 0) {
        ::_exit(no_namespaces);
      }
      part(folder.path());
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      code = 1;
    }
    ::_exit(code);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == no_namespaces) {
    GTEST_SKIP() << "this machine lets nobody mount a tmpfs, so a full disk cannot be tried here";
  }
  EXPECT_EQ(status, 0);
}

TEST(FileDisk, ThatIsFullIsReportedWithTheOldDocumentIntact) {
  on_a_small_disk([](const std::string& folder) {
    MemoryCard card{folder + "/bot"};
    card.load();
    card.set("token", "old");
    card.save();
    card.set("large", std::string(100'000, 'x'));
    const auto fault = storage_fault([&] { card.save(); });
    require(fault.find("No space left on device (free some space; the old document is intact)") !=
                std::string::npos,
            fault);
    require(read_text(folder + "/bot.memory-card.json") == R"({"token":"old"})", "the old one");
    require(!std::filesystem::exists(folder + "/bot.memory-card.json.tmp"), "nothing is left");

    // Not a byte is free, of a disk that others have filled.
    card.erase("large");
    card.set("token", "new");
    std::ofstream{folder + "/others"} << std::string(100'000, 'x');
    require(storage_fault([&] { card.save(); }).find("free some space") != std::string::npos,
            "a full disk");
    require(read_text(folder + "/bot.memory-card.json") == R"({"token":"old"})", "the old one");
    std::filesystem::remove(folder + "/others");
    require(card.save(), "the session was not lost");
    require(read_text(folder + "/bot.memory-card.json") == R"({"token":"new"})", "the new one");
  });
}

TEST(FileDisk, ThatIsReadOnlyIsReportedWithTheOldDocumentIntactAlsoToRoot) {
  on_a_small_disk([](const std::string& folder) {
    MemoryCard card{folder + "/bot"};
    card.load();
    card.set("token", "old");
    card.save();
    require(::mount("none", folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0,
            "remount");
    MemoryCard other{folder + "/bot"};
    require(other.load().found, "reading needs no right to write");
    card.set("token", "new");
    const auto fault = storage_fault([&] { card.save(); });
    require(fault.find("the file system is read-only") != std::string::npos, fault);
    require(storage_fault([&] { other.destroy(); }) != "nothing was thrown", "destroy");
    require(read_text(folder + "/bot.memory-card.json") == R"({"token":"old"})", "the old one");
    require(::mount("none", folder.c_str(), nullptr, MS_REMOUNT, nullptr) == 0, "remount");
    require(card.save(), "the session was not lost");
  });
}

}  // namespace
}  // namespace wechaty::puppet
