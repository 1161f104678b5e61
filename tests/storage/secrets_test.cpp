// SPDX-License-Identifier: Apache-2.0
// No value of a session, no password and no key in logs, error events, exceptions, or on standard
// output and error, whatever is done and whatever fails, at the most verbose level.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "storage/servers.hpp"
#include "support/event_log.hpp"
#include "support/session_puppet.hpp"
#include "wechaty/puppet/memory/file_storage.hpp"

namespace wechaty::puppet_storage {
namespace {

using puppet::MemoryCard;
using puppet::MemoryStorage;
using puppet::test::EventLog;
using puppet::test::SessionPuppet;
using testing::HasSubstr;
using testing::Not;

const std::string session_secret = "planted-session-token";
const std::string password_secret = "planted-password";
const std::string key_secret = "cGxhbnRlZC1lbmNyeXB0aW9uLWtleS1vZi0zMi1ieXQ=";  // of 32 bytes
const std::string access_secret = "planted-access-secret";

/// All that anybody could read.
class Everything {
 public:
  Everything() {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
  }
  ~Everything() {
    if (!taken_) (void)text();  // a test that failed in the middle
  }
  Everything(const Everything&) = delete;
  Everything& operator=(const Everything&) = delete;

  [[nodiscard]] puppet::PuppetOptions options() {
    puppet::PuppetOptions options;
    const auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(log_);
    options.logger = std::make_shared<spdlog::logger>("test", sink);
    options.logger->set_level(spdlog::level::trace);
    options.token = password_secret;
    options.state_folder = folder_.path();
    return options;
  }
  void add(const std::vector<std::string>& lines) {
    for (const auto& line : lines) text_ += line + "\n";
  }
  /// What a call throws; it has to.
  void thrown_by(const std::function<void()>& call) {
    try {
      call();
      ADD_FAILURE() << "nothing was thrown";
    } catch (const std::exception& error) {
      text_ += std::string{error.what()} + "\n";
    }
  }
  [[nodiscard]] std::string text() {
    taken_ = true;
    text_ += log_.str();
    text_ += testing::internal::GetCapturedStdout();
    text_ += testing::internal::GetCapturedStderr();
    for (const auto& name : folder_.names()) text_ += name + "\n";
    return text_;
  }

 private:
  bool taken_ = false;
  std::ostringstream log_;
  std::string text_;
  test::TempFolder folder_;
};

void expect_no_secret(const std::string& text) {
  EXPECT_GT(text.size(), 100U) << "nothing was logged, so this shows nothing";
  for (const auto& secret : {session_secret, password_secret, key_secret, access_secret}) {
    EXPECT_THAT(text, Not(HasSubstr(secret)));
    EXPECT_THAT(text, Not(HasSubstr(secret.substr(0, 14)))) << "a part of " << secret;
  }
}

struct Store {
  std::function<std::unique_ptr<MemoryStorage>()> open;
  std::function<void()> stop, start;
};

/// What another process does; the puppet's own late save may come in between.
void overwrite(MemoryStorage& storage) {
  for (bool done = false; !done;) {
    const auto stored = storage.load();
    try {
      (void)storage.save("{\"token\":\"" + session_secret + "3\"}", stored ? stored->version : "");
      done = true;
    } catch (const puppet::ConflictError&) {
    }
  }
}

/// A session from scan to logout, with everything that can go wrong on the way.
void live_and_suffer(Everything& everything, const Store& store) {
  const auto keys = EncryptionKeys::parse(key_secret);
  for (const bool encrypted : {false, true}) {
    const auto open = [&]() -> std::shared_ptr<MemoryStorage> {
      std::shared_ptr<MemoryStorage> storage{store.open()};
      if (encrypted) return std::make_shared<EncryptedStorage>(storage, keys);
      return storage;
    };
    {
      // Damaged in the middle of a secret, and a plain one where encrypted ones are wanted.
      const auto stored = store.open()->load();
      (void)store.open()->save("{\"token\":\"" + session_secret + "\",\"next\":\"" + session_secret,
                               stored ? stored->version : "");
      SessionPuppet puppet{MemoryCard{"bot", open()}, everything.options()};
      EventLog log{puppet};
      puppet.start();
      ASSERT_TRUE(log.wait_for("error"));
      puppet.scan_accepted(session_secret);
      ASSERT_TRUE(log.wait_for("login"));
      puppet.memory().set("n", session_secret);
      everything.thrown_by([&] { (void)puppet.memory().get<int>("n"); });
      everything.thrown_by([&] { (void)puppet.memory().multiplex("n\n" + session_secret); });

      store.stop();
      puppet.renew(session_secret + "2");
      ASSERT_TRUE(log.wait_for("error", 2));
      everything.thrown_by([&] { puppet.memory().save(); });
      store.start();
      overwrite(*open());
      puppet.memory().set("n", session_secret + "4");
      everything.thrown_by([&] { puppet.memory().save(); });
      everything.thrown_by([&] { puppet.logout("test"); });
      puppet.stop();
      everything.add(log.all());
    }
    SessionPuppet puppet{MemoryCard{"bot", open()}, everything.options()};
    EventLog log{puppet};
    puppet.start();
    EXPECT_TRUE(puppet.restored());
    ASSERT_TRUE(log.wait_for("login"));
    puppet.logout("test");
    everything.add(log.all());
  }
}

TEST(Secrets, AreInNoLogOfAFile) {
  const test::TempFolder folder;
  const auto unplugged = folder.path() + "-unplugged";
  Everything everything;
  live_and_suffer(everything,
                  {.open = [&] { return std::make_unique<puppet::FileStorage>(folder / "bot"); },
                   .stop = [&] { std::filesystem::rename(folder.path(), unplugged); },
                   .start = [&] { std::filesystem::rename(unplugged, folder.path()); }});
  expect_no_secret(everything.text());
}

TEST(Secrets, AreInNoLogOfRedis) {
  test::RedisServer server{password_secret};
  Everything everything;
  server.options.password = password_secret + "-wrong";
  everything.thrown_by([&] { (void)server.open()->load(); });
  server.options.password = password_secret;
  live_and_suffer(everything, {.open = [&] { return server.open(); },
                               .stop = [&] { server.process->stop(); },
                               .start = [&] { server.process->start(); }});
  expect_no_secret(everything.text());
}

TEST(Secrets, AreInNoLogOfEtcd) {
  test::EtcdServer server;
  Everything everything;
  live_and_suffer(everything, {.open = [&] { return server.open(); },
                               .stop = [&] { server.process->stop(); },
                               .start = [&] { server.process->start(); }});
  server.options.user = "nobody";
  server.options.password = password_secret;
  everything.thrown_by([&] { (void)server.open()->load(); });
  expect_no_secret(everything.text());
}

TEST(Secrets, AreInNoLogOfS3) {
  test::S3Server server;
  Everything everything;
  live_and_suffer(everything, {.open = [&] { return server.open(); },
                               .stop = [&] { server.process->stop(); },
                               .start = [&] { server.process->start(); }});
  server.options.secret_access_key = access_secret;
  server.options.session_token = password_secret;
  everything.thrown_by([&] { (void)server.open()->load(); });
  expect_no_secret(everything.text());
}

TEST(Secrets, InUrlsAndKeysAreNotRepeatedWhenTheyAreRefused) {
  Everything everything;
  for (const auto& url :
       {"redis://me:" + password_secret + "@h/bot", "redis://:" + password_secret + "@h/bot",
        "etcd://me:" + password_secret + "@h/bot", "redis://h/bot?password=" + password_secret,
        "s3://b/bot?secret_access_key=" + access_secret,
        "s3://b/bot?endpoint=https://id:" + access_secret + "@h",
        "s3://id:" + access_secret + "@b/bot", "redis://h:" + password_secret + "/bot",
        "redis://h/bot?db=" + password_secret, "redis://h/bot?timeout=" + password_secret,
        "s3://b/bot?style=" + access_secret, "etcd:me:" + password_secret + "@h/bot",
        "ftp://me:" + password_secret + "@h/bot", password_secret,
        "file://" + password_secret + "/bot", "redis://h/%" + password_secret}) {
    everything.thrown_by([&] { (void)MemoryCard::open(url, storages()); });
  }
  for (const auto& keys : {key_secret.substr(1), key_secret + "," + session_secret,
                           key_secret + "=", password_secret}) {
    everything.thrown_by([&] { (void)EncryptionKeys::parse(keys); });
  }
  ::setenv("WECHATY_PUPPET_MEMORY_KEY", (key_secret + "x").c_str(), 1);
  everything.thrown_by([&] { (void)MemoryCard::open("file:bot", storages()); });
  ::unsetenv("WECHATY_PUPPET_MEMORY_KEY");
  everything.thrown_by([&] {
    (void)MemoryCard::from_json("{\"payload\":{\"token\":\"" + session_secret +
                                "\"},\"options\":\"" + session_secret + "\"}");
  });
  expect_no_secret(everything.text());
}

TEST(Secrets, WouldBeFoundIfTheyWereLogged) {  // what the tests above depend on
  Everything everything;
  everything.options().logger->debug("a card with {}", session_secret);
  EXPECT_THAT(everything.text(), HasSubstr(session_secret));
}

}  // namespace
}  // namespace wechaty::puppet_storage
