// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/requests.hpp"

#include <gtest/gtest.h>

#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

class XmppRequests : public testing::Test {
 protected:
  XmppRequests() { memory_.load(); }

  FakeWire wire_;
  FakeHost host_;
  puppet::MemoryCard memory_;
  int saves_ = 0;
  std::optional<Requests> requests_;
  Requests& requests() {
    if (!requests_) requests_.emplace(wire_, host_, Card{memory_}, [this] { ++saves_; });
    return *requests_;
  }
};

TEST_F(XmppRequests, ARequestIsToldOnceUntilItIsAnswered) {
  const Element subscribe = stanza("presence", "alice@localhost", "subscribe")
                                .add(Element{"status", ns::client, "hello"});
  EXPECT_TRUE(requests().handle_presence(subscribe));
  EXPECT_TRUE(requests().handle_presence(subscribe));
  ASSERT_EQ(host_.friendships.size(), 1U);
  EXPECT_EQ(host_.friendships[0].hello, "hello");
  requests_.reset();  // another process, the same card
  EXPECT_TRUE(requests().handle_presence(subscribe));
  EXPECT_EQ(host_.friendships.size(), 1U);
  requests().accept_friendship(host_.friendships[0]);
  EXPECT_EQ(wire_.sent.size(), 2U);
  EXPECT_TRUE(requests().handle_presence(subscribe));
  EXPECT_EQ(host_.friendships.size(), 2U);
}

TEST_F(XmppRequests, AnAnsweredRequestIsConfirmed) {
  requests().handle_roster("alice@localhost", std::nullopt,
                           RosterItem{.jid = "alice@localhost", .asked = true});
  requests().handle_roster("alice@localhost", RosterItem{.jid = "alice@localhost", .asked = true},
                           RosterItem{.jid = "alice@localhost", .subscription = "to"});
  ASSERT_EQ(host_.friendships.size(), 2U);
  EXPECT_EQ(host_.friendships[0].type, puppet::FriendshipType::verify);
  EXPECT_EQ(host_.friendships[1].type, puppet::FriendshipType::confirm);
}

TEST_F(XmppRequests, ARequestCarriesAGreetingAndANick) {
  requests().add("bob@localhost", "it is me", "Botty");
  EXPECT_EQ(wire_.sent,
            std::vector<std::string>{
                "<presence type=\"subscribe\" to=\"bob@localhost\"><status>it is me</status>"
                "<nick xmlns=\"http://jabber.org/protocol/nick\">Botty</nick></presence>"});
  requests().add("bob@localhost", "", "");
  EXPECT_EQ(wire_.sent.back(), "<presence type=\"subscribe\" to=\"bob@localhost\"/>");
}

TEST_F(XmppRequests, ARequestThatWasTakenBackMayComeAgain) {
  const Element subscribe = stanza("presence", "alice@localhost", "subscribe");
  EXPECT_TRUE(requests().handle_presence(subscribe));
  EXPECT_TRUE(requests().handle_presence(stanza("presence", "alice@localhost", "unsubscribe")));
  EXPECT_TRUE(requests().handle_presence(subscribe));
  EXPECT_EQ(host_.friendships.size(), 2U);
  EXPECT_NE(host_.friendships[0].id, host_.friendships[1].id);
}

TEST_F(XmppRequests, WhatIsNoRequestIsLeftToOthers) {
  EXPECT_FALSE(requests().handle_presence(stanza("presence", "alice@localhost/x")));
  EXPECT_FALSE(requests().handle_presence(stanza("presence", "alice@localhost/x", "unavailable")));
  EXPECT_FALSE(requests().handle_presence(stanza("presence", "", "subscribe")));
  EXPECT_EQ(saves_, 0);
}

TEST_F(XmppRequests, AnAcceptedOneIsStillKnownByItsId) {
  requests().handle_presence(stanza("presence", "alice@localhost", "subscribe"));
  const auto friendship = host_.friendships.at(0);
  EXPECT_EQ(friendship.ticket, friendship.id);
  requests().accept_friendship(friendship);
  ASSERT_TRUE(requests().friendship(friendship.id));
  EXPECT_EQ(requests().friendship(friendship.id)->type, puppet::FriendshipType::confirm);
  EXPECT_FALSE(requests().friendship("friendship:nobody"));
  EXPECT_GE(saves_, 2);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
