// SPDX-License-Identifier: Apache-2.0
// What the base does for a puppet that loses its connection and gets it back by itself.
#include <gtest/gtest.h>

#include <atomic>

#include "support/event_log.hpp"
#include "support/fake_storage.hpp"
#include "support/manual_executor.hpp"

namespace wechaty::puppet::test {
namespace {

/// A puppet whose network is the test.
class LinePuppet final : public Puppet {
 public:
  using Puppet::Puppet;
  ~LinePuppet() override { stop(); }

  using Puppet::connection_lost;
  using Puppet::feed_watchdog;
  using Puppet::forget_payloads;
  using Puppet::login;
  using Puppet::pause_watchdog;
  using Puppet::ready;
  using Puppet::receive;
  using Puppet::report;
  using Puppet::resume_watchdog;

  std::atomic<int> asked = 0;

 protected:
  void do_start() override {}
  void do_stop() override {}
  ContactPayload do_contact_payload(std::string_view id) override {
    ++asked;
    return {.id = std::string{id}, .name = "name " + std::to_string(asked)};
  }
  MessagePayload do_message_payload(std::string_view id) override {
    throw NotFoundError{"no message " + std::string{id}};
  }
  std::string do_message_send_text(std::string_view, std::string_view,
                                   const MessageSendOptions&) override {
    return "sent-1";
  }
};

class Connection : public testing::Test {
 protected:
  void log_in() {
    puppet_.start();
    puppet_.login("bot");
    ASSERT_TRUE(log_.wait_for("login"));
  }
  LinePuppet puppet_;
  EventLog log_{puppet_};
};

TEST_F(Connection, LostEndsTheLoginSessionWithItsReason) {
  log_in();
  puppet_.connection_lost("the line is cut");
  puppet_.ding("flush");
  ASSERT_TRUE(log_.wait_for("dong flush"));
  EXPECT_EQ(log_.of("logout"), std::vector<std::string>{"logout bot the line is cut"});
  EXPECT_FALSE(puppet_.is_logged_in());
  EXPECT_EQ(puppet_.state(), ServiceMixin::State::started);
}

TEST_F(Connection, LostKeepsTheSessionOnTheCard) {
  const auto store = std::make_shared<FakeStorage>();
  MemoryCard card{"bot", store};
  puppet_.set_memory(card);
  puppet_.start();
  card.set("token", "secret");
  puppet_.login("bot");
  ASSERT_TRUE(log_.wait_for("login"));
  puppet_.connection_lost("the line is cut");
  ASSERT_TRUE(log_.wait_for("logout"));
  puppet_.stop();
  EXPECT_EQ(card.get_string("token"), "secret");
  EXPECT_NE(store->text().value_or("").find("secret"), std::string::npos);
}

TEST_F(Connection, LostForgetsPayloadsAndTheNextSessionIsANewOne) {
  log_in();
  puppet_.ready();
  static_cast<void>(puppet_.contact_payload("alice"));
  puppet_.connection_lost("the line is cut");
  puppet_.ding("flush");  // what is done after `logout` is done when the next event comes
  ASSERT_TRUE(log_.wait_for("dong flush"));
  EXPECT_EQ(log_.of("logout").size(), 1U);
  EXPECT_EQ(puppet_.contact_payload_cache("alice"), std::nullopt);
  puppet_.login("bot");
  puppet_.ready();
  ASSERT_TRUE(log_.wait_for("ready", 2));
  EXPECT_EQ(log_.of("login").size(), 2U);
}

TEST_F(Connection, WhatWasDeliveredBeforeIsNotDeliveredAgainWhenTheServiceRepeatsIt) {
  log_in();
  puppet_.receive(MessagePayload{.id = "m1", .talker_id = "alice"});
  ASSERT_TRUE(log_.wait_for("message m1"));
  puppet_.connection_lost("the line is cut");
  puppet_.login("bot");
  ASSERT_TRUE(log_.wait_for("login", 2));
  puppet_.receive(MessagePayload{.id = "m1", .talker_id = "alice"});
  puppet_.receive(MessagePayload{.id = "m2", .talker_id = "alice"});
  ASSERT_TRUE(log_.wait_for("message m2"));
  EXPECT_EQ(log_.count("message m1"), 1);
}

TEST_F(Connection, AnotherAccountAfterwardsHasNothingOfTheFirst) {
  log_in();
  puppet_.receive(MessagePayload{.id = "m1", .talker_id = "alice"});
  puppet_.connection_lost("the line is cut");
  ASSERT_TRUE(log_.wait_for("logout"));
  puppet_.login("other");
  ASSERT_TRUE(log_.wait_for("login other"));
  puppet_.receive(MessagePayload{.id = "m1", .talker_id = "alice"});
  EXPECT_TRUE(log_.wait_for("message m1", 2));
}

TEST_F(Connection, LostWhenNotLoggedInDoesNothing) {
  puppet_.start();
  puppet_.connection_lost("the line is cut");
  puppet_.stop();
  EXPECT_EQ(log_.of("logout"), std::vector<std::string>{});
}

TEST_F(Connection, ForgottenPayloadsAreAskedForAgainAndNobodyIsTold) {
  log_in();
  const auto before = puppet_.contact_payload("alice").name;
  puppet_.forget_payloads();
  EXPECT_NE(puppet_.contact_payload("alice").name, before);
  EXPECT_EQ(log_.of("dirty"), std::vector<std::string>{});
}

TEST_F(Connection, WhatTheBotHasSentStillAnswersAfterwards) {
  log_in();
  const auto id = puppet_.message_send_text("alice", "hello");
  puppet_.receive(MessagePayload{.id = "m1", .talker_id = "alice"});
  ASSERT_TRUE(log_.wait_for("message m1"));
  puppet_.forget_payloads();
  EXPECT_EQ(puppet_.message_payload(id).text, "hello");
  EXPECT_EQ(puppet_.message_payload_cache("m1"), std::nullopt);
}

TEST(PausedWatchdog, SleepsUntilItIsResumed) {
  const auto executor = std::make_shared<ManualExecutor>();
  LinePuppet puppet{{.timeout = std::chrono::seconds{60}, .executor = executor}};
  EventLog log{puppet};
  executor->run_in_thread([&] { puppet.start(); });
  puppet.pause_watchdog();
  executor->advance(std::chrono::hours{1});
  EXPECT_EQ(log.of("reset"), std::vector<std::string>{});
  puppet.resume_watchdog();
  for (int i = 0; i < 10; ++i) {
    executor->advance(std::chrono::seconds{50});
    puppet.feed_watchdog("something");
  }
  EXPECT_EQ(log.of("reset"), std::vector<std::string>{});
  EXPECT_EQ(log.of("heartbeat"), std::vector<std::string>{});
  executor->advance(std::chrono::seconds{61});
  EXPECT_TRUE(executor->run_until([&] { return log.of("reset").size() == 1; }));
  executor->run_in_thread([&] { puppet.stop(); });
}

TEST(PausedWatchdog, IsNotWokenWhileStopped) {
  const auto executor = std::make_shared<ManualExecutor>();
  LinePuppet puppet{{.executor = executor}};
  EventLog log{puppet};
  executor->run_in_thread([&] {
    puppet.start();
    puppet.stop();
  });
  puppet.resume_watchdog();
  executor->advance(std::chrono::hours{1});
  EXPECT_EQ(log.of("error"), std::vector<std::string>{});
}

}  // namespace
}  // namespace wechaty::puppet::test
