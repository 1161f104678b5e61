// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "support/event_log.hpp"
#include "xmpp/support/peers.hpp"
#include "xmpp/support/server.hpp"

namespace wechaty::puppet_xmpp::test {

/// The server and the peers of all tests of this program; each test has accounts of its own.
struct Network {
  Server server{{}};
  Peers peers;
  int tests = 0;
};

inline Network& network() {
  static Network network;
  return network;
}

/// A test with a bot and its friend Alice, who is online.
class XmppTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string number = std::to_string(++network().tests);
    bot_ = "bot" + number;
    alice_ = "alice" + number;
    server().add_account(bot_);
    server().add_account(alice_);
    server().befriend(bot_, alice_);
    peers().login(alice_, alice_, server());
  }
  void TearDown() override {
    log_.reset();
    puppet_.reset();
    peers().ask(alice_, "quit");
  }

  [[nodiscard]] Server& server() { return network().server; }
  [[nodiscard]] Peers& peers() { return network().peers; }
  [[nodiscard]] std::string bot() const { return bot_ + "@localhost"; }
  [[nodiscard]] std::string alice() const { return alice_ + "@localhost"; }

  void make(XmppOptions options, puppet::PuppetOptions base = {}) {
    log_.reset();
    puppet_ = std::make_unique<PuppetXmpp>(std::move(options), std::move(base));
    puppet_->set_memory(card_);
    log_ = std::make_unique<puppet::test::EventLog>(*puppet_);
  }
  /// Make, start, and wait for `ready`.
  void log_in() {
    make(server().options(bot_));
    puppet_->start();
    ASSERT_TRUE(log_->wait_for("ready"));
  }
  /// All that the server has sent so far has been delivered when this returns.
  void flush() {
    const std::string data = "flush-" + std::to_string(++flushes_);
    puppet_->ding(data);
    ASSERT_TRUE(log_->wait_for("dong " + data));
  }
  /// Wait for one more message event. @result its payload
  puppet::MessagePayload next_message() {
    EXPECT_TRUE(log_->wait_for("message", ++messages_));
    const auto lines = log_->of("message ");
    if (lines.size() < static_cast<std::size_t>(messages_)) return {};
    return puppet_->message_payload(
        lines[static_cast<std::size_t>(messages_) - 1].substr(std::string{"message "}.size()));
  }
  std::string say(const std::string& to, const std::string& text,
                  const std::string& type = "chat") {
    return peers().say(alice_, to, text, type);
  }
  /// A room of the bot's, with Alice in it as `alice`.
  std::string room_with_alice(const std::string& topic = "Lobby") {
    const std::vector<std::string> others{alice()};
    const std::string room = puppet_->room_create(others, topic);
    peers().ask(alice_, "join", {{"room", room}, {"nick", "alice"}});
    return room;
  }

  std::string bot_, alice_;
  puppet::MemoryCard card_;
  std::unique_ptr<PuppetXmpp> puppet_;
  std::unique_ptr<puppet::test::EventLog> log_;
  int flushes_ = 0;
  int messages_ = 0;
};

}  // namespace wechaty::puppet_xmpp::test
