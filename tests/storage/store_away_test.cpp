// SPDX-License-Identifier: Apache-2.0
// A puppet whose store is stopped and started again in the middle, and a puppet whose lease is
// taken from it, on every storage (contract R4).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "puppet_storage/base64.hpp"
#include "puppet_storage/etcd_client.hpp"
#include "puppet_storage/redis_connection.hpp"
#include "puppet_storage/s3_client.hpp"
#include "storage/servers.hpp"
#include "storage/storage_rules.hpp"
#include "support/event_log.hpp"
#include "support/session_puppet.hpp"
#include "wechaty/puppet/memory/file_storage.hpp"

namespace wechaty::puppet_storage {
namespace {

using namespace std::chrono_literals;
using puppet::MemoryCard;
using puppet::test::EventLog;
using puppet::test::SessionPuppet;
using testing::Contains;
using testing::HasSubstr;

/// A folder that goes away stands for the server.
struct FileStore {
  [[nodiscard]] std::unique_ptr<puppet::MemoryStorage> open() const {
    return std::make_unique<puppet::FileStorage>(folder / "volume/bot");
  }
  void stop() { std::filesystem::rename(folder / "volume", folder / "unplugged"); }
  void start() { std::filesystem::rename(folder / "unplugged", folder / "volume"); }
  void take_lease_away() { std::filesystem::remove(folder / "volume/bot.memory-card.json.lease"); }

  FileStore() { std::filesystem::create_directory(folder / "volume"); }
  puppet::test::TempFolder folder;
};

struct RedisStore {
  [[nodiscard]] auto open() const { return server.open(); }
  void stop() { server.process->stop(); }
  void start() { server.process->start(); }
  void take_lease_away() { (void)RedisConnection{server.options}.command({"DEL", "{bot}:lease"}); }
  test::RedisServer server;
};

struct EtcdStore {
  [[nodiscard]] auto open() const { return server.open(); }
  void stop() { server.process->stop(); }
  void start() { server.process->start(); }
  void take_lease_away() {
    (void)EtcdClient{server.options}.call("kv/deleterange", {{"key", to_base64("bot.lease")}});
  }
  test::EtcdServer server;
};

struct S3Store {
  [[nodiscard]] auto open() const { return server.open(); }
  void stop() { server.process->stop(); }
  void start() { server.process->start(); }
  void take_lease_away() { (void)S3Client{server.options}.send("DELETE", "bot.lease", {}); }
  test::S3Server server;
};

template <class Store>
class StoreAway : public testing::Test {
 protected:
  /// Whether the store gets a document with `text` in it within 20 s.
  bool gets(const std::string& text) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < end) {
      try {
        const auto stored = store_.open()->load();
        if (stored && stored->text.find(text) != std::string::npos) return true;
      } catch (const puppet::StorageError&) {  // it is on its way
      }
      std::this_thread::sleep_for(20ms);
    }
    return false;
  }
  static bool knows_that_it_is_saved(const SessionPuppet& puppet) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (puppet.memory().changed() && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(1ms);
    }
    return !puppet.memory().changed();
  }
  Store store_;
};
using Stores = testing::Types<FileStore, RedisStore, EtcdStore, S3Store>;
TYPED_TEST_SUITE(StoreAway, Stores);

TYPED_TEST(StoreAway, TheSessionIsKeptAndSavedWhenItIsBackAndAnErrorSaysThatItIsLate) {
  auto& store = this->store_;
  SessionPuppet puppet{MemoryCard{"bot", store.open()}};
  EventLog log{puppet};
  puppet.start();
  store.stop();
  puppet.scan_accepted("first-token");
  ASSERT_TRUE(log.wait_for("login"));  // a store that is away costs no login
  EXPECT_THAT(log.of("error"), Contains(HasSubstr("not in the store yet, it is kept in memory")));
  EXPECT_EQ(puppet.memory().get_string("token"), "first-token");
  store.start();
  EXPECT_TRUE(this->gets("first-token"));
  // The puppet has to know that it is saved, which it does not where the answer is lost.
  ASSERT_TRUE(this->knows_that_it_is_saved(puppet));

  const auto errors = static_cast<std::ptrdiff_t>(log.of("error").size());
  store.stop();
  puppet.renew("second-token");  // in the middle of the session
  ASSERT_TRUE(log.wait_for("error", errors + 1));
  EXPECT_THAT(log.of("error").back(), HasSubstr("will be saved when the store is back"));
  EXPECT_TRUE(puppet.is_logged_in());
  puppet.rotate("third-token");  // goes along
  store.start();
  EXPECT_TRUE(this->gets("third-token"));
  puppet.stop();
  EXPECT_EQ(log.of("error").size(), static_cast<std::size_t>(errors + 1)) << "told once";
}

TYPED_TEST(StoreAway, ALeaseThatIsLostWhileLoggedInIsAResetAndNotTwoClients) {
  auto& store = this->store_;
  puppet::PuppetOptions options;
  options.session_lease = 3s;
  SessionPuppet first{MemoryCard{"bot", store.open()}, options};
  EventLog log{first};
  first.start();
  first.scan_accepted("hunter2");
  ASSERT_TRUE(log.wait_for("login"));
  SessionPuppet second{MemoryCard{"bot", store.open()}, options};
  EXPECT_THROW(second.start(), puppet::ConflictError);
  EXPECT_EQ(second.starts(), 0);

  store.take_lease_away();
  EventLog second_log{second};
  second.start();
  EXPECT_TRUE(second.restored());
  EXPECT_TRUE(second_log.wait_for("login"));
  first.renew("stolen");  // noticed now, if not by the renewal of the lease before
  ASSERT_TRUE(log.wait_for("reset"));
  ASSERT_TRUE(log.wait_for("stop"));
  EXPECT_FALSE(first.is_logged_in());
  EXPECT_EQ(first.starts(), 1) << "it logs in again only with the lease";
  EXPECT_TRUE(second.is_logged_in());
  EXPECT_THAT(store.open()->load()->text, HasSubstr("hunter2"));
}

// A file's lease ends with the process: file_lease_test.cpp.
TEST(LeaseAfterACrash, IsTheNextOnesWithinItsTimeOnRedis) {
  const RedisStore store;
  puppet::test::after_a_crash_the_next_has_the_lease([&] { return store.open(); }, 1s, 3s);
}
TEST(LeaseAfterACrash, IsTheNextOnesWithinItsTimeOnEtcd) {
  const EtcdStore store;
  // etcd looks for leases that are over every half second, and grants none below 2 s.
  puppet::test::after_a_crash_the_next_has_the_lease([&] { return store.open(); }, 2s, 6s);
}

}  // namespace
}  // namespace wechaty::puppet_storage
