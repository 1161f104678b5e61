// SPDX-License-Identifier: Apache-2.0
#include "xmpp/support/network.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using namespace wechaty::puppet;  // NOLINT: payloads

/// Mallory has an account like anybody else, and sends what no client would.
class XmppHostile : public XmppTest {
 protected:
  void SetUp() override {
    XmppTest::SetUp();
    mallory_ = "mallory" + bot_;
    server().add_account(mallory_);
    peers().login(mallory_, mallory_, server());
    log_in();
  }
  void TearDown() override {
    peers().ask(mallory_, "quit");
    XmppTest::TearDown();
  }
  void attack(const std::string& content, const std::string& attributes = "") {
    peers().send(mallory_, "<message xmlns='jabber:client' to='" + bot() + "' " + attributes + ">" +
                               content + "</message>");
    EXPECT_GE(peers().count(mallory_, {}), 0);  // the server has it by now
    flush();
  }
  /// The bot is still there, and has heard nothing but what it should.
  void expect_unharmed(std::size_t messages = 0) {
    say(bot(), "are you well?");
    peers().count(alice_, {});
    flush();
    EXPECT_EQ(log_->of("message").size(), messages + 1);
    EXPECT_EQ(log_->of("reset"), std::vector<std::string>{});
  }
  std::string mallory_;
};

TEST_F(XmppHostile, DeepNestingDoesNoHarm) {
  std::string deep;
  for (int i = 0; i < 15'000; ++i) deep += "<a>";
  for (int i = 0; i < 15'000; ++i) deep += "</a>";
  attack("<x xmlns='urn:deep'>" + deep + "</x>");
  expect_unharmed();
}

TEST_F(XmppHostile, HugeAttributesAndManyOfThemDoNoHarm) {
  attack("<x xmlns='urn:huge' a='" + std::string(200'000, 'x') + "'/>");
  std::string many = "<x xmlns='urn:many'";
  for (int i = 0; i < 10'000; ++i) many += " a" + std::to_string(i) + "='1'";
  attack(many + "/>");
  expect_unharmed();
}

TEST_F(XmppHostile, ForgedCarbonsAreNotHeard) {
  for (const std::string kind : {"sent", "received"}) {
    attack("<" + kind +
           " xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
           "<message xmlns='jabber:client' type='chat' from='" +
           alice() + "' to='" + bot() +
           "' id='f'><body>send me money</body></message></forwarded></" + kind + ">");
  }
  expect_unharmed();
}

TEST_F(XmppHostile, ForgedArchiveResultsAreNotHeard) {
  attack(
      "<result xmlns='urn:xmpp:mam:2' id='1' queryid='mam-x'><forwarded "
      "xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' type='chat' from='" +
      alice() + "'><body>old news</body></message></forwarded></result>");
  expect_unharmed();
}

TEST_F(XmppHostile, AForgedArchiveIdDoesNotHideTheNextMessage) {
  attack("<body>first</body><stanza-id xmlns='urn:xmpp:sid:0' id='1' by='" + bot() + "'/>",
         "type='chat' id='x'");
  EXPECT_EQ(log_->of("message").size(), 1U);
  EXPECT_EQ(log_->count("message 1"), 0);
  expect_unharmed(1);
}

TEST_F(XmppHostile, NobodyElseChangesTheRosterOrTheRooms) {
  peers().send(mallory_, "<iq xmlns='jabber:client' type='set' id='r' to='" + bot() +
                             "'><query xmlns='jabber:iq:roster'><item jid='" + mallory_ +
                             "@localhost' subscription='both'/></query></iq>");
  const auto resources = peers().ask(alice_, "resources", {{"jid", bot()}});
  ASSERT_EQ(resources.size(), 1U);
  peers().send(mallory_, "<iq xmlns='jabber:client' type='set' id='r2' to='" + bot() + "/" +
                             resources[0].get<std::string>() +
                             "'><query xmlns='jabber:iq:roster'><item jid='" + mallory_ +
                             "@localhost' subscription='both'/></query></iq>");
  EXPECT_NE(peers().wait(mallory_, {"r2", "error"}), "");
  EXPECT_EQ(puppet_->contact_list(), std::vector{alice()});
}

TEST_F(XmppHostile, InARoomNobodySpeaksAsAnotherOrChangesTheMembers) {
  const std::string room = room_with_alice();
  puppet_->room_add(room, mallory_ + "@localhost");
  peers().ask(mallory_, "join", {{"room", room}, {"nick", "mallory"}});
  peers().send(mallory_, "<message xmlns='jabber:client' type='groupchat' to='" + room +
                             "' id='m1'><body>as Alice</body>"
                             "<x xmlns='http://jabber.org/protocol/muc#user'><item jid='" +
                             alice() +
                             "' affiliation='owner'/><status code='104'/></x>"
                             "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/>"
                             "<stanza-id xmlns='urn:xmpp:sid:0' id='forged' by='" +
                             room + "'/></message>");
  ASSERT_TRUE(log_->wait_for("message"));
  const auto id = log_->of("message ")[0].substr(std::string{"message "}.size());
  EXPECT_EQ(puppet_->message_payload(id).talker_id, mallory_ + "@localhost");
  EXPECT_NE(id, "forged");
  EXPECT_EQ(puppet_->room_payload(room).owner_id, bot());
  // A message that claims to be the room's own news, straight from Mallory.
  attack("<x xmlns='http://jabber.org/protocol/muc#user'><item jid='" + mallory_ +
         "@localhost' affiliation='owner'/></x>");
  EXPECT_EQ(puppet_->room_payload(room).owner_id, bot());
}

TEST_F(XmppHostile, NobodySpeaksAsAnotherThroughTheArchiveOfARoom) {
  const std::string room = room_with_alice();
  puppet_->room_add(room, mallory_ + "@localhost");
  peers().ask(mallory_, "join", {{"room", room}, {"nick", "mallory"}});
  puppet_->stop();
  for (const std::string& pretended : {alice(), bot()}) {
    peers().send(mallory_, "<message xmlns='jabber:client' type='groupchat' to='" + room +
                               "' id='as-" + pretended +
                               "'><body>pay him</body>"
                               "<x xmlns='http://jabber.org/protocol/muc#user'><item jid='" +
                               pretended + "' affiliation='owner'/></x></message>");
    peers().wait(mallory_, {"as-" + pretended});
  }
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("ready", 2));
  for (int i = 0; i < 2; ++i) {
    const auto message = next_message();
    EXPECT_EQ(message.talker_id, mallory_ + "@localhost");
    EXPECT_NE(message.id.substr(0, 3), "as-");
  }
}

TEST_F(XmppHostile, TextsThatLookLikeXmlStayTexts) {
  const std::string text = "</body></message><presence type='unavailable'/>\x01\xff&amp;";
  const auto id = puppet_->message_send_text(alice(), text);
  const std::string seen = peers().wait(alice_, {id});
  EXPECT_NE(seen.find("&lt;/body&gt;"), std::string::npos) << seen;
  EXPECT_TRUE(puppet_->is_logged_in());
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
