// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "puppet_xmpp/bytes.hpp"
#include "puppet_xmpp/element.hpp"
#include "puppet_xmpp/http.hpp"
#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/timestamp.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

TEST(XmppElement, NamespacesAreWrittenWhereTheyChange) {
  const Element message = Element{"message", ns::client}
                              .set("to", "a@b")
                              .add(Element{"x", ns::oob}.add(Element{"url", {}, "u"}));
  EXPECT_EQ(message.to_xml(ns::client),
            "<message to=\"a@b\"><x xmlns=\"jabber:x:oob\"><url>u</url></x></message>");
  EXPECT_EQ(message.to_xml().substr(0, 33), "<message xmlns=\"jabber:client\" to");
}

TEST(XmppElement, WhatXmlCannotCarryIsReplaced) {
  const Element body{"body", {}, std::string{"a\0b\x01<&\">\xff\xed\xa0\x80", 12}};
  EXPECT_EQ(body.to_xml(),
            "<body>a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD&lt;&amp;&quot;&gt;\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
            "</body>");
  EXPECT_EQ(escape_xml("\xF0\x9F\x98\x80\t\n\r"), "\xF0\x9F\x98\x80\t\n&#13;");
  EXPECT_FALSE(is_xml_text("\xC0\xAF"));      // overlong
  EXPECT_FALSE(is_xml_text("\xEF\xBF\xBF"));  // U+FFFF
}

TEST(XmppElement, ChildrenAreFoundByNameAndNamespace) {
  const Element message = Element{"message", ns::client}
                              .add(Element{"body", "urn:other", "no"})
                              .add(Element{"body", ns::client, "yes"});
  EXPECT_EQ(message.child_text("body"), "yes");
  EXPECT_EQ(message.child_text("body", "urn:other"), "no");
  EXPECT_EQ(message.child("subject"), nullptr);
}

TEST(XmppElement, CodePointsAndBytesAreToldApart) {
  const std::string text = "\xE2\x98\x83 @\xC3\xA9va";
  EXPECT_EQ(code_points_before(text, text.find('@')), 2U);
  EXPECT_EQ(offset_of_code_point(text, 2), text.find('@'));
  EXPECT_EQ(offset_of_code_point(text, 99), text.size());
}

TEST(XmppJid, PartsAreFoundAndFolded) {
  EXPECT_EQ(Jid::parse("Alice@Example.ORG/Home@1/x"),
            (Jid{.local = "alice", .domain = "example.org", .resource = "Home@1/x"}));
  EXPECT_EQ(Jid::parse("example.org.")->bare(), "example.org");
  EXPECT_EQ(bare_jid("room@conf.example/Nick with blanks"), "room@conf.example");
  EXPECT_EQ(resource_of("room@conf.example/a/b"), "a/b");
}

TEST(XmppJid, WhatIsNoAddressIsRefused) {
  for (const std::string bad :
       {"", "@example.org", "a@", "a@b/", "a b@c", "a<@c", "a@b@c", "a@b c", "a\n@b", "a@\xff"}) {
    EXPECT_EQ(Jid::parse(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(Jid::parse(std::string(1'024, 'a') + "@b"), std::nullopt);
  EXPECT_NE(Jid::parse(std::string(1'023, 'a') + "@b"), std::nullopt);
}

TEST(XmppBytes, Base64ThereAndBack) {
  for (const std::string text : {"", "f", "fo", "foo", "foob"}) {
    EXPECT_EQ(from_base64(to_base64(text)), text);
  }
  EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
  EXPECT_EQ(from_base64("Zm9v\n  Yg=="), "foob");
  EXPECT_EQ(from_base64("Zm9"), std::nullopt);
  EXPECT_EQ(from_base64("Zm9*"), std::nullopt);
  EXPECT_EQ(to_hex(digest("SHA1", "abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(XmppTimestamp, IsReadInEveryForm) {
  const auto time = parse_timestamp("2026-11-25T08:42:02.250Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(to_text(*time), "2026-11-25T08:42:02.250Z");
  EXPECT_EQ(parse_timestamp("2026-11-25T10:42:02.25+02:00"), time);
  EXPECT_EQ(parse_timestamp("2026-11-25T08:42:02.2504Z"), time);
  for (const char* bad : {"", "yesterday", "2026-13-25T08:42:02Z", "2026-11-25T25:42:02Z",
                          "2026-11-25T08:42:02", "2026-11-25T08:42:02+2:00"}) {
    EXPECT_EQ(parse_timestamp(bad), std::nullopt) << bad;
  }
}

TEST(XmppUrl, IsTakenApart) {
  const auto parts = parse_url("HTTPS://Files.example:8080/a/b%20c.png?x=/y#z");
  EXPECT_EQ(parts.scheme, "https");
  EXPECT_EQ(parts.host, "Files.example:8080");
  EXPECT_EQ(parts.name, "b c.png");
  for (const char* bad :
       {"", "file:///etc/passwd", "http://", "http://user@host/", "aesgcm://x/y"}) {
    EXPECT_EQ(parse_url(bad).host, "") << bad;
  }
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
