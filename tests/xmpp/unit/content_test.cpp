// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/content.hpp"

#include <gtest/gtest.h>

namespace wechaty::puppet_xmpp::test {
namespace {

using namespace wechaty::puppet;  // NOLINT: payloads

Element message() { return Element{"message", ns::client}; }

TEST(XmppContent, ATextWithMentionsCountsCodePoints) {
  Element sent = message();
  write_text(sent, "\xE2\x98\x83 @\xC3\xA9va hi", {{.name = "\xC3\xA9va", .jid = "eva@localhost"}});
  const std::string xml = sent.to_xml(ns::client);
  EXPECT_NE(xml.find("begin=\"2\" end=\"6\""), std::string::npos) << xml;
  const auto content = read_content(sent);
  ASSERT_TRUE(content);
  EXPECT_EQ(content->type, MessageType::text);
  EXPECT_EQ(content->mentions, std::vector<std::string>{"eva@localhost"});
}

TEST(XmppContent, AFileThereAndBack) {
  Element sent = message();
  write_file(sent, FileBox::from_buffer("abc", "a b.png"), "https://h/x/a%20b.png", 3);
  EXPECT_EQ(sent.child_text("body"), "https://h/x/a%20b.png");
  const auto content = read_content(sent);
  ASSERT_TRUE(content && content->file);
  EXPECT_EQ(content->type, MessageType::image);
  EXPECT_EQ(content->file->name, "a b.png");
  EXPECT_EQ(content->file->media_type, "image/png");
}

TEST(XmppContent, AFileOfAClientThatSaysNoMoreThanTheUrl) {
  Element sent = message().add(Element{"body", ns::client, "https://h/x/tune%21.mp3"});
  sent.add(Element{"x", ns::oob}.add(Element{"url", ns::oob, "https://h/x/tune%21.mp3"}));
  const auto content = read_content(sent);
  ASSERT_TRUE(content && content->file);
  EXPECT_EQ(content->type, MessageType::audio);
  EXPECT_EQ(content->file->name, "tune!.mp3");
}

TEST(XmppContent, AUrlBesideAnotherTextIsALink) {
  Element sent = message();
  const UrlLinkPayload link{.description = "about it", .title = "Title", .url = "https://h/page"};
  write_link(sent, link);
  const auto content = read_content(sent);
  ASSERT_TRUE(content && content->link);
  EXPECT_EQ(content->type, MessageType::url);
  EXPECT_EQ(*content->link, link);
}

TEST(XmppContent, ALocationThereAndBack) {
  Element sent = message();
  const LocationPayload place{.accuracy = 12.5,
                              .address = "Street 1",
                              .latitude = 48.137154,
                              .longitude = -11.576124,
                              .name = "Here"};
  write_location(sent, place);
  EXPECT_EQ(sent.child_text("body"), "geo:48.137154,-11.576124");
  const auto content = read_content(sent);
  ASSERT_TRUE(content && content->location);
  EXPECT_EQ(*content->location, place);
}

TEST(XmppContent, AContactCardThereAndBack) {
  Element sent = message();
  write_contact(sent, "carol@localhost", "Carol");
  const auto content = read_content(sent);
  ASSERT_TRUE(content);
  EXPECT_EQ(content->type, MessageType::contact);
  EXPECT_EQ(content->contact, "carol@localhost");
}

TEST(XmppContent, WhatSaysNothingIsNoMessage) {
  EXPECT_FALSE(read_content(message()));
  EXPECT_FALSE(read_content(message().add(Element{"body", ns::client})));
  EXPECT_FALSE(read_content(message().add(Element{"displayed", ns::markers}.set("id", "x"))));
  EXPECT_FALSE(
      read_content(message().add(Element{"active", "http://jabber.org/protocol/chatstates"})));
}

TEST(XmppContent, ABadFileUrlIsAText) {
  Element sent = message().add(Element{"body", ns::client, "file:///etc/passwd"});
  sent.add(Element{"x", ns::oob}.add(Element{"url", ns::oob, "file:///etc/passwd"}));
  const auto content = read_content(sent);
  ASSERT_TRUE(content);
  EXPECT_FALSE(content->file);
}

TEST(XmppContent, ACopyHasTheContentAndNothingElse) {
  Element original = message().set("id", "x");
  write_location(original, {.latitude = 1, .longitude = 2});
  original.add(Element{"stanza-id", ns::stanza_id}.set("id", "A1"));
  original.add(Element{"replace", ns::correct}.set("id", "y"));
  Element copy = message();
  ASSERT_TRUE(copy_content(copy, original));
  EXPECT_EQ(copy.children.size(), 2U);
  EXPECT_TRUE(read_content(copy)->location);
}

TEST(XmppContent, OfWhatWasTakenBackThereIsNoCopy) {
  Element copy = message();
  EXPECT_FALSE(copy_content(copy, message().set("id", "x")));
  EXPECT_TRUE(copy.children.empty());
}

TEST(XmppContent, ALinkWithoutATitleIsNoFile) {
  Element sent = message();
  write_link(sent, {.title = {}, .url = "https://h.example/page"});
  const auto content = read_content(sent);
  ASSERT_TRUE(content);
  EXPECT_EQ(content->type, MessageType::url);
}

TEST(XmppContent, ARetractionHasBothForms) {
  Element sent = message();
  write_retraction(sent, "x1");
  EXPECT_EQ(retracted_id(sent), "x1");
  std::erase_if(sent.children, [](const Element& child) { return child.xmlns == ns::retract; });
  EXPECT_EQ(retracted_id(sent), "x1");
  EXPECT_EQ(retracted_id(message()), "");
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
