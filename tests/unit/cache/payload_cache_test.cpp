// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/cache/payload_cache.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace wechaty::puppet {
namespace {

using namespace std::chrono_literals;
using Cache = PayloadCache<std::string>;

Cache::Pointer text(const std::string& value) { return std::make_shared<const std::string>(value); }
auto gives(const std::string& value) {
  return [value] { return value; };
}
std::string fails() { throw std::runtime_error{"the service was asked"}; }

/// A fetch that is entered, and returns when the test says so.
class SlowFetch {
 public:
  auto operator()(const std::string& value) {
    return [this, value] {
      ++calls;
      entered_.set_value();
      go_.get_future().wait();
      return value;
    };
  }
  void wait_until_entered() { entered_.get_future().wait(); }
  void let_go() { go_.set_value(); }

  std::atomic<int> calls = 0;

 private:
  std::promise<void> entered_;
  std::promise<void> go_;
};

TEST(PayloadCache, AsksOnceAndKeepsTheAnswer) {
  Cache cache{"thing", 10, 1h};
  EXPECT_EQ(cache.find("a"), nullptr);
  EXPECT_EQ(*cache.get("a", gives("1")), "1");
  EXPECT_EQ(*cache.get("a", fails), "1");
  EXPECT_EQ(*cache.find("a"), "1");
}

TEST(PayloadCache, AFetchIsAskedToEndWhenNobodyWaitsForItAnyMore) {
  Cache cache{"thing", 10, 1h};
  std::promise<void> entered;
  std::atomic<bool> was_asked = false;
  const auto fetch = [&]() -> std::string {
    entered.set_value();
    const std::stop_token token = CallScope::current();
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock{mutex};
    never.wait(lock, token, [] { return false; });
    was_asked = true;
    throw CancelledError{"given up"};
  };
  std::stop_source first;
  std::stop_source second;
  std::jthread leader{[&] {
    const CallScope scope{first.get_token()};
    EXPECT_THROW(static_cast<void>(cache.get("a", fetch)), CancelledError);
  }};
  entered.get_future().wait();
  std::jthread follower{[&] {
    const CallScope scope{second.get_token()};
    EXPECT_THROW(static_cast<void>(cache.get("a", gives("no"))), CancelledError);
  }};
  second.request_stop();
  follower.join();
  EXPECT_FALSE(was_asked) << "the leader still waits";
  first.request_stop();
  leader.join();
  EXPECT_TRUE(was_asked);
  EXPECT_EQ(*cache.get("a", gives("1")), "1") << "and the next caller gets an answer";
}

TEST(PayloadCache, WhoGivesUpDoesNotTakeTheFetchFromOthers) {
  Cache cache{"thing", 10, 1h};
  SlowFetch fetch;
  std::stop_source impatient;
  std::jthread leader{[&] {
    const CallScope scope{impatient.get_token()};
    EXPECT_EQ(*cache.get("a", fetch("1")), "1");
  }};
  fetch.wait_until_entered();
  std::jthread follower{[&] { EXPECT_EQ(*cache.get("a", fails), "1"); }};
  impatient.request_stop();
  fetch.let_go();
}

TEST(PayloadCache, AFailureIsThrownAndNotKept) {
  Cache cache{"thing", 10, 1h};
  EXPECT_THROW(static_cast<void>(cache.get("a", fails)), std::runtime_error);
  EXPECT_EQ(*cache.get("a", gives("1")), "1");
}

TEST(PayloadCache, SixtyFourThreadsThatMissOneIdAskOnce) {
  Cache cache{"thing", 10, 1h};
  SlowFetch fetch;
  std::atomic<int> answers = 0;
  std::atomic<int> begun = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 64; ++t) {
    threads.emplace_back([&] {
      ++begun;
      answers += *cache.get("a", fetch("1")) == "1" ? 1 : 0;
    });
  }
  fetch.wait_until_entered();
  while (begun < 64) std::this_thread::yield();
  fetch.let_go();
  threads.clear();
  EXPECT_EQ(answers, 64);
  EXPECT_EQ(fetch.calls, 1);
}

TEST(PayloadCache, WhoWaitsForAFetchThatFailsGetsItsException) {
  Cache cache{"thing", 10, 1h};
  std::promise<void> entered;
  std::promise<void> go;
  std::atomic<int> caught = 0;
  const auto ask = [&](auto fetch) {
    try {
      static_cast<void>(cache.get("a", fetch));
    } catch (const std::runtime_error&) {
      ++caught;
    }
  };
  std::jthread leader{[&] {
    ask([&]() -> std::string {
      entered.set_value();
      go.get_future().wait();
      throw std::runtime_error{"away"};
    });
  }};
  entered.get_future().wait();
  std::jthread follower{[&] { ask(fails); }};
  go.set_value();
  leader.join();
  follower.join();
  EXPECT_EQ(caught, 2);
}

TEST(PayloadCache, AnswersForDifferentIdsDoNotWaitForEachOther) {
  Cache cache{"thing", 10, 1h};
  SlowFetch fetch;
  std::jthread asking{[&] { static_cast<void>(cache.get("a", fetch("1"))); }};
  fetch.wait_until_entered();
  EXPECT_EQ(*cache.get("b", gives("2")), "2");
  fetch.let_go();
}

TEST(PayloadCache, WhatWasDroppedInFlightIsAskedForAgain) {
  for (const bool clear : {false, true}) {
    Cache cache{"thing", 10, 1h};
    SlowFetch fetch;
    std::atomic<int> calls = 0;
    std::string answer;
    std::jthread asking{
        [&] { answer = *cache.get("a", [&] { return ++calls == 1 ? fetch("old")() : "new"; }); }};
    fetch.wait_until_entered();
    clear ? cache.clear() : cache.drop("a");
    fetch.let_go();
    asking.join();
    EXPECT_EQ(answer, "new");
    EXPECT_EQ(*cache.find("a"), "new");
  }
}

TEST(PayloadCache, WhatWasDirtyBeforeItsFirstAnswerIsNotForgottenToBeDirty) {
  // The first dirty of an id that nobody has cached: no entry exists to be marked.
  Cache cache{"thing", 10, 1h};
  cache.drop("a");
  SlowFetch fetch;
  std::atomic<int> calls = 0;
  std::jthread asking{[&] {
    static_cast<void>(cache.get("a", [&] { return ++calls == 1 ? fetch("old")() : "new"; }));
  }};
  fetch.wait_until_entered();
  cache.drop("a");
  fetch.let_go();
  asking.join();
  EXPECT_EQ(*cache.find("a"), "new");
}

TEST(PayloadCache, WhoAsksAfterADropDoesNotGetTheAnswerThatWasOnItsWay) {
  std::atomic<int> old_answers = 0;
  for (int round = 0; round < 20; ++round) {
    Cache cache{"thing", 10, 1h};
    SlowFetch fetch;
    std::atomic<int> calls = 0;
    const auto ask = [&] {
      return *cache.get("a", [&] { return ++calls == 1 ? fetch("old")() : "new"; });
    };
    std::jthread leader{[&] { static_cast<void>(ask()); }};
    fetch.wait_until_entered();
    cache.drop("a");
    std::atomic<int> begun = 0;
    std::vector<std::jthread> followers;
    for (int t = 0; t < 8; ++t) {
      followers.emplace_back([&] {
        ++begun;
        if (ask() == "old") ++old_answers;
      });
    }
    while (begun < 8) std::this_thread::yield();
    fetch.let_go();
    followers.clear();
  }
  EXPECT_EQ(old_answers, 0);
}

TEST(PayloadCache, AnIdThatIsAlwaysDirtyIsAnsweredAllTheSameButNotKept) {
  Cache cache{"thing", 10, 1h};
  int calls = 0;
  const auto answer = cache.get("a", [&] {
    cache.drop("a");
    return std::to_string(++calls);
  });
  EXPECT_EQ(*answer, std::to_string(calls));
  EXPECT_LT(calls, 10);
  EXPECT_EQ(cache.find("a"), nullptr);
}

TEST(PayloadCache, WhatIsPushedWhileItIsFetchedWins) {
  Cache cache{"thing", 10, 1h};
  SlowFetch fetch;
  std::string answer;
  std::jthread asking{[&] { answer = *cache.get("a", fetch("fetched")); }};
  fetch.wait_until_entered();
  cache.put("a", text("pushed"));
  fetch.let_go();
  asking.join();
  EXPECT_EQ(answer, "pushed");
  EXPECT_EQ(*cache.find("a"), "pushed");
}

TEST(PayloadCache, AFetchThatAsksForItselfIsToldSo) {
  Cache cache{"thing", 10, 1h};
  try {
    static_cast<void>(cache.get("a", [&] { return *cache.get("a", gives("x")); }));
    FAIL() << "no exception";
  } catch (const ContractError& error) {
    EXPECT_NE(std::string{error.what()}.find("thing \"a\""), std::string::npos);
  }
  EXPECT_EQ(*cache.get("a", gives("1")), "1");
}

TEST(PayloadCache, TheLeastRecentlyUsedGroupGoesFirst) {
  Cache cache{"thing", 2, 1h};
  cache.put("a", text("1"));
  cache.put("b", text("2"));
  static_cast<void>(cache.find("a"));
  cache.put("c", text("3"));
  EXPECT_EQ(cache.find("b"), nullptr);
  EXPECT_NE(cache.find("a"), nullptr);
  EXPECT_EQ(cache.values().size(), 2U);
}

TEST(PayloadCache, FetchedPayloadsAgeAndPushedOnesDoNot) {
  auto now = Cache::Clock::time_point{};
  Cache cache{"thing", 10, 15min, [&now] { return now; }};
  static_cast<void>(cache.get("fetched", gives("1")));
  cache.put("pushed", text("2"));
  now += 15min - 1s;
  EXPECT_NE(cache.find("fetched"), nullptr);
  EXPECT_EQ(cache.values().size(), 2U);
  now += 2s;
  EXPECT_EQ(cache.values().size(), 1U);
  EXPECT_EQ(cache.find("fetched"), nullptr);
  EXPECT_EQ(*cache.find("pushed"), "2");
  EXPECT_EQ(*cache.get("fetched", gives("3")), "3");
}

// --- groups, as of room members ------------------------------------------------------------------

TEST(PayloadCacheGroups, MembersHaveKeysOfTheirOwn) {
  Cache cache{"member", 10, 1h};
  cache.put("room", "alice", text("a"));
  cache.put("room", "bob", text("b"));
  cache.put("other", "alice", text("c"));
  EXPECT_EQ(*cache.find("room", "alice"), "a");
  EXPECT_EQ(*cache.find("other", "alice"), "c");
  EXPECT_EQ(cache.find("room", "memberId"), nullptr);
  // No pair of ids looks like another pair.
  SlowFetch fetch;
  std::jthread asking{[&] { static_cast<void>(cache.get("1", "23", fetch("x"))); }};
  fetch.wait_until_entered();
  EXPECT_EQ(*cache.get("12", "3", gives("y")), "y");
  fetch.let_go();
}

TEST(PayloadCacheGroups, OneMemberOrAllAreDropped) {
  Cache cache{"member", 10, 1h};
  cache.put("room", "alice", text("a"));
  cache.put("room", "bob", text("b"));
  cache.drop("room", "alice");
  EXPECT_EQ(cache.find("room", "alice"), nullptr);
  EXPECT_EQ(*cache.find("room", "bob"), "b");
  cache.drop("room");
  EXPECT_EQ(cache.find("room", "bob"), nullptr);
}

TEST(PayloadCacheGroups, AMemberInFlightIsStaleAfterEitherKindOfDrop) {
  for (const bool whole_room : {false, true}) {
    Cache cache{"member", 10, 1h};
    SlowFetch fetch;
    std::atomic<int> calls = 0;
    std::jthread asking{[&] {
      static_cast<void>(
          cache.get("room", "alice", [&] { return ++calls == 1 ? fetch("old")() : "new"; }));
    }};
    fetch.wait_until_entered();
    whole_room ? cache.drop("room") : cache.drop("room", "alice");
    fetch.let_go();
    asking.join();
    EXPECT_EQ(*cache.find("room", "alice"), "new") << whole_room;
  }
}

TEST(PayloadCacheGroups, AMemberInFlightIsNotStaleByTheDropOfAnother) {
  Cache cache{"member", 10, 1h};
  SlowFetch fetch;
  std::jthread asking{[&] { static_cast<void>(cache.get("room", "alice", fetch("a"))); }};
  fetch.wait_until_entered();
  cache.drop("room", "bob");
  cache.drop("other");
  fetch.let_go();
  asking.join();
  EXPECT_EQ(fetch.calls, 1);
  EXPECT_EQ(*cache.find("room", "alice"), "a");
}

// --- payloads that came with an event ------------------------------------------------------------

TEST(PayloadCachePins, APinnedPayloadOutlivesTheBoundUntilItsEventIsDelivered) {
  Cache cache{"thing", 1, 1h};
  cache.pin("a", text("1"));
  cache.put("b", text("2"));
  EXPECT_EQ(*cache.find("a"), "1");
  cache.unpin("a");
  cache.put("c", text("3"));
  EXPECT_EQ(cache.find("a"), nullptr);
}

TEST(PayloadCachePins, APinnedPayloadThatIsDroppedStaysAway) {
  Cache cache{"thing", 10, 1h};
  cache.pin("a", text("1"));
  cache.drop("a");
  EXPECT_EQ(cache.find("a"), nullptr);
  cache.unpin("a");
  EXPECT_EQ(cache.find("a"), nullptr);
}

TEST(PayloadCachePins, TwoEventsWithOnePayloadPinItTwice) {
  Cache cache{"thing", 1, 1h};
  cache.pin("a", text("1"));
  cache.pin("a", text("2"));
  cache.unpin("a");
  cache.put("b", text("x"));
  EXPECT_EQ(*cache.find("a"), "2");
  cache.unpin("a");
}

// --- threads
// --------------------------------------------------------------------------------------

TEST(PayloadCacheThreads, NobodySeesAnAnswerFromBeforeADropThatHasReturned) {
  // The service's value only grows; a drop() comes after each growth, as dirty does.
  Cache cache{"thing", 10, 1h};
  std::atomic<int> service = 0;
  std::atomic<bool> stop = false;
  std::atomic<int> stale = 0;
  {
    std::vector<std::jthread> readers;
    std::atomic<int> dropped_at = 0;
    for (int t = 0; t < 4; ++t) {
      readers.emplace_back([&] {
        while (!stop) {
          const int at_least = dropped_at;
          const int seen = std::stoi(*cache.get("a", [&] { return std::to_string(service); }));
          if (seen < at_least) ++stale;
        }
      });
    }
    for (int i = 1; i <= 2'000; ++i) {
      service = i;
      cache.drop("a");
      dropped_at = i;
    }
    stop = true;
  }
  EXPECT_EQ(stale, 0);
}

}  // namespace
}  // namespace wechaty::puppet
