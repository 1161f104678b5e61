// SPDX-License-Identifier: Apache-2.0
// Contract R3 on every storage: nothing of the session is left after a logout, and a crash at any
// step of it never leads to a restored session.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "puppet_storage/http_client.hpp"
#include "support/server_process.hpp"
#include "support/session_puppet.hpp"
#include "support/temp_folder.hpp"
#include "wechaty/puppet/memory/file_storage.hpp"
#include "wechaty/puppet_storage.hpp"

namespace wechaty::puppet_storage {
namespace {

using namespace std::chrono_literals;
using puppet::EventLoginPayload;
using puppet::MemoryCard;
using puppet::MemoryStorage;
using puppet::StoredDocument;
using puppet::test::SessionPuppet;
using testing::HasSubstr;
using testing::Not;

/// The same storage, with a crash of the process around its saves.
class CrashingStorage final : public MemoryStorage {
 public:
  using Crash = std::function<void(int save, bool done)>;
  CrashingStorage(std::unique_ptr<MemoryStorage> inner, Crash crash)
      : inner_{std::move(inner)}, crash_{std::move(crash)} {}

  [[nodiscard]] std::string describe() const override { return inner_->describe(); }
  [[nodiscard]] std::optional<StoredDocument> load() override { return inner_->load(); }
  [[nodiscard]] std::string save(std::string_view document, const std::string& version) override {
    crash_(++saves_, false);
    auto result = inner_->save(document, version);
    crash_(saves_, true);
    return result;
  }
  void destroy() override { inner_->destroy(); }
  std::string set_aside(const std::string& version) override { return inner_->set_aside(version); }

 private:
  const std::unique_ptr<MemoryStorage> inner_;
  const Crash crash_;
  int saves_ = 0;
};

/// Without a note on this machine: what the store says has to do.
puppet::PuppetOptions no_notes() {
  puppet::PuppetOptions options;
  options.state_folder = "";
  return options;
}

enum class Step { after_mark, in_hook, before_erasure, after_erasure, none };

bool log_in(SessionPuppet& puppet) {
  std::promise<void> in;
  const auto listening = puppet.once<EventLoginPayload>([&](const auto&) { in.set_value(); });
  puppet.start();
  if (!puppet.restored()) puppet.scan_accepted("hunter2");
  return in.get_future().wait_for(20s) == std::future_status::ready;
}

/// Logs in and out in a child process that dies at `step`.
void log_out_and_crash(const std::function<std::unique_ptr<MemoryStorage>()>& open, Step step) {
  const pid_t child = ::fork();
  if (child == 0) {
    bool armed = false;
    int saves_before = 0;
    const auto crash = [&](int save, bool done) {
      if (!armed) {
        saves_before = save;
        return;
      }
      const int of_logout = save - saves_before;
      if (step == Step::after_mark && of_logout == 1 && done) ::_exit(7);
      if (step == Step::before_erasure && of_logout == 2 && !done) ::_exit(7);
      if (step == Step::after_erasure && of_logout == 2 && done) ::_exit(7);
    };
    try {
      SessionPuppet puppet{MemoryCard{"bot", std::make_shared<CrashingStorage>(open(), crash)},
                           no_notes()};
      if (!log_in(puppet)) ::_exit(1);
      puppet.at_logout = [&] {
        if (step == Step::in_hook) ::_exit(7);
      };
      armed = true;
      puppet.logout("test");
    } catch (...) {
      ::_exit(2);
    }
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  ASSERT_EQ(WEXITSTATUS(status), step == Step::none ? 0 : 7);
}

/// The rule, on cards that `open` makes anew.
void never_restored(const std::function<std::unique_ptr<MemoryStorage>()>& open) {
  {
    SessionPuppet puppet{MemoryCard{"bot", open()},
                         no_notes()};  // the control: without a logout it is
    ASSERT_TRUE(log_in(puppet));
  }
  {
    SessionPuppet puppet{MemoryCard{"bot", open()}, no_notes()};
    puppet.start();
    ASSERT_TRUE(puppet.restored());
  }
  for (const auto step :
       {Step::none, Step::after_mark, Step::in_hook, Step::before_erasure, Step::after_erasure}) {
    log_out_and_crash(open, step);
    SessionPuppet puppet{MemoryCard{"bot", open()}, no_notes()};
    puppet.start();
    EXPECT_FALSE(puppet.restored()) << "crashed at step " << static_cast<int>(step);
    const auto left = open()->load();
    ASSERT_TRUE(left);
    EXPECT_EQ(left->text, "{}");
  }
}

TEST(LogoutCrash, OnAFile) {
  const puppet::test::TempFolder folder;
  never_restored([&] { return std::make_unique<puppet::FileStorage>(folder / "bot"); });
  for (const auto& name : folder.names()) {
    EXPECT_THAT(puppet::test::read_text(folder / name), Not(HasSubstr("hunter2"))) << name;
  }
}

TEST(LogoutCrash, OnAnEncryptedFile) {
  const puppet::test::TempFolder folder;
  const auto keys = EncryptionKeys::parse(EncryptionKeys::generate());
  never_restored([&] {
    return std::make_unique<EncryptedStorage>(std::make_shared<puppet::FileStorage>(folder / "bot"),
                                              keys);
  });
}

/// Up when it can be loaded from.
std::function<bool()> answers(std::function<std::unique_ptr<MemoryStorage>()> open) {
  return [open = std::move(open)] {
    try {
      (void)open()->load();
      return true;
    } catch (const puppet::StorageError&) {
      return false;
    }
  };
}

TEST(LogoutCrash, OnRedis) {
  const puppet::test::TempFolder folder;
  RedisOptions options;
  options.port = puppet::test::free_port();
  const auto open = [&] { return std::make_unique<RedisStorage>("bot", options); };
  const puppet::test::ServerProcess server{
      {"redis-server", "--bind", "127.0.0.1", "--port", std::to_string(options.port), "--dir",
       folder.path(), "--save", ""},
      folder / "log",
      answers(open)};
  never_restored(open);
}

TEST(LogoutCrash, OnEtcd) {
  const puppet::test::TempFolder folder;
  EtcdOptions options;
  const std::string url = "http://127.0.0.1:" + std::to_string(puppet::test::free_port());
  const std::string peer = "http://127.0.0.1:" + std::to_string(puppet::test::free_port());
  options.endpoints = {url};
  const auto open = [&] { return std::make_unique<EtcdStorage>("bot", options); };
  const puppet::test::ServerProcess server{
      {"etcd", "--name", "test", "--data-dir", folder / "data", "--listen-client-urls", url,
       "--advertise-client-urls", url, "--listen-peer-urls", peer, "--initial-advertise-peer-urls",
       peer, "--initial-cluster", "test=" + peer, "--log-level", "error", "--logger", "zap"},
      folder / "log",
      answers(open)};
  never_restored(open);
}

TEST(LogoutCrash, OnS3) {
  const puppet::test::TempFolder folder;
  const auto port = std::to_string(puppet::test::free_port());
  S3Options options;
  options.bucket = "cards";
  options.endpoint = "http://127.0.0.1:" + port;
  options.path_style = true;
  options.access_key_id = "ID";
  options.secret_access_key = "SECRET";
  const auto open = [&] { return std::make_unique<S3Storage>("bot", options); };
  const puppet::test::ServerProcess server{
      {"node", WECHATY_PUPPET_SOURCE_DIR "/tests/storage/s3_double.mjs", port, "cards", "ID",
       "SECRET", options.region},
      folder / "log",
      answers(open)};
  never_restored(open);
}

}  // namespace
}  // namespace wechaty::puppet_storage
