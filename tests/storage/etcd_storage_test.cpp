// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_storage/etcd_storage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "puppet_storage/base64.hpp"
#include "puppet_storage/etcd_client.hpp"
#include "storage/storage_rules.hpp"
#include "support/server_process.hpp"
#include "support/temp_folder.hpp"

namespace wechaty::puppet_storage {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using puppet::ConflictError;
using puppet::LeaseLostError;
using puppet::MemoryCard;
using puppet::StorageError;
using puppet::StorageUrl;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class EtcdTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string url = "http://127.0.0.1:" + std::to_string(puppet::test::free_port());
    const std::string peer = "http://127.0.0.1:" + std::to_string(puppet::test::free_port());
    options_.endpoints = {url};
    server_.emplace(
        std::vector<std::string>{"etcd", "--name", "test", "--data-dir", folder_ / "data",
                                 "--listen-client-urls", url, "--advertise-client-urls", url,
                                 "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                                 "--initial-cluster", "test=" + peer, "--log-level", "error",
                                 "--logger", "zap"},
        folder_ / "log", [this] {
          try {
            (void)call("kv/range", {{"key", to_base64("probe")}});
            return true;
          } catch (const StorageError&) {
            return false;
          }
        });
  }

  std::unique_ptr<EtcdStorage> open() { return std::make_unique<EtcdStorage>("bot", options_); }
  json call(const char* path, const json& request) {
    EtcdOptions options{options_};
    options.remote.connect_timeout = 200ms;
    return EtcdClient{options}.call(path, request);
  }
  void impatient() {
    options_.remote = {
        .connect_timeout = 500ms, .request_timeout = 500ms, .attempts = 2, .first_pause = 1ms};
  }

  puppet::test::TempFolder folder_;
  EtcdOptions options_;
  std::optional<puppet::test::ServerProcess> server_;
};

TEST_F(EtcdTest, KeepsTheRulesOfEveryStorage) {
  const auto open_card = [this] { return open(); };
  puppet::test::nothing_stored_is_no_error(open_card);
  puppet::test::keeps_documents_byte_for_byte(open_card);
  puppet::test::the_later_writer_gets_a_conflict(open_card);
  puppet::test::of_many_writers_exactly_one_wins(open_card);
  puppet::test::a_damaged_document_is_set_aside(open_card);
  puppet::test::one_process_at_a_time_has_the_lease(open_card);
}

TEST_F(EtcdTest, DestroyLeavesNothingOfTheSession) {
  {
    MemoryCard card{"bot", open()};
    card.acquire_lease();
    card.load();
    card.set("token", "hunter2");
    card.save();
    card.destroy();
  }
  const auto all = call("kv/range", {{"key", to_base64(std::string(1, '\0'))},
                                     {"range_end", to_base64(std::string(1, '\0'))}});
  EXPECT_FALSE(all.contains("kvs")) << all;
}

TEST_F(EtcdTest, RefusesACardThatTheServerWouldNotTakeBeforeItIsSent) {
  const auto storage = open();
  const auto version = storage->save("{}", "");
  try {
    (void)storage->save(std::string(1'600'000, 'x'), version);
    ADD_FAILURE();
  } catch (const StorageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("max-request-bytes"));
  }
  EXPECT_EQ(open()->load()->text, "{}");
  EXPECT_FALSE(storage->save(std::string(1'400'000, 'x'), version).empty());
}

TEST_F(EtcdTest, AServerThatIsStoppedAndStartedAgainIsUsedAgain) {
  impatient();
  MemoryCard card{"bot", open()};
  card.load();
  card.set("k", 1);
  card.save();
  server_->stop();
  card.set("k", 2);
  EXPECT_THROW(card.save(), StorageError);
  server_->start();
  EXPECT_TRUE(card.save());
  EXPECT_EQ(open()->load()->text, R"({"k":2})");
}

TEST_F(EtcdTest, AServerThatStandsStillIsATimeOutAndItsLateWriteNoConflict) {
  impatient();
  MemoryCard card{"bot", open()};
  card.load();
  card.set("k", 1);
  card.save();
  server_->freeze();
  card.set("k", 2);
  EXPECT_THROW(card.save(), StorageError);
  server_->thaw();
  card.set("k", 3);
  const auto end = std::chrono::steady_clock::now() + 10s;
  bool saved = false;
  while (!saved && std::chrono::steady_clock::now() < end) {
    try {
      saved = card.save();
    } catch (const ConflictError&) {
      throw;
    } catch (const StorageError&) {  // it is electing itself again
    }
  }
  EXPECT_TRUE(saved);
  EXPECT_EQ(open()->load()->text, R"({"k":3})");
}

TEST_F(EtcdTest, TriesTheNextEndpointWhenOneDoesNotAnswer) {
  options_.endpoints.insert(options_.endpoints.begin(),
                            "http://127.0.0.1:" + std::to_string(puppet::test::free_port()));
  EXPECT_FALSE(open()->save("{}", "").empty());
  EXPECT_EQ(open()->load()->text, "{}");
}

TEST_F(EtcdTest, LogsInAndReportsAWrongPasswordWithoutThePassword) {
  (void)call("auth/user/add", {{"name", "root"}, {"password", "right"}});
  (void)call("auth/role/add", {{"name", "root"}});
  (void)call("auth/user/grant", {{"user", "root"}, {"role", "root"}});
  (void)call("auth/enable", json::object());
  EXPECT_THROW((void)open()->load(), StorageError);
  options_.user = "root";
  options_.password = "hunter2";
  try {
    (void)open()->load();
    ADD_FAILURE();
  } catch (const StorageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("WECHATY_PUPPET_ETCD_PASSWORD"));
    EXPECT_THAT(error.what(), Not(HasSubstr("hunter2")));
  }
  options_.password = "right";
  EXPECT_FALSE(open()->save("{}", "").empty());
  EXPECT_EQ(open()->load()->text, "{}");
}

TEST_F(EtcdTest, AfterACrashTheNextHasTheLeaseWithinItsTime) {
  const auto dead = call("lease/grant", {{"TTL", 1}});  // a lease that nobody renews
  (void)call("kv/put", {{"key", to_base64("bot.lease")},
                        {"value", to_base64("a process that crashed")},
                        {"lease", dead.at("ID")}});
  const auto storage = open();
  EXPECT_THROW((void)storage->acquire_lease({}), ConflictError);
  const auto end = std::chrono::steady_clock::now() + 10s;
  std::unique_ptr<puppet::StorageLease> lease;
  while (!lease && std::chrono::steady_clock::now() < end) {
    try {
      lease = storage->acquire_lease({.ttl = 1s});
    } catch (const ConflictError&) {
      std::this_thread::sleep_for(20ms);
    }
  }
  EXPECT_TRUE(lease);
}

TEST_F(EtcdTest, ALeaseIsRenewedForAsLongAsItIsHeld) {
  const auto lease = open()->acquire_lease({.ttl = 2s});
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (std::chrono::steady_clock::now() < end) {
    ASSERT_TRUE(lease->held());
    ASSERT_THROW((void)open()->acquire_lease({}), ConflictError);
    std::this_thread::sleep_for(100ms);
  }
}

TEST_F(EtcdTest, ALeaseThatIsLostIsToldAndForbidsToSave) {
  std::promise<std::string> lost;
  MemoryCard card{"bot", open()};
  card.acquire_lease({.ttl = 1s, .on_lost = [&](const std::string& why) { lost.set_value(why); }});
  card.load();
  card.set("k", 1);
  card.save();
  (void)call("kv/deleterange", {{"key", to_base64("bot.lease")}});
  const auto other = open();
  const auto lease = other->acquire_lease({});
  card.set("k", 2);
  EXPECT_THROW(card.save(), LeaseLostError);
  EXPECT_THROW(card.destroy(), LeaseLostError);
  EXPECT_THAT(lost.get_future().get(), HasSubstr("another process"));
  EXPECT_FALSE(card.lease_held());
  EXPECT_EQ(other->load()->text, R"({"k":1})");
}

TEST(EtcdUrl, GivesTheOptions) {
  ::setenv("WECHATY_PUPPET_ETCD_PASSWORD", "hunter2", 1);
  const auto options =
      EtcdOptions::from_url(StorageUrl::parse("etcds://me@a,b:7,[::1]/k?ca=/ca.pem&timeout=9"));
  ::unsetenv("WECHATY_PUPPET_ETCD_PASSWORD");
  EXPECT_THAT(options.endpoints,
              ElementsAre("https://a:2379", "https://b:7", "https://[::1]:2379"));
  EXPECT_EQ(options.user, "me");
  EXPECT_EQ(options.password, "hunter2");
  EXPECT_EQ(options.ca_file, "/ca.pem");
  EXPECT_EQ(options.remote.request_timeout, 9ms);
  EXPECT_THAT(EtcdOptions::from_url(StorageUrl::parse("etcd:///k")).endpoints,
              ElementsAre("http://127.0.0.1:2379"));
}

TEST(EtcdUrl, RefusesWhatItDoesNotKnow) {
  for (const char* url : {"etcd://h:x/k", "etcd://,h/k", "etcd://h/k?hosts=1"}) {
    EXPECT_THROW((void)EtcdOptions::from_url(StorageUrl::parse(url)), puppet::InvalidArgumentError)
        << url;
  }
  EXPECT_THROW((EtcdStorage{"", {}}), puppet::InvalidArgumentError);
  EXPECT_THROW((EtcdStorage{"k", {.endpoints = {}}}), puppet::InvalidArgumentError);
  try {
    (void)EtcdStorage{"k", {.endpoints = {"http://me:hunter2@h:1"}}};
    ADD_FAILURE();
  } catch (const puppet::InvalidArgumentError& error) {
    EXPECT_THAT(error.what(), Not(HasSubstr("hunter2")));
  }
}

TEST(Base64, IsThatOfTheRfc) {
  for (const auto& [bytes, text] : {std::pair<std::string, std::string>{"", ""},
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foob", "Zm9vYg=="},
                                    {"fooba", "Zm9vYmE="},
                                    {"foobar", "Zm9vYmFy"},
                                    {"\xff\xfe", "//4="}}) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
  for (const char* text : {"Z", "Zg=", "Zg", "Z===", "Zg==Zg==", "Zm9*", "====", "Zh==", "Zm9="}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace wechaty::puppet_storage
