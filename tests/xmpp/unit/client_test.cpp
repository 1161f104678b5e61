// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/client.hpp"

#include <gtest/gtest.h>
#include <spdlog/logger.h>

#include <future>

#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet_xmpp.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

class Listener final : public ClientListener {
 public:
  LoginRequest login_request() override { return {.account = *Jid::parse("bot@localhost")}; }
  void on_session(const LoginResult&, std::deque<Outbox::Entry>) override {}
  void on_stanza(const Element&, std::uint32_t) override {}
  void on_ack_wanted() override {}
  void on_alive() override {}
  void on_trouble(const std::string& why) override {
    if (!std::exchange(troubled, true)) trouble.set_value(why);
  }
  void on_error(std::exception_ptr thrown) override { error.set_exception(std::move(thrown)); }
  void on_ended(LoginFailure::Kind, const std::string&) override {}

  bool troubled = false;
  std::promise<std::string> trouble;
  std::promise<void> error;
};

TEST(XmppClient, NothingThatThrowsEndsTheProcess) {
  Listener listener;
  spdlog::logger log{"test"};
  Client client{{.name_server = "names"}, *Jid::parse("bot@localhost"), listener, log};
  client.start();
  const auto trouble = listener.trouble.get_future().get();
  EXPECT_NE(trouble.find("name_server"), std::string::npos) << trouble;
  client.post([] { throw puppet::NotFoundError{"gone"}; });
  EXPECT_THROW(listener.error.get_future().get(), puppet::NotFoundError);
  client.stop();
}

TEST(XmppOptions, WhatCannotWorkIsRefusedBeforeTheStart) {
  const auto is_refused = [](const std::function<void(XmppOptions&)>& spoil) {
    XmppOptions options{.jid = "bot@localhost"};
    spoil(options);
    try {
      const PuppetXmpp puppet{options};
      return false;
    } catch (const puppet::InvalidArgumentError&) {
      return true;
    }
  };
  using std::chrono::milliseconds;
  EXPECT_FALSE(is_refused([](XmppOptions& options) { options.name_server = "127.0.0.1:53"; }));
  for (const char* const names : {"names", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000"}) {
    EXPECT_TRUE(is_refused([&](XmppOptions& options) { options.name_server = names; })) << names;
  }
  EXPECT_TRUE(is_refused([](XmppOptions& options) { options.silence = milliseconds{0}; }));
  EXPECT_TRUE(is_refused([](XmppOptions& options) { options.request_timeout = milliseconds{0}; }));
  EXPECT_TRUE(is_refused([](XmppOptions& options) { options.login_timeout = milliseconds{-1}; }));
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
