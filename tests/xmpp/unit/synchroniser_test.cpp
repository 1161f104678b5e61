// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/synchroniser.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace wechaty::puppet_xmpp::test {
namespace {

constexpr std::chrono::seconds patience{20};

class XmppSynchroniser : public testing::Test {
 protected:
  ~XmppSynchroniser() override { synchroniser_.stop(); }

  void note(const std::string& what) {
    {
      const std::lock_guard lock{mutex_};
      done_.push_back(what);
    }
    changed_.notify_all();
  }
  /// All that was done, once it is so much.
  std::vector<std::string> done(std::size_t count) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, patience, [&] { return done_.size() >= count; });
    return done_;
  }
  void begin(bool is_new) {
    if (is_new) synchroniser_.count_session();
    synchroniser_.want(is_new);
  }
  void synchronise(std::uint64_t session, bool full) {
    note("synchronise " + std::to_string(session) + (full ? " full" : ""));
    if (on_synchronise) std::exchange(on_synchronise, nullptr)();
    if (failures_ > 0 && failures_-- > 0) throw std::runtime_error{"no answer"};
  }

  std::function<void()> on_synchronise;  ///< the next time
  int failures_ = 0;                     ///< before it succeeds
  std::mutex mutex_;                     // guards done_
  std::condition_variable changed_;
  std::vector<std::string> done_;
  Synchroniser synchroniser_{
      {.errands_before = [this] { note("before"); },
       .synchronise = [this](std::uint64_t n, bool full) { synchronise(n, full); },
       .finish = [this](std::uint64_t n) { note("finish " + std::to_string(n)); },
       .errands_after = [this] { note("after"); },
       .on_error =
           [this](const std::exception_ptr& error) {
             try {
               std::rethrow_exception(error);
             } catch (const std::exception& what) {
               note(what.what());
             }
           }},
      std::chrono::milliseconds{1}};
};

using Done = std::vector<std::string>;

TEST_F(XmppSynchroniser, ANewSessionIsSynchronisedAndFinished) {
  synchroniser_.start();
  begin(true);
  EXPECT_EQ(done(4), (Done{"before", "synchronise 1 full", "finish 1", "after"}));
}

TEST_F(XmppSynchroniser, WhatFailsIsToldAndDoneAgainUntilItSucceeds) {
  failures_ = 2;
  synchroniser_.start();
  begin(true);
  EXPECT_EQ(done(10),
            (Done{"before", "synchronise 1 full", "no answer", "before", "synchronise 1 full",
                  "no answer", "before", "synchronise 1 full", "finish 1", "after"}));
}

TEST_F(XmppSynchroniser, AResumptionDuringAFullOneThatFailsLeavesItFull) {
  failures_ = 1;
  on_synchronise = [this] { begin(false); };
  synchroniser_.start();
  begin(true);
  EXPECT_EQ(done(7).at(4), "synchronise 1 full");
}

TEST_F(XmppSynchroniser, WhatFailsInASessionThatIsOverIsNotToldAndTheNextHasItsOwnTry) {
  failures_ = 1;
  on_synchronise = [this] { begin(true); };
  synchroniser_.start();
  begin(true);
  EXPECT_EQ(done(6), (Done{"before", "synchronise 1 full", "before", "synchronise 2 full",
                           "finish 2", "after"}));
}

TEST_F(XmppSynchroniser, WhatSucceedsInASessionThatIsOverIsNotFinished) {
  on_synchronise = [this] { begin(true); };
  synchroniser_.start();
  begin(true);
  EXPECT_EQ(done(7), (Done{"before", "synchronise 1 full", "after", "before", "synchronise 2 full",
                           "finish 2", "after"}));
}

TEST_F(XmppSynchroniser, AnErrandNeedsNoSynchronisation) {
  synchroniser_.start();
  synchroniser_.run_errands();
  EXPECT_EQ(done(2), (Done{"before", "after"}));
}

TEST_F(XmppSynchroniser, WhatIsWantedOnceMoreIsDoneOnceMore) {
  synchroniser_.start();
  begin(true);
  done(4);
  begin(false);
  EXPECT_EQ(done(8).at(5), "synchronise 1");
  synchroniser_.want(true);
  EXPECT_EQ(done(12).at(9), "synchronise 1 full");
}

TEST_F(XmppSynchroniser, AfterTheEndNothingIsTriedAgainOrTold) {
  failures_ = 1;
  on_synchronise = [this] { synchroniser_.end(); };
  synchroniser_.start();
  begin(true);
  done(2);
  synchroniser_.run_errands();
  EXPECT_EQ(done(4), (Done{"before", "synchronise 1 full", "before", "after"}));
}

TEST_F(XmppSynchroniser, AStopEndsItsWait) {
  synchroniser_.start();
  synchroniser_.stop();
  begin(true);
  EXPECT_EQ(done(0), Done{});
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
