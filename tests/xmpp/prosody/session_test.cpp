// SPDX-License-Identifier: Apache-2.0
#include <netinet/tcp.h>

#include <vector>

#include "xmpp/support/name_server.hpp"
#include "xmpp/support/network.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using namespace wechaty::puppet;  // NOLINT: payloads

class XmppSession : public XmppTest {};

TEST_F(XmppSession, LogsInOverStartTls) {
  log_in();
  EXPECT_EQ(puppet_->current_user_id(), bot());
  EXPECT_EQ(puppet_->contact_payload(bot()).name, bot_);
  EXPECT_EQ(log_->of("error"), std::vector<std::string>{});
}

TEST_F(XmppSession, LogsInOverDirectTls) {
  auto options = server().options(bot_);
  options.tls = TlsMode::direct;
  options.port = server().tls_port();
  make(options);
  puppet_->start();
  EXPECT_TRUE(log_->wait_for("ready"));
}

TEST_F(XmppSession, TheServerIsFoundByTheDomainsRecordsAndTheNextOneTakenWhereOneIsDown) {
  NameServer names{{{"_xmpp-client._tcp.localhost", 1, 0, puppet::test::free_port(), "localhost"},
                    {"_xmpp-client._tcp.localhost", 2, 0, server().port(), "localhost"}}};
  auto options = server().options(bot_);
  options.host.clear();
  options.port = 0;
  options.name_server = names.address();
  make(options);
  puppet_->start();
  EXPECT_TRUE(log_->wait_for("ready"));
  EXPECT_EQ(log_->of("error").size(), 1U);  // of the one that is down
}

TEST_F(XmppSession, ADirectTlsServerIsFoundByTheDomainsRecords) {
  NameServer names{{{"_xmpps-client._tcp.localhost", 1, 0, server().tls_port(), "localhost"}}};
  auto options = server().options(bot_);
  options.host.clear();
  options.port = 0;
  options.tls = TlsMode::direct;
  options.name_server = names.address();
  make(options);
  puppet_->start();
  EXPECT_TRUE(log_->wait_for("ready"));
}

TEST_F(XmppSession, ACertificateOfAnUnknownAuthorityIsRefused) {
  auto options = server().options(bot_);
  options.ca_file.clear();
  make(options);
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("error"));
  EXPECT_NE(log_->of("error")[0].find("certificate is refused"), std::string::npos)
      << log_->of("error")[0];
  EXPECT_EQ(log_->of("login"), std::vector<std::string>{});
}

TEST_F(XmppSession, AServerWithTheCertificateOfAnotherIsRefusedForItsNameAlone) {
  // The same server, authority, certificate, password: all that differs is the host's name.
  server().add_account_of_another(bot_);
  for (const TlsMode tls : {TlsMode::starttls, TlsMode::direct}) {
    auto options = server().options(bot_);
    options.tls = tls;
    if (tls == TlsMode::direct) options.port = server().tls_port();
    make(options);
    puppet_->start();
    ASSERT_TRUE(log_->wait_for("ready"));
    puppet_->logout("that is the host of the certificate");
    options.jid = bot_ + "@another.example";
    make(options);
    puppet_->start();
    ASSERT_TRUE(log_->wait_for("error"));
    const std::string error = log_->of("error")[0];
    EXPECT_NE(error.find("certificate is refused for \"another.example\": hostname mismatch, "
                         "of /CN=localhost, issued by /CN=CA of a test, valid from "),
              std::string::npos)
        << error;
    EXPECT_EQ(log_->of("login"), std::vector<std::string>{});
  }
}

TEST_F(XmppSession, AWrongPasswordAsksForAnotherOne) {
  auto options = server().options(bot_);
  options.password = "wrong";
  make(options);
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("scan"));
  EXPECT_NE(log_->of("error")[0].find("not-authorized"), std::string::npos) << log_->of("error")[0];
  puppet_->log_in("secret");
  EXPECT_TRUE(log_->wait_for("ready"));
}

TEST_F(XmppSession, WithoutAPasswordItIsAskedFor) {
  auto options = server().options(bot_);
  options.password.clear();
  make(options);
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("scan"));
  EXPECT_EQ(puppet_->auth_qr_code(), std::nullopt);
  puppet_->log_in("secret");
  EXPECT_TRUE(log_->wait_for("ready"));
}

TEST_F(XmppSession, TheKeysOnTheCardLogInWithoutThePassword) {
  log_in();
  puppet_->stop();
  const std::string card = card_.to_json();
  EXPECT_EQ(card.find("secret"), std::string::npos);
  make({.host = "127.0.0.1", .port = server().port(), .ca_file = server().ca_file()});
  puppet_->start();
  EXPECT_TRUE(log_->wait_for("ready"));
  EXPECT_EQ(puppet_->current_user_id(), bot());
}

TEST_F(XmppSession, TextsGoBothWays) {
  log_in();
  say(bot(), "hello <&> \xE2\x98\x83");
  const MessagePayload message = next_message();
  EXPECT_EQ(message.text, "hello <&> \xE2\x98\x83");
  EXPECT_EQ(message.talker_id, alice());
  EXPECT_EQ(message.listener_id, bot());
  EXPECT_EQ(message.type, MessageType::text);
  const auto id = puppet_->message_send_text(alice(), "ding \x01 <dong>");
  const std::string seen = peers().wait(alice_, {id});
  EXPECT_NE(seen.find("ding \xEF\xBF\xBD &lt;dong&gt;"), std::string::npos) << seen;
  flush();
  EXPECT_EQ(log_->count("message " + id), 1);
}

/// The sockets of this process that are connected to the port.
std::vector<int> sockets_to(std::uint16_t port) {
  std::vector<int> found;
  for (int fd = 0; fd < FD_SETSIZE; ++fd) {
    sockaddr_in peer{};
    socklen_t length = sizeof peer;
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &length) == 0 &&
        peer.sin_family == AF_INET && ntohs(peer.sin_port) == port) {
      found.push_back(fd);
    }
  }
  return found;
}

TEST_F(XmppSession, AStanzaDoesNotWaitForTheAcknowledgementOfThePacketBefore) {
  // Nagle's algorithm here and a server that acknowledges late took 40 ms together.
  log_in();
  const auto sockets = sockets_to(server().port());
  ASSERT_EQ(sockets.size(), 1U);
  int on = 0;
  socklen_t length = sizeof on;
  ASSERT_EQ(::getsockopt(sockets[0], IPPROTO_TCP, TCP_NODELAY, &on, &length), 0);
  EXPECT_NE(on, 0);
}

TEST_F(XmppSession, AnotherDevicesMessagesAreHeardOnce) {
  log_in();
  peers().login("device", bot_, server());
  const std::string id = peers().say("device", alice(), "from my phone");
  const MessagePayload message = next_message();
  EXPECT_EQ(message.id, id);
  EXPECT_EQ(message.talker_id, bot());
  EXPECT_EQ(message.listener_id, alice());
  flush();
  EXPECT_EQ(log_->count("message " + id), 1);
  peers().ask("device", "quit");
}

TEST_F(XmppSession, LogoutIsSeenByOthersAndLeavesNothingOnTheCard) {
  log_in();
  EXPECT_EQ(peers().ask(alice_, "resources", {{"jid", bot()}}).size(), 1U);
  EXPECT_GT(card_.size(), 0U);
  puppet_->logout("bye");
  EXPECT_EQ(log_->of("logout"), std::vector{"logout " + bot() + " bye"});
  EXPECT_EQ(peers().ask(alice_, "resources", {{"jid", bot()}}).size(), 0U);
  EXPECT_EQ(card_.size(), 0U);
}

TEST_F(XmppSession, AnAccountThatIsNotThereIsNotFound) {
  log_in();
  EXPECT_THROW(puppet_->message_send_text("nobody", "x"), NotFoundError);
  EXPECT_THROW(puppet_->message_send_text("nobody@localhost", "x"), Error);
  flush();
  EXPECT_EQ(log_->of("message"), std::vector<std::string>{});
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
