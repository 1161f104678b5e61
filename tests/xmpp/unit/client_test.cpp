// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/client.hpp"

#include <gtest/gtest.h>
#include <spdlog/logger.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet_xmpp.hpp"
#include "xmpp/support/fake_server.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

class Listener final : public ClientListener {
 public:
  LoginRequest login_request() override {
    return {.account = *Jid::parse("bot@localhost"), .password = "secret"};
  }
  void on_session(const LoginResult& result, std::deque<Outbox::Entry> left) override {
    {
      const std::lock_guard lock{mutex};
      sessions += result.resumed ? "resumed " : "new ";
      for (auto& entry : left) unsettled.push_back(std::move(entry));
    }
    changed.notify_all();
  }
  void on_stanza(const Element&, std::uint32_t) override {}
  void on_ack_wanted() override {}
  void on_alive() override {}
  void on_trouble(const std::string& why) override {
    if (!std::exchange(troubled, true)) trouble.set_value(why);
  }
  void on_error(std::exception_ptr thrown) override { error.set_exception(std::move(thrown)); }
  void on_ended(LoginFailure::Kind kind, const std::string&) override { ended.set_value(kind); }

  /// Wait for the sessions of the client, such as "new resumed ".
  bool wait_for(const std::string& wanted) {
    std::unique_lock lock{mutex};
    return changed.wait_for(lock, std::chrono::seconds{20}, [&] { return sessions == wanted; });
  }

  std::mutex mutex;  // guards sessions and unsettled
  std::condition_variable changed;
  std::string sessions;
  std::vector<Outbox::Entry> unsettled;
  bool troubled = false;
  std::promise<std::string> trouble;
  std::promise<void> error;
  std::promise<LoginFailure::Kind> ended;
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

// --- on a server of the test's ------------------------------------------------------------------

constexpr const char* m1 = "id=\"m1\"";

class XmppClientSession : public testing::Test {
 protected:
  ~XmppClientSession() override { client_.stop(); }

  /// @result "" when it has come, else what went wrong
  std::future<std::string> send(const std::string& id) {
    auto done = std::make_shared<std::promise<std::string>>();
    client_.send_safely(Element{"message", ns::client}.set("id", id),
                        [done](const std::string& problem) { done->set_value(problem); });
    return done->get_future();
  }
  static std::string outcome(std::future<std::string>& sent) {
    return sent.wait_for(std::chrono::seconds{20}) == std::future_status::ready ? sent.get()
                                                                                : "not settled";
  }

  FakeServer server_;
  Listener listener_;
  spdlog::logger log_{"test"};
  Client client_{
      {.host = "server"}, *Jid::parse("bot@localhost"), listener_, log_, server_.environment()};
};

TEST_F(XmppClientSession, WhatIsSentBeforeThereIsASessionWaitsForIt) {
  auto sent = send("m1");
  client_.start();
  EXPECT_EQ(outcome(sent), "");
  EXPECT_EQ(server_.times(m1), 1);
}

TEST_F(XmppClientSession, WhatIsNotAcknowledgedIsSentAgainWhereTheSessionIsResumed) {
  server_.change([](auto& manners) { manners.acknowledges = false; });
  client_.start();
  ASSERT_TRUE(listener_.wait_for("new "));
  auto first = send("m1");
  ASSERT_TRUE(server_.wait_for(m1));
  server_.change([](auto& manners) {
    manners.acknowledges = true;
    manners.resumed_h = 0;  // it got lost on the way
  });
  server_.cut();
  EXPECT_EQ(outcome(first), "");
  EXPECT_TRUE(listener_.wait_for("new resumed "));
  EXPECT_EQ(server_.times(m1), 2);
}

TEST_F(XmppClientSession, WhereTheSessionIsLostTheListenerGetsWhatIsUnsettled) {
  server_.change([](auto& manners) { manners.acknowledges = manners.resumes = false; });
  client_.start();
  ASSERT_TRUE(listener_.wait_for("new "));
  auto first = send("m1");
  ASSERT_TRUE(server_.wait_for(m1));
  server_.cut();
  ASSERT_TRUE(listener_.wait_for("new new "));
  ASSERT_EQ(listener_.unsettled.size(), 1U);
  EXPECT_EQ(listener_.unsettled[0].stanza.attr("id"), "m1");
  EXPECT_EQ(server_.times(m1), 1);
}

TEST_F(XmppClientSession, AServerThatClaimsToHaveGotMoreThanWasSentIsLeftAndNobodyIsForgotten) {
  server_.change([](auto& manners) { manners.acknowledges = false; });
  client_.start();
  ASSERT_TRUE(listener_.wait_for("new "));
  auto first = send("m1");
  ASSERT_TRUE(server_.wait_for(m1));
  server_.change([](auto& manners) { manners.resumed_h = 7; });
  server_.cut();
  ASSERT_TRUE(listener_.wait_for("new new "));
  ASSERT_EQ(listener_.unsettled.size(), 1U);
  EXPECT_EQ(listener_.unsettled[0].stanza.attr("id"), "m1");
  server_.say(Element{"a", ns::sm}.set("h", "7"));  // and the same in the midst of a session
  EXPECT_TRUE(listener_.wait_for("new new new "));
}

TEST_F(XmppClientSession, AnAccountThatTheServerKnowsUnderAnotherAddressHasNoSession) {
  server_.change([](auto& manners) { manners.bound = "robot@localhost/r"; });
  client_.start();
  auto ended = listener_.ended.get_future();
  ASSERT_EQ(ended.wait_for(std::chrono::seconds{20}), std::future_status::ready);
  EXPECT_EQ(ended.get(), LoginFailure::Kind::address);
  EXPECT_TRUE(listener_.wait_for(""));
}

TEST_F(XmppClientSession, AServerThatLetsInAndCutsAtOnceIsDialledEverMoreSeldom) {
  server_.change([](auto& manners) { manners.cuts_at_once = true; });
  client_.start();
  ASSERT_TRUE(server_.wait_for_connections(12));
  const auto dials = server_.dials();
  // From the half of a time that doubles: so each is at least as long as the last but one.
  for (std::size_t i = 2; i < 8; ++i) {
    EXPECT_GE(dials[i] - dials[i - 1], std::chrono::milliseconds{250} * (1 << (i - 1))) << i;
  }
  EXPECT_GE(dials[11] - dials[10], std::chrono::seconds{30});
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
