// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/stream_management.hpp"

#include <gtest/gtest.h>

#include <string>

namespace wechaty::puppet_xmpp::test {
namespace {

LoginResult session(const std::string& token = "token") {
  LoginResult result;
  result.full_jid = "bot@localhost/r";
  result.stream_management = true;
  result.resumption_id = token;
  return result;
}
LoginResult resumed(std::uint32_t server_received) {
  LoginResult result = session();
  result.resumed = true;
  result.server_received = server_received;
  return result;
}
Resumption stored(std::uint32_t received) {
  return {.id = "stored", .full_jid = "bot@localhost/r", .received = received};
}
Element a(const std::string& h) { return Element{"a", ns::sm}.set("h", h); }

class XmppStreamManagement : public testing::Test {
 protected:
  void send(std::initializer_list<const char*> names) {
    for (const char* const name : names) {
      static_cast<void>(management_.push(Element{name}, [this, name](const std::string& problem) {
        settled_ += name + (problem.empty() ? std::string{} : "(" + problem + ")");
      }));
    }
  }
  static std::string names(const std::vector<Element>& stanzas) {
    std::string all;
    for (const Element& stanza : stanzas) all += stanza.name;
    return all;
  }
  static std::string names(const std::deque<Outbox::Entry>& entries) {
    std::string all;
    for (const auto& entry : entries) all += entry.stanza.name;
    return all;
  }

  StreamManagement management_{true};
  std::string settled_;
};

// --- what was sent -------------------------------------------------------------------------------

TEST_F(XmppStreamManagement, AResumedSessionSendsAgainWhatTheServerHasNot) {
  static_cast<void>(management_.begin(session()));
  send({"a", "b", "c"});
  const auto beginning = management_.begin(resumed(1));
  ASSERT_TRUE(beginning);
  EXPECT_EQ(settled_, "a");
  EXPECT_EQ(names(beginning->again), "bc");
  EXPECT_EQ(names(beginning->unsettled), "");
  EXPECT_TRUE(management_.on_acknowledgement(a("3")));
  EXPECT_EQ(settled_, "abc");
}

TEST_F(XmppStreamManagement, ANewSessionLeavesOpenWhatWasNotAcknowledgedInTheLast) {
  static_cast<void>(management_.begin(session()));
  send({"a", "b", "c"});
  LoginResult result = session();
  result.server_received = 2;  // a server that could not resume, but still knows
  const auto beginning = management_.begin(result);
  EXPECT_EQ(settled_, "ab");
  EXPECT_EQ(names(beginning->again), "");
  EXPECT_EQ(names(beginning->unsettled), "c");
  send({"d"});
  EXPECT_TRUE(management_.on_acknowledgement(a("1")));  // counts from the session's beginning
  EXPECT_EQ(settled_, "abd");
}

TEST_F(XmppStreamManagement, AServerThatResumesWithMoreThanWasSentIsLeftAndNobodyIsForgotten) {
  static_cast<void>(management_.begin(session()));
  send({"a", "b"});
  EXPECT_FALSE(management_.begin(resumed(3)));
  EXPECT_EQ(management_.offer(stored(1)), std::nullopt);
  EXPECT_EQ(settled_, "");
  const auto next = management_.begin(session());
  ASSERT_TRUE(next);
  EXPECT_EQ(names(next->unsettled), "ab");
}

TEST_F(XmppStreamManagement, WhatTheServerDidNotBearIsNotSentAgain) {
  static_cast<void>(management_.begin(session()));
  send({"a"});
  management_.poison();
  EXPECT_EQ(management_.offer(stored(1)), std::nullopt);
  EXPECT_EQ(names(management_.begin(session())->unsettled), "");
  EXPECT_EQ(settled_, "a(the server ended the stream when it got this)");
  send({"b"});
  EXPECT_EQ(names(management_.begin(session())->unsettled), "b");  // once is enough
}

TEST_F(XmppStreamManagement, AnAcknowledgementOfWhatWasNotSentOrOfNoNumberIsNotBelieved) {
  static_cast<void>(management_.begin(session()));
  send({"a"});
  for (const char* const h : {"2", "-1", "", "1 ", "x", "4294967295", "4294967297"}) {
    EXPECT_FALSE(management_.on_acknowledgement(a(h))) << h;
  }
  EXPECT_EQ(settled_, "");
  EXPECT_TRUE(management_.on_acknowledgement(a("1")));
}

TEST_F(XmppStreamManagement, AnAcknowledgementIsAskedForWhereSomebodyWaitsAndElseNowAndThen) {
  static_cast<void>(management_.begin(session()));
  EXPECT_TRUE(management_.push(Element{"a"}, [](const std::string&) {}));
  int asked = 0;
  for (int i = 1; i < 100; ++i) asked += management_.push(Element{"b"}, {}) ? 1 : 0;
  EXPECT_EQ(asked, 2);
}

TEST_F(XmppStreamManagement, TheEndTellsWhatIsNotAcknowledged) {
  static_cast<void>(management_.begin(session()));
  send({"a", "b"});
  EXPECT_TRUE(management_.on_acknowledgement(a("1")));
  EXPECT_EQ(names(management_.end()), "b");
  EXPECT_TRUE(management_.resumption());  // another process may go on with the session
}

// --- what has come -------------------------------------------------------------------------------

TEST_F(XmppStreamManagement, NoMoreIsAcknowledgedThanHasCome) {
  static_cast<void>(management_.begin(session()));
  EXPECT_EQ(management_.receive(), 1U);
  EXPECT_EQ(management_.receive(), 2U);
  EXPECT_EQ(management_.acknowledge(3), std::nullopt);
  EXPECT_EQ(management_.acknowledge(2), a("2"));
  EXPECT_EQ(management_.acknowledge(1), std::nullopt);  // and nothing is taken back
  EXPECT_EQ(management_.acknowledge(2), a("2"));
}

TEST_F(XmppStreamManagement, WithoutItNothingIsAcknowledged) {
  LoginResult plain = session("");
  plain.stream_management = false;
  static_cast<void>(management_.begin(plain));
  EXPECT_FALSE(management_.is_on());
  EXPECT_EQ(management_.receive(), 1U);
  EXPECT_EQ(management_.acknowledge(1), std::nullopt);
}

TEST_F(XmppStreamManagement, ANewSessionCountsFromItsBeginning) {
  static_cast<void>(management_.begin(session()));
  EXPECT_EQ(management_.receive(), 1U);
  static_cast<void>(management_.begin(session()));
  EXPECT_EQ(management_.received(), 0U);
  EXPECT_EQ(management_.receive(), 1U);
  EXPECT_EQ(management_.acknowledge(1), a("1"));
}

// --- what is resumed -----------------------------------------------------------------------------

TEST_F(XmppStreamManagement, TheStoredSessionIsResumedOnceAndGoesOnCounting) {
  EXPECT_EQ(management_.offer(stored(7)), stored(7));
  EXPECT_EQ(management_.offer(stored(7)), stored(7));  // the first attempt may not get so far
  static_cast<void>(management_.begin(resumed(5)));
  EXPECT_EQ(management_.receive(), 8U);
  send({"a"});
  EXPECT_TRUE(management_.on_acknowledgement(a("6")));  // the server's count goes on, too
  EXPECT_EQ(settled_, "a");
  management_.forget();
  EXPECT_EQ(management_.offer(stored(7)), std::nullopt);
}

TEST_F(XmppStreamManagement, TheOwnLastSessionComesBeforeTheStoredOne) {
  static_cast<void>(management_.begin(session()));
  management_.receive();
  EXPECT_EQ(management_.offer(stored(7)),
            (Resumption{.id = "token", .full_jid = "bot@localhost/r", .received = 1}));
}

TEST_F(XmppStreamManagement, ASessionThatTheServerDoesNotKeepIsNotOffered) {
  static_cast<void>(management_.begin(session("")));
  EXPECT_EQ(management_.offer(stored(7)), std::nullopt);
}

TEST_F(XmppStreamManagement, WhereItIsSwitchedOffNothingIsResumed) {
  StreamManagement off{false};
  EXPECT_EQ(off.offer(stored(7)), std::nullopt);
}

// --- the queue -----------------------------------------------------------------------------------

TEST(XmppOutbox, WhatIsAcknowledgedIsSettledInItsOrder) {
  Outbox outbox;
  std::string settled;
  for (const char* name : {"a", "b", "c"}) {
    outbox.push(Element{name},
                [&settled, name](const std::string& problem) { settled += name + problem; });
  }
  EXPECT_TRUE(outbox.acknowledge(2));
  EXPECT_EQ(settled, "ab");
  EXPECT_TRUE(outbox.acknowledge(2));
  EXPECT_EQ(outbox.size(), 1U);
}

TEST(XmppOutbox, MoreThanWasSentIsNotBelieved) {
  Outbox outbox;
  outbox.push(Element{"a"});
  EXPECT_FALSE(outbox.acknowledge(2));
  EXPECT_EQ(outbox.size(), 1U);
}

TEST(XmppOutbox, TheCountWrapsAt32Bits) {
  Outbox outbox;
  static_cast<void>(outbox.restart(0xFFFFFFFFU));
  outbox.push(Element{"a"});
  outbox.push(Element{"b"});
  EXPECT_TRUE(outbox.acknowledge(1));
  EXPECT_EQ(outbox.size(), 0U);
}

TEST(XmppOutbox, ANewSessionGetsWhatIsLeft) {
  Outbox outbox;
  for (const char* name : {"a", "b", "c"}) outbox.push(Element{name});
  EXPECT_TRUE(outbox.acknowledge(1));
  const auto rest = outbox.restart(0);
  ASSERT_EQ(rest.size(), 2U);
  EXPECT_EQ(rest[0].stanza.name, "b");
  EXPECT_EQ(outbox.size(), 0U);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
