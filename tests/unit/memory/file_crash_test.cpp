// SPDX-License-Identifier: Apache-2.0
// Contract R4.3: a crash at any instant leaves the old document or the new one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <stdexcept>
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

/// How a card gets into its file.
using Save = void (*)(MemoryCard& card, const std::string& file);

void by_the_card(MemoryCard& card, const std::string&) { card.save(); }

/// As it must not be: over what is there.
void in_place(MemoryCard& card, const std::string& file) {
  std::ofstream{file, std::ios::trunc} << nlohmann::json{
      {"n", *card.get("n")}, {"padding", *card.get("padding")}, {"again", *card.get("again")}};
}

/// Saves n, n + 1, ... until it is killed; tells the parent each number that was saved.
[[noreturn]] void save_for_ever(const std::string& name, Save save, int n, int told) {
  try {
    MemoryCard card{name};
    if (const auto result = card.load(); !result.damage.empty()) ::_exit(2);
    for (;; ++n) {
      fill(card, n);
      save(card, name + ".memory-card.json");
      if (::write(told, &n, sizeof n) != sizeof n) ::_exit(3);
    }
  } catch (...) {
    ::_exit(1);
  }
}

/// Lets a process save from `n` on and kills it at a random moment; the last number that it told.
int killed_while_saving(const std::string& name, Save save, int n, std::mt19937& random) {
  std::uniform_int_distribution<int> microseconds{0, 4'000};
  int pipe_ends[2];
  if (::pipe(pipe_ends) != 0) throw std::runtime_error{"pipe"};
  const pid_t child = ::fork();
  if (child == 0) save_for_ever(name, save, n, pipe_ends[1]);
  ::close(pipe_ends[1]);
  int confirmed = 0;
  const bool at_work = ::read(pipe_ends[0], &confirmed, sizeof confirmed) == sizeof confirmed;
  std::this_thread::sleep_for(std::chrono::microseconds{microseconds(random)});
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(at_work && WIFSIGNALED(status)) << "the writer ended by itself with " << status;
  while (::read(pipe_ends[0], &n, sizeof n) == sizeof n) confirmed = n;
  ::close(pipe_ends[0]);
  return confirmed;
}

/// The number of the document, if there is one and it is whole.
std::optional<int> whole(const std::string& name) {
  MemoryCard card{name};
  if (!card.load().found) return std::nullopt;
  const auto n = card.get_text("n");
  if (!n || card.get_text("again") != n) return std::nullopt;
  return std::stoi(*n);
}

TEST(FileCrash, AWriterKilledAtRandomMomentsLeavesAWholeDocument) {
  const test::TempFolder folder;
  const std::string name = folder / "bot";
  std::mt19937 random{std::random_device{}()};
  // Three hundred take some seconds; on a busy machine a hundred have to do, however long it takes.
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  constexpr int least = sanitized ? 10 : 100;
  int kills = 0;
  int interrupted = 0;  // a kill in the middle of a save left its .tmp
  int last = 0;
  while (kills < least || (kills < 300 && std::chrono::steady_clock::now() < end)) {
    const int confirmed = killed_while_saving(name, by_the_card, last + 1, random);
    ASSERT_FALSE(HasFailure());
    ++kills;
    interrupted += folder.names().contains("bot.memory-card.json.tmp") ? 1 : 0;

    const auto n = whole(name);
    ASSERT_TRUE(n);
    last = *n;
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

TEST(FileCrash, AWriterInPlaceWouldBeCaught) {  // what the test above depends on
  std::mt19937 random{std::random_device{}()};
  for (int kills = 1; kills <= 300; ++kills) {
    const test::TempFolder folder;
    killed_while_saving(folder / "bot", in_place, 1, random);
    ASSERT_FALSE(HasFailure());
    if (whole(folder / "bot")) continue;
    RecordProperty("kills", kills);
    return;
  }
  FAIL() << "300 kills have left whole documents";
}

}  // namespace
}  // namespace wechaty::puppet
