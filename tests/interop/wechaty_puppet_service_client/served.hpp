// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "npm_client.hpp"
#include "wechaty/puppet_mock.hpp"
#include "wechaty/puppet_service.hpp"

namespace wechaty::puppet_service::test {

/// The one driver of this program, for it takes seconds to start.
inline NpmClient& shared_npm() {
  static NpmClient npm;
  return npm;
}

/// The bytes that both sides know: those of pattern() in driver.mjs.
inline std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i % 26);
  return text;
}

/// A mock network with Alice, Bob and a room, a puppet on it, our gateway in front, and npm wechaty
/// as its client.
class NpmWechaty : public testing::Test {
 protected:
  void SetUp() override { serve(); }
  void TearDown() override {
    npm_.run(
        "for (const name of Object.keys(clients)) {"
        "  await clients[name].puppet.stop().catch(() => {}); delete clients[name] }");
    server_.reset();
    puppet_.stop();
  }

  virtual PuppetServerOptions server_options() {
    PuppetServerOptions options;
    options.endpoint = endpoint_;
    options.token = token_;
    options.tls.disable = true;
    options.heartbeat_interval = std::chrono::milliseconds{500};
    return options;
  }
  void serve() { serve(puppet_); }
  /// Instead of what was served. The puppet has to be there until TearDown().
  void serve(puppet::Puppet& puppet) {
    server_ = std::make_unique<PuppetServer>(puppet, server_options());
    server_->start();
    endpoint_ = server_->endpoint();
  }
  /// A client of that name which is not started. The names are server names too: without that, two
  /// clients in one process would share one connection, which two processes never do.
  void make(const std::string& name = "first") {
    npm_.run("make(name, { endpoint, tls: { disable: true, serverName: name }, token })",
             {{"name", name}, {"endpoint", endpoint_}, {"token", token_}});
  }
  void log_in(const std::string& name = "first") {
    make(name);
    npm_.run("await bot.start(); await client.heard('ready')");
  }
  Json js(const std::string& script, const Json& args = Json::object()) {
    return npm_.run(script, args);
  }
  void heard(const std::string& beginning, int times = 1) {
    npm_.run("await client.heard(beginning, times)", {{"beginning", beginning}, {"times", times}});
  }
  int count(const std::string& beginning) {
    return npm_.run("return client.count(beginning)", {{"beginning", beginning}});
  }
  /// Waits until the client has heard of the message, and returns what it says of it.
  Json message(const std::string& id) {
    heard("message " + Json{{"messageId", id}}.dump());
    return js("return await puppet.messagePayload(id)", {{"id", id}});
  }

  NpmClient& npm_ = shared_npm();
  std::shared_ptr<puppet_mock::World> world_ = make_world();
  puppet_mock::PuppetMock puppet_{world_};
  std::string endpoint_ = "127.0.0.1:0";
  const std::string token_ =
      std::string{"insecure_"} + testing::UnitTest::GetInstance()->current_test_info()->name();
  std::unique_ptr<PuppetServer> server_;

 private:
  static std::shared_ptr<puppet_mock::World> make_world() {
    auto world = std::make_shared<puppet_mock::World>("bot");
    world->add_contact({.id = "alice", .name = "Alice", .handle = "al", .phone = {"123"}});
    world->add_contact({.id = "bob", .name = "Bob"});
    world->add_room(
        {.id = "lobby", .topic = "Lobby", .member_id_list = {"alice", "bot"}, .owner_id = "alice"});
    return world;
  }
};

}  // namespace wechaty::puppet_service::test
