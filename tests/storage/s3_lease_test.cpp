// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "puppet_storage/s3_client.hpp"
#include "storage/servers.hpp"
#include "storage/storage_rules.hpp"

namespace wechaty::puppet_storage {
namespace {

using namespace std::chrono_literals;
using puppet::ConflictError;
using puppet::LeaseLostError;
using puppet::MemoryCard;
using puppet::StorageLease;
using testing::HasSubstr;
using testing::Not;

class S3Lease : public testing::Test {
 protected:
  S3Lease() { s3_.options.remote = {}; }
  [[nodiscard]] std::string lease_object() const {
    return S3Client{s3_.options}.send("GET", "bot.lease", {}).body;
  }
  test::S3Server s3_;
};

TEST_F(S3Lease, KeepsTheRulesOfEveryStorage) {
  puppet::test::one_process_at_a_time_has_the_lease([this] { return s3_.open(); });
}

TEST_F(S3Lease, AfterACrashTheNextHasItWithinItsTime) {
  // Its time, and what the whole seconds of the server's times may add.
  puppet::test::after_a_crash_the_next_has_the_lease([this] { return s3_.open(); }, 1s, 5s);
}

TEST_F(S3Lease, OfManyThatTakeOneThatIsOverExactlyOneHasIt) {
  { const auto before = s3_.open()->acquire_lease({}); }
  std::atomic<int> holders{0};
  std::vector<std::unique_ptr<StorageLease>> leases(6);
  {
    std::vector<std::jthread> all;
    for (auto& lease : leases) {
      all.emplace_back([&lease, &holders, storage = std::shared_ptr{s3_.open()}] {
        try {
          lease = storage->acquire_lease({});
          ++holders;
        } catch (const ConflictError&) {
        }
      });
    }
  }
  EXPECT_EQ(holders, 1);
}

TEST_F(S3Lease, IsRenewedForAsLongAsItIsHeld) {
  const auto lease = s3_.open()->acquire_lease({.ttl = 1s});
  const auto end = std::chrono::steady_clock::now() + 5s;  // it would be over after 4
  while (std::chrono::steady_clock::now() < end) {
    ASSERT_TRUE(lease->held());
    ASSERT_THROW((void)s3_.open()->acquire_lease({}), ConflictError);
    std::this_thread::sleep_for(50ms);
  }
}

TEST_F(S3Lease, ThatIsLostIsToldAndForbidsToSave) {
  std::promise<std::string> lost;
  MemoryCard card{"bot", s3_.open()};
  card.acquire_lease({.ttl = 1s, .on_lost = [&](const std::string& why) { lost.set_value(why); }});
  card.load();
  card.set("k", 1);
  card.save();
  (void)S3Client{s3_.options}.send("DELETE", "bot.lease", {});
  const auto other = s3_.open();
  const auto lease = other->acquire_lease({});
  card.set("k", 2);
  EXPECT_THROW(card.save(), LeaseLostError);
  EXPECT_THROW(card.destroy(), LeaseLostError);
  EXPECT_THAT(lost.get_future().get(), HasSubstr("another process"));
  EXPECT_FALSE(card.lease_held());
  EXPECT_EQ(other->load()->text, R"({"k":1})");
}

TEST_F(S3Lease, ARenewalWhoseAnswerWasLostDoesNotLoseIt) {
  auto options = s3_.options;
  options.remote = {.connect_timeout = 300ms, .request_timeout = 300ms, .attempts = 1};
  std::atomic<bool> lost{false};
  const auto lease = S3Storage{"bot", options}.acquire_lease(
      {.ttl = 3s, .on_lost = [&](const std::string&) { lost = true; }});
  const auto before = lease_object();
  s3_.process->freeze();  // a renewal is sent within 1 s, given up, and done all the same
  std::this_thread::sleep_for(1'500ms);
  s3_.process->thaw();
  const auto end = std::chrono::steady_clock::now() + 6s;
  while (std::chrono::steady_clock::now() < end && !lost) std::this_thread::sleep_for(20ms);
  EXPECT_FALSE(lost);
  EXPECT_TRUE(lease->held());
  EXPECT_NE(lease_object(), before);
}

TEST_F(S3Lease, LeavesANumberBehindAndNothingElse) {
  std::uint64_t number = 0;
  {
    const auto lease = s3_.open()->acquire_lease({.owner = "hunter2"});
    number = lease->fencing_number();
    EXPECT_THAT(lease_object(), HasSubstr("hunter2"));
  }
  EXPECT_THAT(lease_object(), Not(HasSubstr("hunter2")));
  EXPECT_THAT(lease_object(), testing::StartsWith(std::to_string(number)));
  EXPECT_GT(s3_.open()->acquire_lease({})->fencing_number(), number);
}

TEST_F(S3Lease, WhatSomebodyElsePutThereIsReplaced) {
  (void)S3Client{s3_.options}.send("PUT", "bot.lease", "no lease at all");
  EXPECT_TRUE(s3_.open()->acquire_lease({})->held());
}

TEST(S3LeaseWithoutConditions, IsUnsupportedAndLeavesNothing) {
  test::S3Server s3{"http", {"ignore-conditions"}};
  try {
    (void)s3.open()->acquire_lease({});
    ADD_FAILURE();
  } catch (const puppet::UnsupportedError& error) {
    EXPECT_THAT(error.what(), HasSubstr("If-None-Match"));
  }
  EXPECT_EQ(S3Client{s3.options}.send("GET", "bot.lease", {}).status, 404);
}

}  // namespace
}  // namespace wechaty::puppet_storage
