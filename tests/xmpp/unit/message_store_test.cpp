// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/message_store.hpp"

#include <gtest/gtest.h>

namespace wechaty::puppet_xmpp::test {
namespace {

using puppet::MessageType;

StoredMessage message(const std::string& id, const std::string& text = "hi", int second = 0) {
  StoredMessage stored;
  stored.payload = {.id = id,
                    .talker_id = "alice@localhost",
                    .type = MessageType::text,
                    .timestamp = puppet::Timestamp{std::chrono::seconds{second}},
                    .text = text};
  stored.stanza = Element{"message", ns::client}.add(Element{"body", ns::client, text});
  stored.conversation = "alice@localhost";
  stored.sender_id = "sender-" + id;
  stored.origin_id = "origin-" + id;
  stored.archive_id = id;
  return stored;
}

MessageStore::Pointer called(MessageStore& store, std::string_view name) {
  return store.find_reference("alice@localhost", "alice@localhost", name);
}

TEST(XmppMessageStore, AMessageIsFoundByEveryNameOfItsTalkersOnly) {
  MessageStore store;
  store.put(message("A1"));
  EXPECT_EQ(store.find("A1")->payload.text, "hi");
  for (const char* name : {"sender-A1", "origin-A1", "A1"}) {
    ASSERT_NE(called(store, name), nullptr) << name;
    EXPECT_EQ(store.find_reference("alice@localhost", "mallory@localhost", name), nullptr);
    EXPECT_EQ(store.find_reference("room@c.localhost", "alice@localhost", name), nullptr);
  }
  EXPECT_EQ(called(store, ""), nullptr);
  EXPECT_EQ(store.find("A2"), nullptr);
}

TEST(XmppMessageStore, WhatDoesNotFitDisplacesWhatWasUsedLeastRecently) {
  const std::string text(10'000, 'x');
  MessageStore store{80'000};
  for (int i = 0; i < 20; ++i) {
    store.put(message("A" + std::to_string(i), text));
    ASSERT_NE(store.find("A0"), nullptr);  // used all the time
    EXPECT_LE(store.bytes(), 80'000U);
  }
  EXPECT_EQ(store.find("A1"), nullptr);
  EXPECT_EQ(called(store, "sender-A1"), nullptr);
  EXPECT_NE(store.find("A19"), nullptr);
  EXPECT_NE(called(store, "sender-A19"), nullptr);
}

TEST(XmppMessageStore, OfManySmallElementsTheMemoryCountsNotTheText) {
  StoredMessage many = message("A1");
  for (int i = 0; i < 1'000; ++i) many.stanza.add(Element{"a"});
  MessageStore store{100'000};
  store.put(message("A0"));
  store.put(many);
  EXPECT_EQ(store.find("A0"), nullptr);
  EXPECT_GT(store.bytes(), 100'000U);  // one message is kept, whatever its size
  EXPECT_NE(store.find("A1"), nullptr);
}

TEST(XmppMessageStore, ThereAreNoMoreThanFourThousand) {
  MessageStore store;
  for (int i = 0; i <= 4'000; ++i) store.put(message("A" + std::to_string(i)));
  EXPECT_EQ(store.find("A0"), nullptr);
  EXPECT_NE(store.find("A1"), nullptr);
  EXPECT_NE(store.find("A4000"), nullptr);
}

TEST(XmppMessageStore, TheSameMessageAgainTakesNoMoreRoom) {
  MessageStore store;
  store.put(message("A1"));
  const auto before = store.bytes();
  store.put(message("A1"));
  store.set_archive_id("A1", "A1");
  EXPECT_EQ(store.bytes(), before);
}

TEST(XmppMessageStore, AnArchiveIdThatComesLaterIsANameToo) {
  MessageStore store;
  StoredMessage own = message("m1");
  own.archive_id.clear();
  store.put(own);
  EXPECT_EQ(called(store, "R1"), nullptr);
  store.set_archive_id("m1", "R1");
  EXPECT_EQ(called(store, "R1")->payload.id, "m1");
  store.set_archive_id("unknown", "R2");
  EXPECT_EQ(called(store, "R2"), nullptr);
}

TEST(XmppMessageStore, ARetractedMessageKeepsItsNamesAndFreesItsRoom) {
  MessageStore store;
  store.put(message("A1", std::string(50'000, 'x')));
  store.retract("A1");
  const auto gone = called(store, "sender-A1");
  ASSERT_NE(gone, nullptr);
  EXPECT_EQ(gone->payload.type, MessageType::recalled);
  EXPECT_EQ(gone->payload.text, std::nullopt);
  EXPECT_TRUE(gone->stanza.children.empty());
  EXPECT_LT(store.bytes(), 50'000U);
}

TEST(XmppMessageStore, ACorrectedMessageKeepsItsIdTimeAndNames) {
  MessageStore store;
  store.put(message("A1", "helo", 7));
  StoredMessage by = message("A2", "hello", 9);
  store.correct("A1", by.payload, by.stanza);
  const auto corrected = called(store, "sender-A1");
  ASSERT_NE(corrected, nullptr);
  EXPECT_EQ(corrected->payload.id, "A1");
  EXPECT_EQ(corrected->payload.text, "hello");
  EXPECT_EQ(corrected->payload.timestamp, puppet::Timestamp{std::chrono::seconds{7}});
  EXPECT_EQ(corrected->stanza.child_text("body"), "hello");
  EXPECT_EQ(store.find("A2"), nullptr);
}

TEST(XmppMessageStore, TheNewestIsTheLastThatWasSaidByOthers) {
  MessageStore store;
  store.put(message("A1", "hi", 1));
  store.put(message("A5", "hi", 5));
  StoredMessage own = message("m6", "hi", 6);
  own.own = true;
  store.put(own);
  store.put(message("A3", "fetched from an archive", 3));
  store.correct("A1", message("A7", "hi", 7).payload, Element{"message"});
  EXPECT_EQ(store.newest("alice@localhost")->payload.id, "A5");
  EXPECT_EQ(store.newest("bob@localhost"), nullptr);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
