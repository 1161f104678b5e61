// SPDX-License-Identifier: Apache-2.0
// How others end what the bot takes part in: its session, its password, its account, its place in
// a room.
#include <thread>

#include "xmpp/support/network.hpp"
#include "xmpp/support/proxy.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using namespace wechaty::puppet;  // NOLINT: payloads

class XmppSessionEnd : public XmppTest {
 protected:
  /// The session is over for good, and nothing of it is left.
  void expect_logout(const std::string& why) {
    ASSERT_TRUE(log_->wait_for("logout " + bot()));
    EXPECT_NE(log_->of("logout")[0].find(why), std::string::npos) << log_->of("logout")[0];
    EXPECT_EQ(log_->of("logout").size(), 1U);
    while (puppet_->is_logged_in()) std::this_thread::yield();  // other listeners are being told
    EXPECT_EQ(card_.size(), 0U);
    EXPECT_THROW(puppet_->message_send_text(alice(), "x"), NotLoggedInError);
  }
};

TEST_F(XmppSessionEnd, AnotherClientThatTakesItsPlaceEndsIt) {
  auto options = server().options(bot_);
  options.jid += "/place";
  make(options);
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("ready"));
  peers().ask("thief", "login",
              {{"jid", bot() + "/place"},
               {"password", "secret"},
               {"port", server().port()},
               {"ca", server().ca_file()}});
  expect_logout("Replaced by new connection");
  EXPECT_EQ(peers().ask(alice_, "resources", {{"jid", bot()}}), std::vector<std::string>{"place"});
  peers().ask("thief", "quit");
}

TEST_F(XmppSessionEnd, APasswordThatIsChangedEndsItUntilTheNewOneIsGiven) {
  log_in();
  const MemoryCard keys = MemoryCard::from_json(card_.to_json());
  static_cast<void>(server().console("user:password('" + bot() + "', 'other')"));
  expect_logout("not-authorized");
  puppet_->log_in("other");
  ASSERT_TRUE(log_->wait_for("ready", 2));
  // The keys of the old password are of no use to whoever has a copy of the card.
  auto options = server().options(bot_);
  options.password.clear();
  PuppetXmpp copy{options};
  copy.set_memory(keys);
  puppet::test::EventLog log{copy};
  copy.start();
  ASSERT_TRUE(log.wait_for("scan"));
  EXPECT_EQ(log.of("login"), std::vector<std::string>{});
}

TEST_F(XmppSessionEnd, APasswordThatIsChangedWhileTheConnectionIsCutEndsItAtTheNextLogin) {
  Proxy proxy{server().port()};
  auto options = server().options(bot_);
  options.port = proxy.port();
  make(options);
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("ready"));
  proxy.swallow(true);  // it does not hear of it
  static_cast<void>(server().console("user:password('" + bot() + "', 'other')"));
  proxy.swallow(false);
  proxy.cut();
  expect_logout("not-authorized");
}

TEST_F(XmppSessionEnd, AnAccountThatIsRemovedEndsIt) {
  log_in();
  static_cast<void>(server().console("user:delete('" + bot() + "')"));
  expect_logout("");
  puppet_->log_in("secret");
  EXPECT_TRUE(log_->wait_for("scan"));  // there is nobody to log in
}

TEST_F(XmppSessionEnd, APerfectLogoutIsSeenByTheOwnOtherClientsAndByFriends) {
  log_in();
  const std::string device = peers().login("device", bot_, server());
  const std::vector<std::string> both = peers().ask("device", "resources", {{"jid", bot()}});
  ASSERT_EQ(both.size(), 2U);
  puppet_->logout("bye");
  const std::vector<std::string> left{device.substr(device.find('/') + 1)};
  EXPECT_EQ(peers().ask("device", "resources", {{"jid", bot()}}), left);
  EXPECT_EQ(peers().ask(alice_, "resources", {{"jid", bot()}}), left);
  // Nothing is left on the server that could be resumed, either.
  EXPECT_EQ(server().console("c2s:show('" + bot() + "')").find("hibernating"), std::string::npos);
  peers().ask("device", "quit");
}

TEST_F(XmppSessionEnd, ALogoutOfWhichTheServerCannotBeToldIsReportedAndForgetsThePassword) {
  Proxy proxy{server().port()};
  auto options = server().options(bot_);
  options.port = proxy.port();
  options.password.clear();
  make(options);
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("scan"));
  puppet_->log_in("secret");
  ASSERT_TRUE(log_->wait_for("ready"));
  proxy.swallow(true);
  proxy.cut();
  ASSERT_TRUE(log_->wait_for("error " + bot()));
  EXPECT_THROW(puppet_->logout("bye"), Error);
  EXPECT_EQ(card_.size(), 0U);
  proxy.swallow(false);
  puppet_->stop();
  puppet_->start();
  EXPECT_TRUE(log_->wait_for("scan", 2));
  EXPECT_EQ(log_->of("login").size(), 1U);
}

// --- rooms ---------------------------------------------------------------------------------------

class XmppPutOut : public XmppTest {
 protected:
  /// A room of Alice's, with the bot in it.
  void SetUp() override {
    XmppTest::SetUp();
    log_in();
    room_ = "of-" + alice_ + "@conference.localhost";
    peers().ask(alice_, "join", {{"room", room_}, {"nick", "alice"}});
    ask(alice_, "set", room_,
        "<query xmlns='http://jabber.org/protocol/muc#owner'>"
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>"
        "http://jabber.org/protocol/muc#roomconfig</value></field>"
        "<field var='muc#roomconfig_whois'><value>anyone</value></field>"
        "<field var='muc#roomconfig_persistentroom'><value>1</value></field></x></query>");
    peers().send(alice_, "<message xmlns='jabber:client' to='" + bot() +
                             "'><x xmlns='jabber:x:conference' jid='" + room_ + "'/></message>");
    ASSERT_TRUE(log_->wait_for("room-invite"));
    puppet_->room_invitation_accept(
        log_->of("room-invite")[0].substr(std::string{"room-invite "}.size()));
    ASSERT_EQ(puppet_->room_list(), std::vector{room_});
    listening_ = puppet_->on<EventRoomLeavePayload>(
        [this](const EventRoomLeavePayload& event) { left_ = event; });
    peers().login("device", bot_, server());
  }
  void TearDown() override {
    peers().ask("device", "quit");
    XmppTest::TearDown();
  }
  std::string ask(const std::string& as, const std::string& type, const std::string& to,
                  const std::string& content) {
    return peers().ask(as, "ask",
                       {{"xml", "<iq xmlns='jabber:client' type='" + type + "' to='" + to + "'>" +
                                    content + "</iq>"}});
  }
  /// The bot is out, knows by whom, and does not come back by itself.
  void expect_put_out() {
    ASSERT_TRUE(log_->wait_for("room-leave " + room_));
    flush();
    EXPECT_EQ(left_.removee_id_list, std::vector{bot()});
    EXPECT_EQ(puppet_->room_list(), std::vector<std::string>{});
    EXPECT_THROW(static_cast<void>(puppet_->room_payload(room_)), NotFoundError);
    EXPECT_THROW(puppet_->message_send_text(room_, "x"), Error);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (is_bookmarked() && std::chrono::steady_clock::now() < end) {
    }
    EXPECT_FALSE(is_bookmarked());
    listening_ = {};
    puppet_->stop();
    log_in();
    EXPECT_EQ(puppet_->room_list(), std::vector<std::string>{});
    EXPECT_EQ(log_->of("error"), std::vector<std::string>{});
  }
  bool is_bookmarked() {
    return ask("device", "get", bot(),
               "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
               "<items node='urn:xmpp:bookmarks:1'/></pubsub>")
               .find(room_) != std::string::npos;
  }

  std::string room_;
  EventRoomLeavePayload left_;
  Subscription listening_;
};

TEST_F(XmppPutOut, ByAKick) {
  ask(alice_, "set", room_,
      "<query xmlns='http://jabber.org/protocol/muc#admin'><item nick='" + bot_ +
          "' role='none'/></query>");
  expect_put_out();
  EXPECT_EQ(left_.remover_id, alice());
}

TEST_F(XmppPutOut, ByABan) {
  ask(alice_, "set", room_,
      "<query xmlns='http://jabber.org/protocol/muc#admin'><item jid='" + bot() +
          "' affiliation='outcast'/></query>");
  expect_put_out();
  EXPECT_EQ(left_.remover_id, alice());
}

TEST_F(XmppPutOut, ByTheEndOfTheRoom) {
  ask(alice_, "set", room_,
      "<query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query>");
  expect_put_out();
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
