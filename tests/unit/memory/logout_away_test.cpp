// SPDX-License-Identifier: Apache-2.0
// Contract R3.5 where the store is away when the logout begins, so that it cannot be told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <string_view>

#include "puppet/memory/logout_note.hpp"
#include "support/session_puppet.hpp"
#include "support/temp_folder.hpp"
#include "wechaty/puppet/memory/file_storage.hpp"

namespace wechaty::puppet {
namespace {

using namespace std::chrono_literals;
using memory::LogoutNote;
using test::read_text;
using test::SessionPuppet;
using test::TempFolder;
using test::write_text;
using testing::HasSubstr;

/// A store that can be cut off.
class CutOffStorage final : public MemoryStorage {
 public:
  explicit CutOffStorage(std::string_view name) : file_{name} {}

  [[nodiscard]] std::string describe() const override { return file_.describe(); }
  [[nodiscard]] std::optional<StoredDocument> load() override { return file_.load(); }
  [[nodiscard]] std::string save(std::string_view document, const std::string& version) override {
    if (away) throw StorageError{"the store is away"};
    return file_.save(document, version);
  }
  void destroy() override { file_.destroy(); }
  std::string set_aside(const std::string& version) override { return file_.set_aside(version); }

  std::atomic<bool> away{false};

 private:
  FileStorage file_;
};

enum class Step { in_hook, after_logout, after_the_service_ended_it };

class LogoutAway : public testing::Test {
 protected:
  [[nodiscard]] PuppetOptions options(bool noting) const {
    PuppetOptions options;
    options.state_folder = noting ? folder_ / "state" : "";
    return options;
  }
  [[nodiscard]] std::string file() const { return folder_ / "bot.memory-card.json"; }
  [[nodiscard]] MemoryCard card() const {
    return MemoryCard{"bot", std::make_shared<CutOffStorage>(folder_ / "bot")};
  }
  [[nodiscard]] int notes() const {
    std::error_code none;
    int count = 0;
    for (std::filesystem::directory_iterator at{folder_ / "state/logouts", none}, end; at != end;
         ++at) {
      ++count;
    }
    return count;
  }

  /// In a child process: logs in, loses the store, logs out and dies at `step`.
  void log_out_and_crash(Step step, bool noting) const {
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        const auto storage = std::make_shared<CutOffStorage>(folder_ / "bot");
        SessionPuppet puppet{MemoryCard{"bot", storage}, options(noting)};
        std::promise<void> in;
        std::promise<void> failed;
        const auto login = puppet.once<EventLoginPayload>([&](const auto&) { in.set_value(); });
        puppet.start();
        if (!puppet.restored()) puppet.scan_accepted("hunter2");
        if (in.get_future().wait_for(20s) != std::future_status::ready) ::_exit(1);
        storage->away = true;
        if (step == Step::after_the_service_ended_it) {
          const auto error =
              puppet.once<EventErrorPayload>([&](const auto&) { failed.set_value(); });
          puppet.kicked();
          if (failed.get_future().wait_for(20s) != std::future_status::ready) ::_exit(2);
          ::_exit(7);
        }
        puppet.at_logout = [&] {
          if (step == Step::in_hook) ::_exit(7);
        };
        try {
          puppet.logout("test");
        } catch (const StorageError&) {
          ::_exit(7);  // the caller knows that it is still in the store
        }
      } catch (...) {
        ::_exit(3);
      }
      ::_exit(4);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_EQ(WEXITSTATUS(status), 7);
    ASSERT_THAT(read_text(file()), HasSubstr("hunter2"));  // the store could not be told
  }

  TempFolder folder_;
};

TEST_F(LogoutAway, ASessionWhoseStoreWasAwayIsNotRestoredWhenTheStoreIsBack) {
  for (const auto step : {Step::in_hook, Step::after_logout, Step::after_the_service_ended_it}) {
    log_out_and_crash(step, true);
    SessionPuppet puppet{card(), options(true)};
    puppet.start();
    EXPECT_FALSE(puppet.restored()) << "crashed at step " << static_cast<int>(step);
    EXPECT_EQ(read_text(file()), "{}");
    EXPECT_EQ(notes(), 0);
  }
}

TEST_F(LogoutAway, WithoutAPlaceForTheNoteItWouldBe) {  // what the test above depends on
  log_out_and_crash(Step::in_hook, false);
  SessionPuppet puppet{card(), options(false)};
  puppet.start();
  EXPECT_TRUE(puppet.restored());
}

TEST_F(LogoutAway, ANewerSessionOfAnotherMachineIsLeftAlone) {
  log_out_and_crash(Step::after_logout, true);
  write_text(file(), R"({"token":"of the other machine"})");
  SessionPuppet puppet{card(), options(true)};
  puppet.start();
  EXPECT_TRUE(puppet.restored());
  EXPECT_EQ(puppet.memory().get_string("token"), "of the other machine");
  EXPECT_EQ(notes(), 0);
}

TEST_F(LogoutAway, TheNoteHoldsNothingOfTheSession) {
  log_out_and_crash(Step::after_logout, true);
  ASSERT_EQ(notes(), 1);
  for (const auto& entry : std::filesystem::directory_iterator{folder_ / "state/logouts"}) {
    struct stat status {};
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
    EXPECT_THAT(read_text(entry.path().string()), testing::MatchesRegex("([0-9a-f]{32}\n)+"));
  }
}

TEST_F(LogoutAway, ALogoutThatReachesTheStoreLeavesNoNote) {
  SessionPuppet puppet{card(), options(true)};
  std::promise<void> in;
  const auto login = puppet.once<EventLoginPayload>([&](const auto&) { in.set_value(); });
  puppet.start();
  puppet.scan_accepted();
  ASSERT_EQ(in.get_future().wait_for(20s), std::future_status::ready);
  puppet.at_logout = [&] { EXPECT_EQ(notes(), 0); };  // the store knows: it is not needed
  puppet.logout("test");
  EXPECT_EQ(notes(), 0);
  EXPECT_EQ(read_text(file()), "{}");
}

TEST(LogoutNote, NamesWhatWasWrittenUntilItIsRemoved) {
  const TempFolder folder;
  const LogoutNote note{folder / "a/b", "card"};
  EXPECT_FALSE(note.names({"x"}));
  note.write({"x", "y"});
  EXPECT_TRUE(note.names({"z", "y"}));
  EXPECT_FALSE(note.names({"z"}));
  EXPECT_FALSE(note.names({}));
  EXPECT_FALSE((LogoutNote{folder / "a/b", "another card"}.names({"x"})));
  note.remove();
  EXPECT_FALSE(note.names({"x"}));
  EXPECT_NO_THROW(note.remove());
}

TEST(LogoutNote, SaysSoWhenItCannotBeWritten) {
  const TempFolder folder;
  write_text(folder / "file", "");
  EXPECT_THROW((LogoutNote{folder / "file", "card"}.write({"x"})), StorageError);
  EXPECT_NO_THROW((LogoutNote{"", "card"}.write({"x"})));
}

TEST(LogoutNote, LiesInTheStateFolderOfTheSpecification) {
  const char* set = std::getenv("XDG_STATE_HOME");
  const std::string before = set == nullptr ? "" : set;
  ::setenv("XDG_STATE_HOME", "/state", 1);
  EXPECT_EQ(memory::default_state_folder(), "/state/wechaty-puppet");
  ::setenv("XDG_STATE_HOME", "relative", 1);
  EXPECT_THAT(memory::default_state_folder(), testing::EndsWith("/.local/state/wechaty-puppet"));
  ::setenv("XDG_STATE_HOME", before.c_str(), 1);
}

}  // namespace
}  // namespace wechaty::puppet
