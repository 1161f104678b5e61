// SPDX-License-Identifier: Apache-2.0
// Contract R4.3: a crash at any instant leaves the old document or the new one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <random>
#include <string>
#include <thread>

#include "support/temp_folder.hpp"
#include "wechaty/puppet/memory/file_storage.hpp"
#include "wechaty/puppet/memory/memory_card.hpp"

namespace wechaty::puppet {
namespace {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true;  // fork() takes a hundred times as long there
#else
constexpr bool sanitized = false;
#endif

/// A document that says of itself whether it is whole: `n`, and `n` again behind a long text.
void fill(MemoryCard& card, int n) {
  card.set("n", n);
  card.set("padding", std::string(20'000 + static_cast<std::size_t>(n % 7) * 10'000, 'x'));
  card.set("again", n);
}

/// Saves n, n + 1, ... until it is killed; tells the parent each number that save() returned for.
[[noreturn]] void save_for_ever(const std::string& name, int n, int told) {
  try {
    MemoryCard card{name};
    if (const auto result = card.load(); !result.damage.empty()) ::_exit(2);
    for (;; ++n) {
      fill(card, n);
      card.save();
      if (::write(told, &n, sizeof n) != sizeof n) ::_exit(3);
    }
  } catch (...) {
    ::_exit(1);
  }
}

TEST(FileCrash, AWriterKilledAtRandomMomentsLeavesAWholeDocument) {
  const test::TempFolder folder;
  const std::string name = folder / "bot";
  std::mt19937 random{std::random_device{}()};
  std::uniform_int_distribution<int> microseconds{0, 4'000};
  // Three hundred take some seconds; on a busy machine a hundred have to do, however long it takes.
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  constexpr int least = sanitized ? 10 : 100;
  int kills = 0;
  int interrupted = 0;  // a kill in the middle of a save left its .tmp
  int last = 0;
  while (kills < least || (kills < 300 && std::chrono::steady_clock::now() < end)) {
    int pipe_ends[2];
    ASSERT_EQ(::pipe(pipe_ends), 0);
    const pid_t child = ::fork();
    if (child == 0) save_for_ever(name, last + 1, pipe_ends[1]);
    ::close(pipe_ends[1]);
    int confirmed = 0;
    ASSERT_EQ(::read(pipe_ends[0], &confirmed, sizeof confirmed),
              static_cast<ssize_t>(sizeof confirmed));  // it is at work
    std::this_thread::sleep_for(std::chrono::microseconds{microseconds(random)});
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself with " << status;
    ++kills;
    for (int n = 0; ::read(pipe_ends[0], &n, sizeof n) == static_cast<ssize_t>(sizeof n);) {
      confirmed = n;
    }
    ::close(pipe_ends[0]);
    interrupted += folder.names().contains("bot.memory-card.json.tmp") ? 1 : 0;

    MemoryCard card{name};
    const auto result = card.load();
    ASSERT_TRUE(result.found) << result.damage;
    const auto n = card.get_text("n");
    ASSERT_TRUE(n);
    ASSERT_EQ(card.get_text("again"), n);
    last = std::stoi(*n);
    // What save() returned for is there; the one under way may be.
    ASSERT_GE(last, confirmed);
    ASSERT_LE(last, confirmed + 1);
    ASSERT_FALSE(folder.names().contains("bot.memory-card.json.tmp"));
  }
  RecordProperty("kills", kills);
  RecordProperty("interrupted", interrupted);
  EXPECT_GE(kills, least);
  EXPECT_GE(interrupted, sanitized ? 0 : 1) << "no kill hit a save: the test shows nothing";
}

}  // namespace
}  // namespace wechaty::puppet
