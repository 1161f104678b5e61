// SPDX-License-Identifier: Apache-2.0
// Logging in and the end of a puppet, where a concrete puppet has to be of a certain kind.
#include <gtest/gtest.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/event_log.hpp"
#include "support/fake_storage.hpp"
#include "support/manual_executor.hpp"
#include "wechaty/puppet.hpp"

namespace wechaty::puppet {
namespace {

using namespace std::chrono_literals;
using test::EventLog;
using test::FakeStorage;
using test::ManualExecutor;

/// Keeps what is logged, and calls somebody at every line.
class LinesSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  [[nodiscard]] bool has(const std::string& part) {
    const std::lock_guard lock{mutex_};
    return std::any_of(lines_.begin(), lines_.end(),
                       [&](const auto& line) { return line.find(part) != std::string::npos; });
  }
  std::function<void(const std::string&)> at_line;

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    lines_.emplace_back(message.payload.data(), message.payload.size());
    if (at_line) at_line(lines_.back());
  }
  void flush_() override {}

  std::vector<std::string> lines_;
};

/// Does what its test says.
class PuppetOnOrder final : public Puppet {
 public:
  explicit PuppetOnOrder(PuppetOptions options = {}) : Puppet{std::move(options)} {}
  ~PuppetOnOrder() override {
    if (stops_at_end) stop();
  }
  using Puppet::heartbeat_every;
  using Puppet::logged_out;
  using Puppet::login;
  using Puppet::ready;
  using Puppet::report;

  bool stops_at_end = true;
  std::function<void()> at_start = [] {};
  std::function<ContactPayload(std::string_view)> contact = [](std::string_view id) {
    return ContactPayload{.id = std::string{id}, .name = "whole"};
  };
  std::atomic<int> starts = 0;

 protected:
  void do_start() override {
    ++starts;
    at_start();
  }
  void do_stop() override {}
  void do_logout(std::string_view) override {}
  ContactPayload do_contact_payload(std::string_view id) override { return contact(id); }
};

// --- login ---------------------------------------------------------------------------------------

TEST(Login, OfTheSameAccountAgainIsAReconnectionAndTellsNobody) {
  PuppetOnOrder puppet;
  EventLog log{puppet};
  puppet.start();
  puppet.login("bot");
  ASSERT_TRUE(log.wait_for("login"));
  puppet.login("bot");
  puppet.ding("flush");
  ASSERT_TRUE(log.wait_for("dong flush"));
  EXPECT_EQ(log.of("login").size(), 1U);
  EXPECT_EQ(log.of("logout").size(), 0U);
}

TEST(Login, OfAnotherAccountEndsTheSessionBefore) {
  PuppetOnOrder puppet;
  EventLog log{puppet};
  puppet.start();
  puppet.memory().set("session", "of a");
  puppet.login("a");
  puppet.ready();
  ASSERT_TRUE(log.wait_for("ready"));
  static_cast<void>(puppet.contact_payload("friend"));
  puppet.memory().set("session", "of b");
  puppet.login("b");
  ASSERT_TRUE(log.wait_for("login b"));
  EXPECT_LT(log.place("logout a login of another account"), log.place("login b"));
  EXPECT_EQ(puppet.current_user_id(), "b");
  EXPECT_FALSE(puppet.is_ready());
  EXPECT_EQ(puppet.contact_payload_cache("friend"), std::nullopt);
  EXPECT_EQ(puppet.contact_payload_cache("b")->name, "whole");
  EXPECT_EQ(puppet.memory().get_string("session"), "of b");
}

TEST(Login, KickedBeforeTheProfileCameIsNeitherLoginNorLogout) {
  std::promise<void> asked;
  std::promise<void> go;
  PuppetOnOrder puppet;
  puppet.contact = [&](std::string_view id) {
    if (id == "a") {
      asked.set_value();
      go.get_future().wait();
    }
    return ContactPayload{.id = std::string{id}};
  };
  EventLog log{puppet};
  puppet.start();
  puppet.memory().set("session", "of a");
  puppet.login("a");
  asked.get_future().wait();
  puppet.logged_out("kicked");
  go.set_value();
  puppet.login("b");
  ASSERT_TRUE(log.wait_for("login"));
  EXPECT_EQ(log.of("log"), std::vector<std::string>{"login b"});
  EXPECT_FALSE(puppet.memory().has("session"));
}

TEST(Login, FromAListenerOfLogoutWorks) {
  PuppetOnOrder puppet;
  EventLog log{puppet};
  const auto again =
      puppet.on<EventLogoutPayload>([&](const EventLogoutPayload&) { puppet.login("bot"); });
  puppet.start();
  puppet.login("bot");
  ASSERT_TRUE(log.wait_for("login"));
  puppet.logged_out("kicked");
  ASSERT_TRUE(log.wait_for("login", 2));
  EXPECT_EQ(log.of("error").size(), 0U);
}

TEST(Login, EventsOnlyTheBaseMakesAreRefused) {
  PuppetOnOrder puppet;
  puppet.start();
  EXPECT_THROW(puppet.report(EventStartPayload{}), ContractError);
  EXPECT_THROW(puppet.report(EventStopPayload{}), ContractError);
  EXPECT_THROW(puppet.report(EventMessagePayload{}), InvalidArgumentError);
  EXPECT_THROW(puppet.report(EventDirtyPayload{.payload_id = "x"}), InvalidArgumentError);
  EXPECT_THROW(puppet.login(""), InvalidArgumentError);
  EXPECT_THROW(puppet.heartbeat_every(0ms), InvalidArgumentError);
}

TEST(Login, AScanWhileLoggedInIsAFaultOfThePuppetAndSaidSo) {
  PuppetOnOrder puppet;
  EventLog log{puppet};
  puppet.start();
  puppet.login("bot");
  ASSERT_TRUE(log.wait_for("login"));
  puppet.report(EventScanPayload{.status = ScanStatus::waiting, .qrcode = "code"});
  ASSERT_TRUE(log.wait_for("error"));
  EXPECT_EQ(log.of("scan").size(), 0U);
  EXPECT_EQ(puppet.auth_qr_code(), std::nullopt);
}

// --- dirty, errors -------------------------------------------------------------------------------

TEST(Dirty, IsKeptByTheBaseEvenIfTheHookForgetsIt) {
  /// Its do_dirty_payload() was to tell the service, and tells nobody.
  class PuppetForgetful final : public Puppet {
   public:
    ~PuppetForgetful() override { stop(); }
    using Puppet::receive;

   protected:
    void do_start() override { login("bot"); }
    void do_stop() override {}
    void do_dirty_payload(DirtyType, std::string_view) override {}
  };
  PuppetForgetful puppet;
  puppet.start();
  puppet.receive(ContactPayload{.id = "alice"});
  EXPECT_NE(puppet.contact_payload_cache("alice"), std::nullopt);
  puppet.dirty_payload(DirtyType::contact, "alice");
  EXPECT_EQ(puppet.contact_payload_cache("alice"), std::nullopt);
}

TEST(Errors, WithoutAListenerHarmNobody) {
  PuppetOnOrder puppet;
  puppet.contact = [](std::string_view) -> ContactPayload { throw std::runtime_error{"oops"}; };
  std::promise<void> in;
  const auto login = puppet.once<EventLoginPayload>([&](const auto&) { in.set_value(); });
  puppet.start();
  puppet.login("bot");  // three failures of the profile, then an `error` that nobody hears
  EXPECT_EQ(in.get_future().wait_for(20s), std::future_status::ready);
}

// --- options -------------------------------------------------------------------------------------

TEST(Options, ThatCannotBeAreRefused) {
  EXPECT_THROW(PuppetOnOrder{{.timeout = -1ms}}, InvalidArgumentError);
  EXPECT_THROW(PuppetOnOrder{{.cache = {.room = 0}}}, InvalidArgumentError);
}

TEST(Options, ThePuppetsOwnLoggerIsUsedAndHasItsName) {
  const auto sink = std::make_shared<LinesSink>();
  PuppetOnOrder puppet{{.logger = std::make_shared<spdlog::logger>("mine", sink)}};
  puppet.at_start = [] { throw StorageError{"no network"}; };
  EXPECT_THROW(puppet.start(), StorageError);
  EXPECT_TRUE(sink->has("PuppetOnOrder: start: no network"));
}

// --- listeners of the base -----------------------------------------------------------------------

TEST(Restarts, LeaveNoTimerBehind) {
  const auto executor = std::make_shared<ManualExecutor>();
  const auto sink = std::make_shared<LinesSink>();
  PuppetOnOrder puppet{
      {.executor = executor, .logger = std::make_shared<spdlog::logger>("mine", sink)}};
  puppet.at_start = [&] { puppet.heartbeat_every(10s); };
  EventLog log{puppet};
  for (int i = 0; i < 6; ++i) {
    executor->run_in_thread([&] {
      puppet.stop();
      puppet.start();
    });
  }
  const auto before = log.of("heartbeat").size();
  executor->advance(10s);
  EXPECT_EQ(log.of("heartbeat").size(), before + 1);
  executor->run_in_thread([&] { puppet.stop(); });
  executor->advance(1h);
  EXPECT_EQ(log.of("heartbeat").size(), before + 1);
  // A watchdog that still looked would bite on the worker, before the next login is prepared there.
  executor->run_in_thread([&] { puppet.start(); });
  puppet.login("bot");
  ASSERT_TRUE(executor->run_until([&] { return log.of("login").size() == 1; }));
  EXPECT_EQ(log.of("error").size(), 0U);
  EXPECT_FALSE(sink->has("WatchdogAgent"));
  executor->run_in_thread([&] { puppet.stop(); });
}

TEST(Restarts, OneSilenceIsOneReset) {
  const auto executor = std::make_shared<ManualExecutor>();
  PuppetOnOrder puppet{{.timeout = 60s, .executor = executor}};
  EventLog log{puppet};
  for (int i = 0; i < 6; ++i) {
    executor->run_in_thread([&] {
      puppet.stop();
      puppet.start();
    });
  }
  executor->advance(60s);
  ASSERT_TRUE(executor->run_until([&] { return log.of("start").size() == 7; }));
  EXPECT_EQ(log.of("reset").size(), 1U);
  EXPECT_EQ(log.of("error").size(), 1U);
  executor->run_in_thread([&] { puppet.stop(); });
}

// --- a destructor that forgot stop() -------------------------------------------------------------

TEST(ForgottenStop, EndsThreadsAndIsLogged) {
  const auto sink = std::make_shared<LinesSink>();
  auto puppet = std::make_unique<PuppetOnOrder>(
      PuppetOptions{.logger = std::make_shared<spdlog::logger>("mine", sink)});
  puppet->stops_at_end = false;
  {
    EventLog log{*puppet};
    puppet->start();
    puppet->login("bot");
    puppet->heartbeat_every(1ms);
    ASSERT_TRUE(log.wait_for("login"));
    ASSERT_TRUE(log.wait_for("heartbeat", 3));
  }
  puppet.reset();
  EXPECT_TRUE(sink->has("is destroyed without stop()"));
}

TEST(ForgottenStop, IsNotLoggedOfAPuppetThatNeverStartedOrIsStopped) {
  const auto sink = std::make_shared<LinesSink>();
  const PuppetOptions options{.logger = std::make_shared<spdlog::logger>("mine", sink)};
  {
    PuppetOnOrder never{options};
    never.stops_at_end = false;
    PuppetOnOrder stopped{options};
    stopped.stops_at_end = false;
    stopped.start();
    stopped.stop();
  }
  EXPECT_FALSE(sink->has("without stop()"));
}

TEST(ForgottenStop, CallsNoHookOfAnObjectThatIsGone) {
  // The watchdog's restart is inside the store when the puppet is destroyed; do_start() comes next.
  const auto executor = std::make_shared<ManualExecutor>();
  const auto sink = std::make_shared<LinesSink>();
  const auto store = std::make_shared<FakeStorage>();
  auto puppet = std::make_unique<PuppetOnOrder>(
      PuppetOptions{.timeout = 10s,
                    .executor = executor,
                    .logger = std::make_shared<spdlog::logger>("mine", sink)});
  puppet->stops_at_end = false;
  puppet->set_memory(MemoryCard{"bot", store});
  executor->run_in_thread([&] { puppet->start(); });
  std::promise<void> in_store;
  std::promise<void> go;
  store->before_load = [&] {
    in_store.set_value();
    go.get_future().wait();
  };
  sink->at_line = [&](const std::string& line) {
    if (line.find("without stop()") != std::string::npos) go.set_value();
  };
  executor->advance(10s);
  auto reached = in_store.get_future();
  ASSERT_TRUE(
      executor->run_until([&] { return reached.wait_for(0s) == std::future_status::ready; }));
  puppet.reset();
  EXPECT_TRUE(sink->has("without stop()"));
}

}  // namespace
}  // namespace wechaty::puppet
