// SPDX-License-Identifier: Apache-2.0
// PuppetService against our own server: over TLS, and with the gateway as a process that dies and
// stands still.
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "support/event_log.hpp"
#include "support/outages.hpp"
#include "support/server_process.hpp"
#include "support/temp_folder.hpp"
#include "wechaty/puppet_mock.hpp"
#include "wechaty/puppet_service.hpp"

namespace wechaty::puppet_service::test {
namespace {

using namespace puppet;
using namespace puppet::test;
using namespace std::chrono_literals;

constexpr const char* world_text = R"({
  "self": "bot",
  "contacts": [{"id": "alice", "name": "Alice"}],
  "rooms": [{"id": "lobby", "topic": "Lobby", "memberIdList": ["alice", "bot"]}],
  "script": [{"scan": {"qrcode": "mock://scan", "status": 2}}, {"login": "bot"}, {"ready": {}}]
})";

class OursAgainstOurs : public testing::Test {
 protected:
  std::unique_ptr<PuppetService> client(const std::string& endpoint, PuppetServiceOptions service) {
    return std::make_unique<PuppetService>(
        PuppetOptions{.endpoint = endpoint, .token = "insecure_ours"}, std::move(service));
  }
  TempFolder folder_;
};

TEST_F(OursAgainstOurs, OverTlsWithTheServersOwnAuthority) {
  const auto world = puppet_mock::World::parse(world_text);
  puppet_mock::PuppetMock mock{world};
  PuppetServerOptions options;
  options.endpoint = "127.0.0.1:0";
  options.token = "localhost_ours";
  options.tls.state_folder = folder_ / "gateway";
  PuppetServer server{mock, options};
  server.start();
  const auto client_of = [&](std::optional<std::string> ca) {
    PuppetServiceOptions service;
    service.tls.ca_cert = std::move(ca);
    service.start_timeout = 500ms;
    return std::make_unique<PuppetService>(
        PuppetOptions{.endpoint = server.endpoint(), .token = "localhost_ours"}, service);
  };
  const auto puppet = client_of(server.ca_certificate());
  EventLog log{*puppet};
  puppet->start();
  ASSERT_TRUE(log.wait_for("ready"));
  EXPECT_LT(log.place("scan mock://scan"), log.place("login bot"));
  EXPECT_FALSE(puppet->message_send_text("alice", "hello").empty());
  puppet->stop();
  EXPECT_THROW(client_of(std::nullopt)->start(), NetworkError);  // it does not trust that authority
}

TEST_F(OursAgainstOurs, LargeFilesGoBothWays) {
  const auto world = puppet_mock::World::parse(world_text);
  puppet_mock::PuppetMock mock{world};
  PuppetServerOptions options;
  options.endpoint = "127.0.0.1:0";
  options.token = "insecure_ours";
  options.tls.disable = true;
  PuppetServer server{mock, options};
  server.start();
  const auto puppet = client(server.endpoint(), {.tls = {.disable = true}});
  EventLog log{*puppet};
  puppet->start();
  ASSERT_TRUE(log.wait_for("ready"));
  for (const std::size_t size : {0U, 1U, 20'480U, 20'481U, 5'000'000U}) {
    const std::string content(size, 'x');
    const auto id = puppet->message_send_file("alice", FileBox::from_buffer(content, "a.txt"));
    EXPECT_TRUE(mock.message_file(id).to_text() == content) << size;
    const auto back = world->person("alice").say(FileBox::from_buffer(content, "b.txt")).to("bot");
    ASSERT_TRUE(log.wait_for("message " + back));
    EXPECT_TRUE(puppet->message_file(back).to_text() == content) << size;
  }
}

#ifdef WECHATY_PUPPET_GATEWAY
/// The gateway as a process, with the mock network in it.
class Gateway : public OursAgainstOurs {
 protected:
  void SetUp() override {
    std::ofstream{folder_ / "world.json"} << world_text;
    gateway_ = std::make_unique<ServerProcess>(
        std::vector<std::string>{WECHATY_PUPPET_GATEWAY, "--puppet", "mock", "--world",
                                 folder_ / "world.json", "--listen", endpoint_, "--token",
                                 "insecure_ours", "--insecure", "--memory",
                                 "file:" + (folder_ / "bot")},
        log_file_,
        [this] { return read_text(log_file_).find("listening on") != std::string::npos; });
    PuppetServiceOptions service;
    service.tls.disable = true;
    service.silence = 500ms;
    service.probe_timeout = 500ms;
    service.connect_timeout = 1s;
    puppet_ = client(endpoint_, service);
    log_ = std::make_unique<EventLog>(*puppet_);
    puppet_->start();
    ASSERT_TRUE(log_->wait_for("ready"));
  }
  void TearDown() override { puppet_.reset(); }
  /// @param times  how often it has been away
  void expect_back_within(std::chrono::milliseconds limit, int times = 1) {
    const auto began = std::chrono::steady_clock::now();
    ASSERT_TRUE(log_->wait_for("ready", times + 1));
    EXPECT_LT(std::chrono::steady_clock::now() - began, limit);
    EXPECT_FALSE(puppet_->message_send_text("alice", "back").empty());
    EXPECT_EQ(log_->of("login").size(), static_cast<std::size_t>(times) + 1);
    EXPECT_EQ(log_->of("reset"), std::vector<std::string>{});
  }

  const std::string log_file_ = folder_ / "gateway.log";
  const std::string endpoint_ = "127.0.0.1:" + std::to_string(free_port());
  std::unique_ptr<ServerProcess> gateway_;
  std::unique_ptr<PuppetService> puppet_;
  std::unique_ptr<EventLog> log_;
};

TEST_F(Gateway, KilledAndBackWithinTwoSecondsOfItsReturn) {
  int times = 0;
  for (const int seconds : outages()) {
    gateway_->stop();
    ASSERT_TRUE(log_->wait_for("logout bot connection lost", ++times));
    std::this_thread::sleep_for(std::chrono::seconds{seconds});
    write_text(log_file_, "");
    gateway_->start();
    expect_back_within(2s, times);
  }
}

TEST_F(Gateway, StandingStillAndBack) {
  gateway_->freeze();
  ASSERT_TRUE(log_->wait_for("logout bot connection lost"));
  gateway_->thaw();
  expect_back_within(2s);
}
#endif

}  // namespace
}  // namespace wechaty::puppet_service::test
