// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/disco.hpp"

#include <gtest/gtest.h>

#include "puppet_xmpp/bytes.hpp"
#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

TEST(XmppDisco, QuestionsAreAnsweredAndUnknownOnesRefused) {
  FakeWire wire;
  Disco disco{wire};
  disco.answer(stanza("iq", "alice@localhost/x", "get")
                   .set("id", "1")
                   .add(Element{"query", ns::disco_info}));
  EXPECT_NE(wire.sent[0].find("urn:xmpp:avatar:metadata+notify"), std::string::npos);
  disco.answer(stanza("iq", "localhost", "get").set("id", "2").add(Element{"ping", ns::ping}));
  EXPECT_EQ(wire.sent[1], "<iq type=\"result\" id=\"2\" to=\"localhost\"/>");
  disco.answer(stanza("iq", "alice@localhost/x", "set").set("id", "3").add(Element{"query", "x"}));
  EXPECT_NE(wire.sent[2].find("service-unavailable"), std::string::npos);
}

TEST(XmppDisco, AnAnswerIsReadWithItsFeaturesAndIdentities) {
  FakeWire wire;
  Disco disco{wire};
  const auto feature = [](std::string_view name) {
    return Element{"feature", ns::disco_info}.set("var", name);
  };
  wire.expect(Element{"query", ns::disco_info}
                  .add(Element{"identity", ns::disco_info}
                           .set("category", "conference")
                           .set("type", "text")
                           .set("name", "Lobby"))
                  .add(feature(ns::muc)));
  const DiscoInfo room = disco.info("r@c.localhost");
  EXPECT_TRUE(room.has(ns::muc));
  EXPECT_FALSE(room.gives_stanza_ids());
  ASSERT_EQ(room.identities.size(), 1U);
  EXPECT_EQ(room.identities[0].name, "Lobby");
  for (const auto name : {ns::stanza_id, ns::mam}) {
    wire.expect(Element{"query", ns::disco_info}.add(feature(name)));
    EXPECT_TRUE(disco.info("bot@localhost").gives_stanza_ids()) << name;
  }
  wire.expect_error("item-not-found");
  EXPECT_THROW(static_cast<void>(disco.info("gone@localhost")), puppet::NotFoundError);
}

TEST(XmppDisco, WhatIsBelowAnEntityIsListed) {
  FakeWire wire;
  Disco disco{wire};
  const auto item = [](const char* jid) {
    return Element{"item", ns::disco_items}.set("jid", jid);
  };
  wire.expect(
      Element{"query", ns::disco_items}.add(item("a.localhost")).add(item("")).add(item("b")));
  EXPECT_EQ(disco.items("localhost"), (std::vector<std::string>{"a.localhost", "b"}));
}

TEST(XmppDisco, TheHashInThePresenceIsThatOfTheAnswer) {
  FakeWire wire;
  Disco disco{wire};
  const Element caps = Disco::caps();
  const std::string node = std::string{caps.attr("node")} + "#" + std::string{caps.attr("ver")};
  disco.answer(stanza("iq", "localhost", "get")
                   .set("id", "1")
                   .add(Element{"query", ns::disco_info}.set("node", node)));
  // XEP-0115, section 5.1, of what was answered.
  std::string text = "client/bot//Wechaty Puppet<";
  const std::string mark = "<feature var=\"";
  const std::string& xml = wire.sent.at(0);
  for (auto place = xml.find(mark); place != std::string::npos; place = xml.find(mark, place)) {
    place += mark.size();
    text += xml.substr(place, xml.find('"', place) - place) + "<";
  }
  EXPECT_EQ(caps.attr("ver"), to_base64(digest("SHA1", text))) << xml;
  EXPECT_NE(xml.find("node=\"" + node), std::string::npos);
  disco.answer(stanza("iq", "localhost", "get")
                   .set("id", "2")
                   .add(Element{"query", ns::disco_info}.set("node", "another")));
  EXPECT_NE(wire.sent.at(1).find("service-unavailable"), std::string::npos);
}

TEST(XmppDisco, TheVersionIsToldWithoutTheSystem) {
  FakeWire wire;
  Disco disco{wire};
  disco.answer(
      stanza("iq", "alice@localhost/x", "get").set("id", "1").add(Element{"query", ns::version}));
  EXPECT_NE(wire.sent.at(0).find("<name>Wechaty Puppet</name><version>"), std::string::npos);
  EXPECT_EQ(wire.sent[0].find("<os"), std::string::npos);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
