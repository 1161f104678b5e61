// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/keeper.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "support/fake_storage.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

class XmppKeeper : public testing::Test {
 protected:
  /// A stanza has come and is dealt with; the server wants to know.
  /// @result whether it may be told so, in time
  bool deal_with(std::uint32_t number) {
    ledger_.handled(number);
    keeper_.touch(true);
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::seconds{10}, [&] { return saved_ >= number; });
  }
  int failures() {
    const std::lock_guard lock{mutex_};
    return failures_;
  }
  int conflicts() {
    const std::lock_guard lock{mutex_};
    return conflicts_;
  }
  void on_error(const std::exception_ptr& error) {
    try {
      std::rethrow_exception(error);
    } catch (const puppet::ConflictError&) {
      const std::lock_guard lock{mutex_};
      ++conflicts_;
    } catch (const puppet::StorageError&) {
      const std::lock_guard lock{mutex_};
      ++failures_;
    }
  }

  static puppet::MemoryCard loaded(std::shared_ptr<puppet::MemoryStorage> storage) {
    puppet::MemoryCard card{"bot", std::move(storage)};
    card.load();
    return card;
  }

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::uint32_t saved_ = 0;
  int conflicts_ = 0;
  int failures_ = 0;
  std::shared_ptr<puppet::test::FakeStorage> storage_ =
      std::make_shared<puppet::test::FakeStorage>();
  puppet::MemoryCard card_ = loaded(storage_);
  Ledger ledger_;
  Keeper keeper_{Card{card_}, ledger_,
                 [this](const Ledger::Settled& settled) {
                   {
                     const std::lock_guard lock{mutex_};
                     saved_ = settled.received;
                   }
                   changed_.notify_all();
                 },
                 [this](std::exception_ptr error) { on_error(error); }};
};

TEST_F(XmppKeeper, WhatIsDealtWithIsInTheStoreBeforeTheServerIsTold) {
  keeper_.set_resumption(Resumption{.id = "token", .full_jid = "bot@localhost/r"});
  ASSERT_TRUE(deal_with(1));
  EXPECT_EQ(Card{loaded(storage_)}.resumption(),
            (Resumption{.id = "token", .full_jid = "bot@localhost/r", .received = 1}));
}

TEST_F(XmppKeeper, ASessionIsNotToBeResumedWhileWhatAnArchiveGaveIsOnItsWay) {
  keeper_.set_resumption(Resumption{.id = "token", .full_jid = "bot@localhost/r"});
  ledger_.reported("A1", {}, Ledger::Position{.archive = "bot@localhost", .id = "A1"});
  ASSERT_TRUE(deal_with(1));
  EXPECT_EQ(Card{loaded(storage_)}.resumption(), std::nullopt);
  ledger_.delivered("A1");
  ASSERT_TRUE(deal_with(2));
  EXPECT_TRUE(Card{loaded(storage_)}.resumption());
}

TEST_F(XmppKeeper, WhatIsSavedNowIsInTheStoreWhenThatReturns) {
  ledger_.passed({.archive = "bot@example.org", .id = "place"});
  keeper_.save_now();
  puppet::MemoryCard next = loaded(storage_);
  EXPECT_EQ(Card{next}.positions().size(), 1U);
}

TEST_F(XmppKeeper, WhereAnotherProcessHasTheCardTheServerIsToldAllTheSameAndNothingIsWritten) {
  keeper_.set_resumption(Resumption{.id = "token", .full_jid = "bot@localhost/r"});
  ASSERT_TRUE(deal_with(1));
  storage_->store("{}");
  ASSERT_TRUE(deal_with(2));  // or the server keeps all that comes, until it has no room left
  ASSERT_TRUE(deal_with(3));
  keeper_.set_resumption(std::nullopt);
  EXPECT_TRUE(Card{card_}.resumption());
  EXPECT_EQ(storage_->text(), "{}");
  EXPECT_EQ(conflicts(), 1);
}

TEST_F(XmppKeeper, AStoreThatFailsIsAnErrorOnceAndTriedAgain) {
  std::atomic<int> tries{0};
  storage_->before_save = [&] {
    if (++tries <= 2) throw puppet::StorageError{"disk full"};
  };
  ASSERT_TRUE(deal_with(1));
  EXPECT_EQ(tries, 3);
  EXPECT_EQ(failures(), 1);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
