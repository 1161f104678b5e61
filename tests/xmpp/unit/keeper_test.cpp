// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/keeper.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "support/fake_storage.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

constexpr std::chrono::seconds patience{20};

class XmppKeeper : public testing::Test {
 protected:
  XmppKeeper() { memory_.load(); }
  void start() {
    keeper_.emplace(
        Card{memory_}, ledger_,
        [this](const Ledger::Settled& settled) {
          if (!std::exchange(told_, true)) saved_.set_value(settled);
        },
        [this](std::exception_ptr) {
          if (errors_++ == 0) failed_.set_value();
        });
  }
  /// A message was heard by all.
  void hear(const std::string& id, std::uint32_t number) {
    ledger_.reported(id, number, Ledger::Position{.archive = "me", .id = id});
    ledger_.handled(number);
    ledger_.delivered(id);
  }

  std::shared_ptr<puppet::test::FakeStorage> storage_ =
      std::make_shared<puppet::test::FakeStorage>();
  puppet::MemoryCard memory_{"bot", storage_};
  Ledger ledger_;
  std::promise<Ledger::Settled> saved_;
  std::promise<void> failed_;
  std::atomic<int> errors_{0};
  bool told_ = false;  // the keeper's thread only
  std::optional<Keeper> keeper_;
};

TEST_F(XmppKeeper, WhatIsSettledIsInTheStoreBeforeItIsSaidToBe) {
  start();
  ledger_.new_session();
  hear("A1", 1);
  keeper_->touch(true);
  auto saved = saved_.get_future();
  ASSERT_EQ(saved.wait_for(patience), std::future_status::ready);
  EXPECT_EQ(saved.get().received, 1U);
  puppet::MemoryCard again{"bot", storage_};
  again.load();
  EXPECT_EQ(Card{again}.positions().at("me"), "A1");
  EXPECT_EQ(Card{again}.seen(), std::deque<std::string>{"A1"});
}

TEST_F(XmppKeeper, WhatNobodyWaitsForIsSavedAllTheSame) {
  start();
  hear("A1", 1);
  keeper_->touch(false);
  EXPECT_EQ(saved_.get_future().wait_for(patience), std::future_status::ready);
}

TEST_F(XmppKeeper, AStoreThatFailsIsAnErrorOnceAndTriedAgain) {
  std::atomic<int> tries{0};
  storage_->before_save = [&] {
    if (++tries <= 2) throw puppet::StorageError{"disk full"};
  };
  start();
  hear("A1", 1);
  keeper_->touch(true);
  EXPECT_EQ(saved_.get_future().wait_for(patience), std::future_status::ready);
  EXPECT_EQ(tries, 3);
  EXPECT_EQ(errors_, 1);
}

TEST_F(XmppKeeper, ACardThatSomebodyElseHasIsNotWrittenAnyMore) {
  start();
  storage_->store("{}");
  hear("A1", 1);
  keeper_->touch(true);
  ASSERT_EQ(failed_.get_future().wait_for(patience), std::future_status::ready);
  keeper_->touch(true);
  keeper_->stop();
  EXPECT_EQ(storage_->saves(), 0);
  EXPECT_EQ(errors_, 1);
}

TEST_F(XmppKeeper, TheSessionToBeResumedHasTheCountOfTheLedger) {
  start();
  keeper_->stop();
  ledger_.new_session();
  hear("A1", 1);
  hear("A2", 2);
  keeper_->set_resumption(Resumption{.id = "sm-1", .full_jid = "bot@localhost/x"});
  ASSERT_TRUE(Card{memory_}.resumption());
  EXPECT_EQ(Card{memory_}.resumption()->id, "sm-1");
  EXPECT_EQ(Card{memory_}.resumption()->received, 2U);
  EXPECT_EQ(storage_->saves(), 0);  // the base saves it with the login
  keeper_->set_resumption(std::nullopt);
  EXPECT_FALSE(Card{memory_}.resumption());
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
