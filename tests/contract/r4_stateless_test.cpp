// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "contract/subject.hpp"
#include "support/temp_folder.hpp"

namespace wechaty::puppet::test {
namespace {

class R4Stateless : public ContractTest {
 protected:
  [[nodiscard]] std::string name() const { return folder_ / "bot"; }
  [[nodiscard]] std::string file() const { return folder_ / "bot.memory-card.json"; }
  [[nodiscard]] MemoryCard card() const { return MemoryCard{name()}; }

  TempFolder folder_;
};
INSTANTIATE_CONTRACT(R4Stateless);

TEST_P(R4Stateless, AnotherProcessGoesOnWithTheSessionWithoutAScan) {
  card_ = card();
  log_in();
  EXPECT_EQ(log_->of("scan").empty(), !subject_->needs_scan());
  puppet_->stop();
  card_ = card();
  log_in();
  EXPECT_EQ(log_->of("scan"), std::vector<std::string>{});
}

TEST_P(R4Stateless, TheSessionIsInTheStoreWhenLoginIsDelivered) {
  card_ = card();
  make();
  std::size_t keys = 0;
  const auto listening = puppet_->on<EventLoginPayload>([&](const EventLoginPayload&) {
    MemoryCard other = card();
    other.load();
    keys = other.size();
  });
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("ready"));
  EXPECT_GT(keys, 0U);
}

TEST_P(R4Stateless, AProcessKilledRightAfterLoginLogsInAgainWithoutAScan) {
  const pid_t child = fork();
  if (child == 0) {
    const auto subject = GetParam().make();
    const auto puppet = subject->make({});
    puppet->set_memory(card());
    const auto listening = puppet->on<EventLoginPayload>(
        [](const EventLoginPayload&) { static_cast<void>(raise(SIGKILL)); });
    puppet->start();
    pause();
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  card_ = card();
  log_in();
  EXPECT_EQ(log_->of("scan"), std::vector<std::string>{});
}

TEST_P(R4Stateless, TheSessionFileIsItsOwnersOnly) {
  card_ = card();
  log_in();
  struct stat info {};
  ASSERT_EQ(stat(file().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_P(R4Stateless, ADamagedCardIsSetAsideReportedAndAsksForAScan) {
  for (const std::string damage : {"{\"half\":", "[]", "null", ""}) {
    std::ofstream{file(), std::ios::trunc} << damage;
    card_ = card();
    log_in();
    ASSERT_EQ(log_->of("error").size(), 1U) << damage;
    EXPECT_NE(log_->of("error")[0].find("set aside"), std::string::npos) << log_->of("error")[0];
    EXPECT_EQ(log_->of("scan").empty(), !subject_->needs_scan()) << damage;
    puppet_->stop();
    bool kept = false;
    for (const auto& entry : std::filesystem::directory_iterator{folder_.path()}) {
      std::ifstream in{entry.path()};
      const std::string text{std::istreambuf_iterator<char>{in}, {}};
      kept = kept || (entry.path() != file() && text == damage);
    }
    EXPECT_TRUE(kept) << damage;
  }
}

TEST_P(R4Stateless, AStoreOutOfReachFailsTheStartAndDestroysNothing) {
  card_ = MemoryCard{folder_ / "no/such/folder/bot"};
  std::filesystem::create_directories(folder_ / "no");
  std::ofstream{folder_ / "no/such"} << "a file where a folder should be";
  make();
  EXPECT_THROW(puppet_->start(), StorageError);
  EXPECT_EQ(puppet_->state(), ServiceMixin::State::stopped);
}

TEST_P(R4Stateless, TheLaterOfTwoProcessesWithOneCardDoesNotLogIn) {
  card_ = card();
  make();
  auto second_card = card();
  second_card.load();
  second_card.set("device", "other");  // not saved yet: the card is in use here, too
  auto second = subject_->make({});
  EventLog second_log{*second};
  second->set_memory(second_card);
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("ready"));
  second->start();
  ASSERT_TRUE(second_log.wait_for("error"));
  ASSERT_TRUE(second_log.wait_for("stop"));
  EXPECT_EQ(second_log.of("login"), std::vector<std::string>{});
  EXPECT_TRUE(puppet_->is_logged_in());
}

TEST_P(R4Stateless, TheLaterWriterOfACardGetsAConflictError) {
  card_ = card();
  log_in();
  auto second = subject_->make({});
  EventLog second_log{*second};
  second->set_memory(card());
  second->start();
  ASSERT_TRUE(second_log.wait_for("ready"));
  puppet_->logout();
  EXPECT_THROW(second->logout(), ConflictError);
  EXPECT_EQ(second_log.of("logout").size(), 1U);
}

TEST_P(R4Stateless, APartOfACardIsThePuppetsAndTheRestIsNot) {
  MemoryCard whole = card();
  whole.load();
  whole.set("mine", "stays");
  card_ = whole.multiplex("puppet");
  log_in();
  puppet_->logout();
  EXPECT_EQ(card_.size(), 0U);
  EXPECT_EQ(whole.get_string("mine"), "stays");
}

}  // namespace
}  // namespace wechaty::puppet::test
