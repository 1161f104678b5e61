// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/history.hpp"

#include <gtest/gtest.h>

#include "puppet_xmpp/bytes.hpp"
#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_archive.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using puppet::MessageType;

constexpr const char* me = "bot@localhost";
constexpr const char* friend_of_mine = "alice@localhost";
constexpr std::chrono::minutes each_message{2};

class XmppHistory : public testing::Test {
 protected:
  XmppHistory() { archives_.serve(wire_, archive_); }

  Element text(std::string_view from, std::string_view to, std::string_view id,
               std::string_view body) {
    return stanza("message", from, "chat")
        .set("to", to)
        .set("id", id)
        .add(Element{"body", ns::client, body});
  }
  Element from_alice(std::string_view id, std::string_view body) {
    return text("alice@localhost/phone", me, id, body);
  }
  /// Put it at the end of the account's archive, two minutes after the last one.
  void archived(const std::string& id, const Element& message) {
    time_ += each_message;
    archives_.messages.push_back({.owner = me, .id = id, .stamp = time_, .message = message});
  }
  void fill(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string id = "fill" + std::to_string(filled_++);
      archived(id, from_alice(id, "and so on"));
    }
  }
  std::optional<StoredMessage> find(const std::string& id) { return history_.find(id, {}); }

  puppet::Timestamp time_{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  int filled_ = 0;
  FakeArchives archives_;
  FakeWire wire_;
  FakeHost host_;
  Rooms rooms_{wire_, host_, [](const std::string&, bool) {}};
  Ledger ledger_;
  Deliveries deliveries_;
  MessageStore store_;
  Inbox inbox_{{.self = me,
                .wire = wire_,
                .host = host_,
                .rooms = rooms_,
                .ledger = ledger_,
                .deliveries = deliveries_,
                .store = store_,
                .is_trusted = [](std::string_view) { return false; }}};
  Archive archive_{wire_};
  History history_{me, archive_, inbox_};
};

TEST_F(XmppHistory, AMessageOfOthersIsFoundByTheIdOfTheArchive) {
  fill(60);
  archived("A1", from_alice("x1", "hi"));
  const auto message = find("A1");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->payload.text, "hi");
  EXPECT_EQ(message->payload.talker_id, friend_of_mine);
  EXPECT_EQ(message->payload.timestamp, time_);
  EXPECT_TRUE(host_.messages.empty());  // found, not heard
}

TEST_F(XmppHistory, AlsoInAnArchiveThatCannotBeAskedForIds) {
  archives_.knows_ids = false;
  for (const bool ignores : {false, true}) {
    archives_.ignores_unknown_fields = ignores;
    archives_.messages.clear();
    archived("A0", from_alice("x0", "the first"));
    fill(60);
    archived("A1", from_alice("x1", "hi"));
    fill(120);
    ASSERT_TRUE(find("A1"));
    EXPECT_EQ(find("A1")->payload.text, "hi");
    EXPECT_EQ(find("A0")->payload.text, "the first");
    EXPECT_FALSE(find("A2"));
  }
}

TEST_F(XmppHistory, AMessageOfOursTellsByItsIdWhenItWasSent) {
  fill(70);
  time_ += each_message;
  const std::string id = timed_uuid(time_.time_since_epoch());
  archives_.messages.push_back({.owner = me,
                                .id = "A1",
                                .stamp = time_ + std::chrono::seconds{40},
                                .message = text("bot@localhost/x", friend_of_mine, id, "mine")});
  fill(300);
  const auto message = find(id);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->payload.id, id);
  EXPECT_EQ(message->payload.text, "mine");
  EXPECT_EQ(message->payload.talker_id, me);
  EXPECT_EQ(message->payload.listener_id, friend_of_mine);
  EXPECT_TRUE(message->own);
  EXPECT_LE(archives_.asked, 7);
}

TEST_F(XmppHistory, AnArchiveMayHaveIdsOfThatFormToo) {
  const std::string id = timed_uuid(std::chrono::milliseconds{0});  // and tell nothing by them
  archived(id, from_alice("x1", "hi"));
  fill(120);
  ASSERT_TRUE(find(id));
  EXPECT_EQ(find(id)->payload.text, "hi");
}

TEST_F(XmppHistory, NobodyElseIsBelievedToHaveSentWhatHasOurId) {
  const std::string id = timed_uuid(time_.time_since_epoch());
  archived("A1", text("mallory@localhost/x", me, id, "not his"));
  EXPECT_FALSE(find(id));
}

TEST_F(XmppHistory, AMessageOfAnotherDeviceIsFoundAmongTheLastOnly) {
  archived("A1", text("bot@localhost/phone", friend_of_mine, "phone-1", "typed there"));
  fill(90);
  ASSERT_TRUE(find("phone-1"));
  EXPECT_EQ(find("phone-1")->payload.listener_id, friend_of_mine);
  fill(20);
  EXPECT_FALSE(find("phone-1"));
}

TEST_F(XmppHistory, WhatWasCorrectedSinceIsReadCorrected) {
  archived("A1", from_alice("x1", "helo"));
  const auto said_at = time_;
  fill(120);
  archived("A2", from_alice("x2", "hello").add(Element{"replace", ns::correct}.set("id", "x1")));
  archived("A3", text("mallory@localhost/x", me, "x3", "pay him")
                     .add(Element{"replace", ns::correct}.set("id", "x1")));
  const auto message = find("A1");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->payload.text, "hello");
  EXPECT_EQ(message->payload.id, "A1");
  EXPECT_EQ(message->payload.timestamp, said_at);
}

TEST_F(XmppHistory, WhatWasTakenBackSinceIsRead) {
  archived("A1", from_alice("x1", "oops"));
  archived("A2", from_alice("x2", "").add(Element{"retract", ns::retract}.set("id", "x1")));
  const auto message = find("A1");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->payload.type, MessageType::recalled);
  EXPECT_EQ(message->payload.text, std::nullopt);
  Element copy{"message", ns::client};
  EXPECT_FALSE(copy_content(copy, message->stanza));
  const auto recall = find("A2");  // the message that says so
  ASSERT_TRUE(recall);
  EXPECT_EQ(recall->payload.type, MessageType::recalled);
  EXPECT_EQ(recall->payload.text, "x1");
}

TEST_F(XmppHistory, WhatAnArchiveHasTakenOutIsReadAsRecalled) {
  archived("A1", stanza("message", "alice@localhost/phone", "chat")
                     .set("to", me)
                     .set("id", "x1")
                     .add(Element{"retracted", ns::retract}.set("id", "x2")));
  ASSERT_TRUE(find("A1"));
  EXPECT_EQ(find("A1")->payload.type, MessageType::recalled);
}

TEST_F(XmppHistory, NothingIsFoundWithoutAnArchiveAndAServerThatIsSilentIsAnError) {
  wire_.answers.clear();
  for (int i = 0; i < 4; ++i) wire_.expect_error("service-unavailable");
  EXPECT_FALSE(find("A1"));
  wire_.answers.clear();
  wire_.answers.push_back(
      [](const Element&) -> Element { throw puppet::TimeoutError{"nothing came"}; });
  EXPECT_THROW(static_cast<void>(find("A1")), puppet::TimeoutError);
}

TEST(XmppTimedUuid, TellsItsTimeAndOthersDoNot) {
  const std::chrono::milliseconds time{1'767'225'600'123};
  const std::string id = timed_uuid(time);
  EXPECT_EQ(id.size(), 36U);
  EXPECT_NE(id, timed_uuid(time));
  EXPECT_EQ(time_of_uuid(id), time);
  EXPECT_EQ(time_of_uuid(random_uuid()), std::nullopt);
  for (const char* other : {"", "7", "A1", "0192c6a0-0000-7000-8000-00000000000g",
                            "0192c6a0-0000-7000-8000_000000000000"}) {
    EXPECT_EQ(time_of_uuid(other), std::nullopt) << other;
  }
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
