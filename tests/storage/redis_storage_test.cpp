// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_storage/redis_storage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "puppet_storage/redis_connection.hpp"
#include "storage/storage_rules.hpp"
#include "support/server_process.hpp"
#include "support/temp_folder.hpp"
#include "wechaty/puppet_storage/storages.hpp"

namespace wechaty::puppet_storage {
namespace {

using namespace std::chrono_literals;
using puppet::ConflictError;
using puppet::LeaseLostError;
using puppet::MemoryCard;
using puppet::MemoryStorage;
using puppet::StorageError;
using puppet::StorageUrl;
using testing::HasSubstr;
using testing::Not;

RemoteOptions impatient() {
  return {.connect_timeout = 500ms, .request_timeout = 300ms, .attempts = 2, .first_pause = 1ms};
}

class RedisTest : public testing::Test {
 protected:
  void SetUp() override {
    options_.port = puppet::test::free_port();
    server_.emplace(std::vector<std::string>{"redis-server", "--bind", "127.0.0.1", "--port",
                                             std::to_string(options_.port), "--dir", folder_.path(),
                                             "--appendonly", "yes", "--appendfsync", "always",
                                             "--save", "", "--enable-debug-command", "yes"},
                    folder_ / "log", [this] {
                      RedisConnection probe{options_};
                      try {
                        return probe.command({"PING"}).front() == "PONG";
                      } catch (const StorageError&) {
                        return false;
                      }
                    });
  }

  std::unique_ptr<RedisStorage> open() { return std::make_unique<RedisStorage>("bot", options_); }
  RedisConnection::Reply command(const std::vector<std::string_view>& words) {
    return RedisConnection{options_}.command(words);
  }

  puppet::test::TempFolder folder_;
  RedisOptions options_;
  std::optional<puppet::test::ServerProcess> server_;
};

TEST_F(RedisTest, KeepsTheRulesOfEveryStorage) {
  const auto open_card = [this] { return open(); };
  puppet::test::nothing_stored_is_no_error(open_card);
  puppet::test::keeps_documents_byte_for_byte(open_card);
  puppet::test::the_later_writer_gets_a_conflict(open_card);
  puppet::test::of_many_writers_exactly_one_wins(open_card);
  puppet::test::a_damaged_document_is_set_aside(open_card);
  puppet::test::one_process_at_a_time_has_the_lease(open_card);
}

TEST_F(RedisTest, StoresThePlainDocumentUnderTheKey) {
  MemoryCard card{"bot", open()};
  card.load();
  card.multiplex("puppet").set("k", "v");
  card.save();
  EXPECT_EQ(command({"GET", "bot"}).front(), "{\"\\rpuppet\\nk\":\"v\"}");
}

TEST_F(RedisTest, DestroyLeavesNothingOfTheSession) {
  {
    MemoryCard card{"bot", open()};
    card.acquire_lease();
    card.load();
    card.set("token", "hunter2");
    card.save();
    card.destroy();
  }
  const auto keys = command({"KEYS", "*"});
  EXPECT_THAT(keys, testing::ElementsAre("{bot}:fence"));  // a number, see the header
}

TEST_F(RedisTest, AServerThatIsStoppedAndStartedAgainIsUsedAgain) {
  options_.remote = impatient();
  MemoryCard card{"bot", open()};
  card.load();
  card.set("k", 1);
  card.save();
  server_->stop();
  card.set("k", 2);
  try {
    card.save();
    ADD_FAILURE() << "saved nowhere";
  } catch (const StorageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("redis 127.0.0.1"));
    EXPECT_THAT(error.what(), HasSubstr("attempt 2 of 2"));
  }
  EXPECT_EQ(card.get<int>("k"), 2);
  server_->start();
  EXPECT_TRUE(card.save());
  EXPECT_EQ(open()->load()->text, R"({"k":2})");
}

TEST_F(RedisTest, WaitsForAServerThatComesBackMeanwhile) {
  options_.remote.attempts = 50;
  options_.remote.longest_pause = 50ms;
  server_->stop();
  auto loading = std::async(std::launch::async, [this] { return open()->load(); });
  EXPECT_EQ(loading.wait_for(100ms), std::future_status::timeout);
  server_->start();
  EXPECT_EQ(loading.get(), std::nullopt);
}

TEST_F(RedisTest, AServerThatStandsStillIsATimeOutAndItsLateWriteNoConflict) {
  options_.remote = impatient();
  MemoryCard card{"bot", open()};
  card.load();
  card.set("k", 1);
  card.save();
  server_->freeze();
  card.set("k", 2);
  EXPECT_THROW(card.save(), StorageError);
  server_->thaw();  // it stores now what it was sent before
  card.set("k", 3);
  EXPECT_TRUE(card.save());
  EXPECT_EQ(open()->load()->text, R"({"k":3})");
}

TEST_F(RedisTest, AWrongPasswordIsReportedWithoutThePassword) {
  (void)command({"CONFIG", "SET", "requirepass", "right"});
  for (const char* password : {"", "hunter2"}) {
    options_.password = password;
    try {
      (void)open()->load();
      ADD_FAILURE();
    } catch (const StorageError& error) {
      EXPECT_THAT(error.what(), HasSubstr("WECHATY_PUPPET_REDIS_PASSWORD"));
      EXPECT_THAT(error.what(), Not(HasSubstr("hunter2")));
    }
  }
  options_.password = "right";
  EXPECT_EQ(open()->load(), std::nullopt);
}

TEST_F(RedisTest, AnAclUserThatMayTouchItsCardOnlyKeepsIt) {
  (void)command({"ACL", "SETUSER", "bot", "on", ">hunter2", "~bot", "~{bot}:*", "+@all"});
  (void)command({"ACL", "SETUSER", "default", "off"});
  const std::string host = "redis://bot@127.0.0.1:" + std::to_string(options_.port);
  ::setenv("WECHATY_PUPPET_REDIS_PASSWORD", "hunter2", 1);
  auto card = MemoryCard::open(host + "/bot", storages());
  auto other = MemoryCard::open(host + "/other", storages());
  ::setenv("WECHATY_PUPPET_REDIS_PASSWORD", "wrong-one", 1);
  auto refused = MemoryCard::open(host + "/bot", storages());
  ::unsetenv("WECHATY_PUPPET_REDIS_PASSWORD");
  card.acquire_lease();
  card.load();
  card.set("k", 1);
  EXPECT_TRUE(card.save());
  card.destroy();
  EXPECT_THROW(other.load(), StorageError);
  try {
    refused.load();
    ADD_FAILURE();
  } catch (const StorageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("WECHATY_PUPPET_REDIS_PASSWORD"));
    EXPECT_THAT(error.what(), Not(HasSubstr("wrong-one")));
  }
}

TEST_F(RedisTest, AnotherTypeUnderTheKeyIsAnErrorAndStaysAsItIs) {
  (void)command({"LPUSH", "bot", "element"});
  EXPECT_THROW((void)open()->load(), StorageError);
  EXPECT_THROW((void)open()->save("{}", ""), StorageError);
  EXPECT_EQ(command({"LLEN", "bot"}).front(), "1");
}

TEST_F(RedisTest, AfterACrashTheNextHasTheLeaseWithinItsTime) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto lease = open()->acquire_lease({.ttl = 1s});
    (void)lease.release();
    ::_exit(lease ? 1 : 0);  // without giving it back
  }
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  const auto storage = open();
  EXPECT_THROW((void)storage->acquire_lease({}), ConflictError);
  const auto end = std::chrono::steady_clock::now() + 3s;
  std::unique_ptr<puppet::StorageLease> lease;
  while (!lease && std::chrono::steady_clock::now() < end) {
    try {
      lease = storage->acquire_lease({.ttl = 1s});
    } catch (const ConflictError&) {
      std::this_thread::sleep_for(10ms);
    }
  }
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->fencing_number(), 2U);
}

TEST_F(RedisTest, ALeaseIsRenewedForAsLongAsItIsHeld) {
  const auto lease = open()->acquire_lease({.ttl = 1s});
  const auto end = std::chrono::steady_clock::now() + 1500ms;
  while (std::chrono::steady_clock::now() < end) {
    ASSERT_TRUE(lease->held());
    ASSERT_THROW((void)open()->acquire_lease({}), ConflictError);
    std::this_thread::sleep_for(20ms);
  }
}

TEST_F(RedisTest, ALeaseThatIsLostIsToldAndForbidsToSave) {
  std::promise<std::string> lost;
  MemoryCard card{"bot", open()};
  card.acquire_lease({.ttl = 1s, .on_lost = [&](const std::string& why) { lost.set_value(why); }});
  card.load();
  card.set("k", 1);
  card.save();
  (void)command({"DEL", "{bot}:lease"});
  const auto other = open();
  const auto lease = other->acquire_lease({});
  card.set("k", 2);
  EXPECT_THROW(card.save(), LeaseLostError);  // at once: the server compares
  EXPECT_THROW(card.destroy(), LeaseLostError);
  EXPECT_THAT(lost.get_future().get(), HasSubstr("another process"));
  EXPECT_FALSE(card.lease_held());
  EXPECT_EQ(other->load()->text, R"({"k":1})");
}

TEST_F(RedisTest, ALeaseThatCannotBeRenewedIsLostWhenItsTimeIsOver) {
  options_.remote = impatient();
  std::promise<std::string> lost;
  const auto lease = open()->acquire_lease(
      {.ttl = 1s, .on_lost = [&](const std::string& why) { lost.set_value(why); }});
  server_->stop();
  EXPECT_THAT(lost.get_future().get(), HasSubstr("could not be renewed"));
  EXPECT_FALSE(lease->held());
}

TEST(RedisUrl, GivesTheOptions) {
  ::setenv("WECHATY_PUPPET_REDIS_PASSWORD", "hunter2", 1);
  const auto options = RedisOptions::from_url(StorageUrl::parse("redis://me@h:7/k?db=3&timeout=9"));
  ::unsetenv("WECHATY_PUPPET_REDIS_PASSWORD");
  EXPECT_EQ(options.host, "h");
  EXPECT_EQ(options.port, 7);
  EXPECT_EQ(options.db, 3);
  EXPECT_EQ(options.user, "me");
  EXPECT_EQ(options.password, "hunter2");
  EXPECT_EQ(options.remote.request_timeout, 9ms);
  EXPECT_EQ(RedisOptions::from_url(StorageUrl::parse("redis://[::1]:7/k")).host, "::1");
  EXPECT_EQ(RedisOptions::from_url(StorageUrl::parse("redis:///k")).port, 6379);
}

TEST(RedisUrl, RefusesWhatItDoesNotKnow) {
  const auto parse = [](const char* url) { return RedisOptions::from_url(StorageUrl::parse(url)); };
  EXPECT_THROW((void)parse("rediss://h/k"), puppet::UnsupportedError);
  for (const char* url : {"redis://h:x/k", "redis://h:0/k", "redis://h:65536/k", "redis://[::1/k",
                          "redis://h/k?db=-1", "redis://h/k?bd=1"}) {
    EXPECT_THROW((void)parse(url), puppet::InvalidArgumentError) << url;
  }
  EXPECT_THROW((RedisStorage{"", {}}), puppet::InvalidArgumentError);
}

}  // namespace
}  // namespace wechaty::puppet_storage
