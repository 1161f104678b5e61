// SPDX-License-Identifier: Apache-2.0
#include "puppet_storage/retry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace wechaty::puppet_storage {
namespace {

using namespace std::chrono_literals;
using puppet::ConflictError;
using puppet::LeaseLostError;
using puppet::StorageError;
using puppet::StoredDocument;
using Clock = std::chrono::steady_clock;

RemoteOptions quick() { return {.attempts = 4, .first_pause = 1ms, .longest_pause = 2ms}; }

TEST(Retry, RepeatsWhatMayPassAsOftenAsItIsToldAndSaysSo) {
  int calls = 0;
  try {
    with_retries(quick(), [&](int attempt) {
      EXPECT_EQ(attempt, ++calls);
      throw TransientError{"away"};
    });
    ADD_FAILURE();
  } catch (const TransientError&) {
    ADD_FAILURE() << "nobody may take it for something to try again";
  } catch (const StorageError& error) {
    EXPECT_THAT(error.what(), testing::StrEq("away (attempt 4 of 4)"));
  }
  EXPECT_EQ(calls, 4);
}

TEST(Retry, DoesNotRepeatWhatWillNotPass) {
  int calls = 0;
  const auto refused = [&](int) -> int { throw StorageError{std::to_string(++calls)}; };
  EXPECT_THROW(with_retries(quick(), refused), StorageError);
  const auto conflict = [&](int) -> int { throw ConflictError{std::to_string(++calls)}; };
  EXPECT_THROW(with_retries(quick(), conflict), ConflictError);
  EXPECT_EQ(calls, 2);
}

TEST(Retry, PausesGrowAndAreShortenedByARandomPartOfUpToAHalf) {
  constexpr RemoteOptions options{.attempts = 4, .first_pause = 20ms, .longest_pause = 40ms};
  std::set<Clock::duration::rep> sums;
  for (int round = 0; round < 8; ++round) {
    std::vector<Clock::time_point> times;
    try {
      with_retries(options, [&](int) {
        times.push_back(Clock::now());
        throw TransientError{"away"};
      });
    } catch (const StorageError&) {
    }
    ASSERT_EQ(times.size(), 4U);
    EXPECT_GE(times[1] - times[0], 10ms);
    EXPECT_GE(times[2] - times[1], 20ms);
    EXPECT_GE(times[3] - times[2], 20ms);  // 40 ms is the longest
    sums.insert((times[3] - times[0]) / 1ms);
  }
  EXPECT_GT(sums.size(), 1U) << "bots that were cut off together come back together";
}

TEST(Retry, ASaveThatMeetsItselfIsNoConflict) {
  int saves = 0;
  const auto save = [&]() -> std::string {
    if (++saves == 1) throw TransientError{"the answer is lost"};
    throw ConflictError{"something is there"};
  };
  const auto ours = [] { return std::optional{StoredDocument{.text = "new", .version = "7"}}; };
  EXPECT_EQ(save_with_retries(quick(), "new", save, ours), "7");
  EXPECT_EQ(saves, 2);

  saves = 0;
  const auto theirs = [] { return std::optional{StoredDocument{.text = "x", .version = "8"}}; };
  EXPECT_THROW((void)save_with_retries(quick(), "new", save, theirs), ConflictError);
  // A conflict at once is one, even with a document like ours: somebody else has stored it.
  const auto at_once = []() -> std::string { throw ConflictError{"something is there"}; };
  EXPECT_THROW((void)save_with_retries(quick(), "new", at_once, ours), ConflictError);
  const auto lost = []() -> std::string { throw LeaseLostError{"gone"}; };
  EXPECT_THROW((void)save_with_retries(quick(), "new", lost, ours), LeaseLostError);
}

}  // namespace
}  // namespace wechaty::puppet_storage
