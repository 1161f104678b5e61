// SPDX-License-Identifier: Apache-2.0
// The card inside of a puppet: stores that are away, leases, other processes (contract R3, R4).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/fake_storage.hpp"
#include "support/session_puppet.hpp"
#include "support/temp_folder.hpp"

namespace wechaty::puppet {
namespace {

using namespace std::chrono_literals;
using test::SessionPuppet;
using testing::Contains;
using testing::HasSubstr;

/// Listens to what a test waits for.
class Listening {
 public:
  explicit Listening(SessionPuppet& puppet)
      : login_{puppet.once<EventLoginPayload>([this](const auto&) { in_.set_value(); })},
        reset_{puppet.once<EventResetPayload>([this](const EventResetPayload& event) {
          reset_told_.set_value(event.data.value_or(""));
        })},
        error_{puppet.on<EventErrorPayload>([this](const EventErrorPayload& event) {
          const std::scoped_lock lock{mutex_};
          errors_.push_back(event.gerror);
        })} {}

  [[nodiscard]] bool logged_in() {
    return in_.get_future().wait_for(10s) == std::future_status::ready;
  }
  [[nodiscard]] std::string reset_reason() {
    auto told = reset_told_.get_future();
    return told.wait_for(10s) == std::future_status::ready ? told.get() : "no reset";
  }
  [[nodiscard]] std::vector<std::string> errors() {
    const std::scoped_lock lock{mutex_};
    return errors_;
  }

 private:
  std::promise<void> in_;
  std::promise<std::string> reset_told_;
  std::mutex mutex_;  // guards errors_
  std::vector<std::string> errors_;
  Subscription login_, reset_, error_;
};

TEST(PuppetSession, AStoreThatIsAwayAtLoginIsReportedAndGetsTheSessionWhenItIsBack) {
  const auto store = std::make_shared<test::FakeStorage>();
  std::atomic<bool> away{true};
  std::promise<void> stored;
  store->before_save = [&] {
    if (away) throw StorageError{"the store is away"};
  };
  store->after_save = [&, told = false]() mutable {
    if (!std::exchange(told, true)) stored.set_value();
  };
  SessionPuppet puppet{MemoryCard{"bot", store}};
  Listening listening{puppet};
  puppet.start();
  puppet.scan_accepted();
  ASSERT_TRUE(listening.logged_in());
  EXPECT_THAT(listening.errors(), Contains(HasSubstr("the store is away")));
  EXPECT_EQ(store->text(), std::nullopt);
  EXPECT_EQ(puppet.memory().get("token"), "hunter2");
  away = false;
  ASSERT_EQ(stored.get_future().wait_for(10s), std::future_status::ready);
  EXPECT_EQ(store->text(), R"({"token":"hunter2"})");
}

TEST(PuppetSession, ErasureThatTheStoreMissedIsMadeUpFor) {
  const auto store = std::make_shared<test::FakeStorage>();
  SessionPuppet puppet{MemoryCard{"bot", store}};
  Listening listening{puppet};
  puppet.start();
  puppet.scan_accepted();
  ASSERT_TRUE(listening.logged_in());
  std::atomic<bool> away{true};
  std::promise<void> stored;
  store->before_save = [&] {
    if (away) throw StorageError{"the store is away"};
  };
  store->after_save = [&, told = false]() mutable {
    if (!std::exchange(told, true)) stored.set_value();
  };
  EXPECT_THROW(puppet.logout("test"), StorageError);
  EXPECT_FALSE(puppet.memory().has("token"));
  away = false;
  ASSERT_EQ(stored.get_future().wait_for(10s), std::future_status::ready);
  EXPECT_EQ(store->text(), "{}");
}

TEST(PuppetSession, ACardThatAnotherProcessHadMeanwhileIsReadAgainAtStart) {
  const auto store = std::make_shared<test::FakeStorage>();
  SessionPuppet puppet{MemoryCard{"bot", store}};
  puppet.start();
  puppet.stop();
  store->store(R"({"token":"of the other process"})");
  Listening listening{puppet};
  puppet.start();
  EXPECT_TRUE(listening.logged_in());
  EXPECT_EQ(puppet.memory().get("token"), "of the other process");
}

TEST(PuppetSession, UnsavedChangesSurviveARestartWhileTheStoreIsAway) {
  const auto store = std::make_shared<test::FakeStorage>();
  SessionPuppet puppet{MemoryCard{"bot", store}};
  puppet.start();
  store->before_save = [] { throw StorageError{"away"}; };
  puppet.rotate("new");
  puppet.stop();
  store->before_load = [] { throw StorageError{"away"}; };
  puppet.start();
  EXPECT_TRUE(puppet.restored());
  EXPECT_EQ(puppet.memory().get("token"), "new");
}

TEST(PuppetSession, ADamagedCardThatCannotBeSetAsideIsReportedToo) {
  const auto store = std::make_shared<test::FakeStorage>();
  store->store("damaged");
  store->before_set_aside = [] { throw StorageError{"read-only"}; };
  SessionPuppet puppet{MemoryCard{"bot", store}};
  Listening listening{puppet};
  puppet.start();
  puppet.scan_accepted();
  ASSERT_TRUE(listening.logged_in());
  EXPECT_THAT(listening.errors(), Contains(HasSubstr("read-only")));
  EXPECT_EQ(store->text(), "damaged");
}

PuppetOptions with_lease() {
  PuppetOptions options;
  options.session_lease = 1s;
  return options;
}

TEST(PuppetLease, OnlyOneProcessCanLogInWithASession) {
  const test::TempFolder folder;
  SessionPuppet first{MemoryCard{folder / "bot"}, with_lease()};
  SessionPuppet second{MemoryCard{folder / "bot"}, with_lease()};
  Listening listening{first};
  first.start();
  first.scan_accepted();
  ASSERT_TRUE(listening.logged_in());
  EXPECT_THROW(second.start(), ConflictError);
  EXPECT_EQ(second.starts(), 0);
  first.stop();
  second.start();
  EXPECT_TRUE(second.restored());
}

TEST(PuppetLease, LosingItWhileLoggedInIsAResetAndNoSecondLogin) {
  const test::TempFolder folder;
  SessionPuppet first{MemoryCard{folder / "bot"}, with_lease()};
  Listening listening{first};
  first.start();
  first.scan_accepted();
  ASSERT_TRUE(listening.logged_in());

  std::filesystem::remove(folder / "bot.memory-card.json.lease");
  SessionPuppet second{MemoryCard{folder / "bot"}, with_lease()};
  second.start();
  EXPECT_TRUE(second.restored());
  first.rotate("stolen");
  EXPECT_THROW(first.memory().save(), LeaseLostError);
  EXPECT_THAT(listening.reset_reason(), HasSubstr("lease"));
  // The first cannot have the lease while the second has it, so it does not start again.
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (first.is_logged_in() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  EXPECT_FALSE(first.is_logged_in());
  EXPECT_EQ(first.starts(), 1);
  EXPECT_EQ(second.memory().get("token"), "hunter2");
}

}  // namespace
}  // namespace wechaty::puppet
