// SPDX-License-Identifier: Apache-2.0
// What other clients send, as they write it, through a real server.
#include "xmpp/support/network.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using namespace wechaty::puppet;  // NOLINT: payloads

class XmppForeign : public XmppTest {
 protected:
  void SetUp() override {
    XmppTest::SetUp();
    log_in();
  }
  /// Alice sends this inside of a message with the id `x` and a number.
  void send(const std::string& content, const std::string& attributes = "type='chat'") {
    peers().send(alice_, "<message xmlns='jabber:client' id='x" + std::to_string(++sent_) +
                             "' to='" + bot() + "' " + attributes + ">" + content + "</message>");
  }
  MessagePayload hear(const std::string& content) {
    send(content);
    return next_message();
  }
  /// What was sent so far has led to so many messages and no more.
  void expect_messages(std::size_t count) {
    peers().count(alice_, {});  // the server has it all
    flush();
    EXPECT_EQ(log_->of("message ").size(), count);
  }
  int sent_ = 0;
};

TEST_F(XmppForeign, FilesOfConversationsGajimAndDino) {
  auto message = hear(
      "<body>https://up.example.org/1/voice.m4a</body>"
      "<x xmlns='jabber:x:oob'><url>https://up.example.org/1/voice.m4a</url></x>"
      "<markable xmlns='urn:xmpp:chat-markers:0'/><origin-id xmlns='urn:xmpp:sid:0' id='x1'/>"
      "<request xmlns='urn:xmpp:receipts'/>");
  EXPECT_EQ(message.type, MessageType::audio);
  EXPECT_EQ(message.filename, "voice.m4a");
  message = hear(
      "<body>https://up.example.org/2/raw</body>"
      "<file-sharing xmlns='urn:xmpp:sfs:0' disposition='inline'>"
      "<file xmlns='urn:xmpp:file:metadata:0'><name>cat.jpg</name>"
      "<media-type>image/jpeg</media-type><size>3</size></file>"
      "<sources><url-data xmlns='http://jabber.org/protocol/url-data' "
      "target='https://up.example.org/2/raw'/></sources></file-sharing>"
      "<x xmlns='jabber:x:oob'><url>https://up.example.org/2/raw</url></x>"
      "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:sfs:0'><body/></fallback>"
      "<fallback xmlns='urn:xmpp:fallback:0' for='jabber:x:oob'><body/></fallback>");
  EXPECT_EQ(message.type, MessageType::image);
  EXPECT_EQ(message.filename, "cat.jpg");
  message = hear(
      "<body>https://up.example.org/3/raw</body>"
      "<reference xmlns='urn:xmpp:reference:0' type='data'>"
      "<media-sharing xmlns='urn:xmpp:sims:1'><file xmlns='urn:xmpp:jingle:apps:file-transfer:5'>"
      "<media-type>video/mp4</media-type><name>dog.mp4</name></file>"
      "<sources><reference xmlns='urn:xmpp:reference:0' type='data' "
      "uri='https://up.example.org/3/raw'/></sources></media-sharing></reference>");
  EXPECT_EQ(message.type, MessageType::video);
  EXPECT_EQ(message.filename, "dog.mp4");
  message = hear(
      "<body>https://up.example.org/4/carol.vcf</body>"
      "<x xmlns='jabber:x:oob'><url>https://up.example.org/4/carol.vcf</url></x>");
  EXPECT_EQ(message.type, MessageType::attachment);
}

TEST_F(XmppForeign, LinksPlacesAndPeople) {
  auto message = hear(
      "<body>Read https://example.org/news today</body>"
      "<x xmlns='jabber:x:oob'><url>https://example.org/news</url><desc>News</desc></x>");
  EXPECT_EQ(message.type, MessageType::url);
  EXPECT_EQ(puppet_->message_url(message.id).url, "https://example.org/news");
  EXPECT_EQ(puppet_->message_url(message.id).title, "News");
  message = hear("<body>geo:52.5,13.375;u=12</body>");
  EXPECT_EQ(message.type, MessageType::location);
  EXPECT_EQ(puppet_->message_location(message.id).accuracy, 12);
  message = hear(
      "<geoloc xmlns='http://jabber.org/protocol/geoloc'><lat>52.5</lat><lon>13.375</lon>"
      "<description>Home</description></geoloc>");
  EXPECT_EQ(message.type, MessageType::location);
  EXPECT_EQ(puppet_->message_location(message.id).name, "Home");
  message = hear("<body>xmpp:carol@localhost?omemo-sid-7=abc</body>");
  EXPECT_EQ(message.type, MessageType::contact);
  EXPECT_EQ(puppet_->message_contact(message.id), "carol@localhost");
  message = hear(
      "<body>Alice suggests somebody</body><x xmlns='http://jabber.org/protocol/rosterx'>"
      "<item action='add' jid='carol@localhost' name='Carol'><group>tea</group></item></x>");
  EXPECT_EQ(puppet_->message_contact(message.id), "carol@localhost");
}

TEST_F(XmppForeign, AReplyIsHeardWithoutItsQuote) {
  const auto message = hear(
      "<body>&gt; ding?\ndong</body><reply xmlns='urn:xmpp:reply:0' to='bot@localhost' id='q'/>"
      "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'>"
      "<body start='0' end='8'/></fallback>");
  EXPECT_EQ(message.text, "dong");
  const auto copy = puppet_->message_forward(alice(), message.id);
  EXPECT_NE(peers().wait(alice_, {copy}).find(">dong<"), std::string::npos);
}

TEST_F(XmppForeign, ReactionsMarkersAndChatStatesAreNoMessages) {
  send(
      "<reactions xmlns='urn:xmpp:reactions:0' id='q'><reaction>+</reaction></reactions>"
      "<store xmlns='urn:xmpp:hints'/>");
  send(
      "<body>&gt; hi\n+</body><reactions xmlns='urn:xmpp:reactions:0' id='q'>"
      "<reaction>+</reaction></reactions>"
      "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reactions:0'><body/></fallback>");
  send("<displayed xmlns='urn:xmpp:chat-markers:0' id='q'/>");
  send("<composing xmlns='http://jabber.org/protocol/chatstates'/>");
  send("<received xmlns='urn:xmpp:receipts' id='q'/>", "");
  expect_messages(0);
}

TEST_F(XmppForeign, CorrectionsAndRetractionsOfEveryForm) {
  const auto first = hear("<body>helo</body><origin-id xmlns='urn:xmpp:sid:0' id='o1'/>");
  send("<body>hello</body><replace xmlns='urn:xmpp:message-correct:0' id='x1'/>");
  ASSERT_TRUE(log_->wait_for("dirty 1 " + first.id));
  EXPECT_EQ(puppet_->message_payload(first.id).text, "hello");
  send(
      "<body>retracted, says a client of yesterday</body>"
      "<apply-to xmlns='urn:xmpp:fasten:0' id='o1'>"
      "<retract xmlns='urn:xmpp:message-retract:0'/></apply-to>"
      "<fallback xmlns='urn:xmpp:fallback:0'/>");
  EXPECT_EQ(next_message().text, first.id);
  EXPECT_EQ(puppet_->message_payload(first.id).type, MessageType::recalled);
  const auto second = hear("<body>oops</body>");
  send(
      "<body>retracted, says a client of today</body>"
      "<retract xmlns='urn:xmpp:message-retract:1' id='x" +
      std::to_string(sent_) +
      "'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/>"
      "<store xmlns='urn:xmpp:hints'/>");
  EXPECT_EQ(next_message().text, second.id);
  EXPECT_EQ(puppet_->message_payload(second.id).type, MessageType::recalled);
  try {
    static_cast<void>(puppet_->message_forward(alice(), second.id));
    FAIL() << "there is nothing to forward";
  } catch (const NotFoundError& error) {
    EXPECT_NE(std::string{error.what()}.find("was taken back"), std::string::npos);
  }
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
