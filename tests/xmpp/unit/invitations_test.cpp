// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/invitations.hpp"

#include <gtest/gtest.h>

#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using puppet::EventRoomInvitePayload;

constexpr const char* room = "r@c.localhost";

class XmppInvitations : public testing::Test {
 protected:
  XmppInvitations() {
    memory_.load();
    start();
  }
  /// As a new process that has the same card.
  void start() {
    invitations_.emplace(wire_, host_, rooms_, Card{memory_}, [this] { ++saves_; });
  }
  static Element direct(const std::string& id, const std::string& from = "alice@localhost/x") {
    return stanza("message", from)
        .set("id", id)
        .add(Element{"x", ns::conference}.set("jid", room).set("reason", "tea"));
  }
  static Element mediated(const std::string& id, const std::string& inviter = "alice@localhost/x",
                          const std::string& from = room) {
    Element invite = Element{"invite", ns::muc_user}.set("from", inviter);
    invite.add(Element{"reason", ns::muc_user, "tea"});
    return stanza("message", from)
        .set("id", id)
        .add(Element{"x", ns::muc_user}.add(std::move(invite)));
  }
  void be_in(const std::string& jid) {
    rooms_.enter(jid, "bot");
    rooms_.handle_presence(stanza("presence", jid + "/bot")
                               .add(Element{"x", ns::muc_user}.add(
                                   Element{"status", ns::muc_user}.set("code", "110"))));
    invitations_->forget(jid);
  }
  std::vector<std::string> told() {
    std::vector<std::string> inviters;
    for (const auto& event : host_.of<EventRoomInvitePayload>()) {
      const auto invitation = invitations_->find(event.room_invitation_id);
      inviters.push_back(invitation ? invitation->inviter_id : "gone");
    }
    return inviters;
  }

  const std::vector<std::string> once_by_alice_{"alice@localhost"};
  FakeWire wire_;
  FakeHost host_;
  Rooms rooms_{wire_, host_, [](const std::string&, bool) {}};
  puppet::MemoryCard memory_;
  int saves_ = 0;
  std::optional<Invitations> invitations_;
};

TEST_F(XmppInvitations, OneIsOneWhicheverWayItComes) {
  EXPECT_TRUE(invitations_->handle(direct("1")));
  EXPECT_TRUE(invitations_->handle(mediated("2")));
  ASSERT_EQ(told(), once_by_alice_);
  const std::string id = host_.of<EventRoomInvitePayload>()[0].room_invitation_id;
  EXPECT_EQ(Invitations::room_of(id), room);
  EXPECT_EQ(invitations_->find(id)->invitation, "tea");
  EXPECT_FALSE(invitations_->handle(stanza("message", "alice@localhost/x")));
}

TEST_F(XmppInvitations, ASecondOneIsToldWhenTheFirstDoesNotWaitAnyMore) {
  invitations_->handle(direct("1"));
  invitations_->handle(direct("2"));
  EXPECT_EQ(told().size(), 1U);
  be_in(room);
  EXPECT_FALSE(invitations_->find(host_.of<EventRoomInvitePayload>()[0].room_invitation_id));
  invitations_->handle(direct("3"));  // one is there already
  EXPECT_EQ(told().size(), 1U);
  rooms_.leave(room);
  invitations_->handle(direct("1"));  // all of these are known
  invitations_->handle(direct("2"));
  invitations_->handle(direct("3"));
  EXPECT_EQ(told().size(), 1U);
  invitations_->handle(direct("4"));
  EXPECT_EQ(told(), (std::vector<std::string>{"gone", "alice@localhost"}));
}

TEST_F(XmppInvitations, ThatOfTheArchiveIsToldUnlessItCameLive) {
  const auto archived = [](const std::string& id, Element message) {
    return ArchivedMessage{.id = id, .stamp = puppet::Timestamp{}, .message = std::move(message)};
  };
  Element live = direct("");  // without an id of its own it is known by the archive's
  live.add(Element{"stanza-id", ns::stanza_id}.set("by", "bot@localhost").set("id", "a1"));
  invitations_->handle(live);
  be_in(room);
  rooms_.leave(room);
  start();
  EXPECT_TRUE(invitations_->handle_archived(archived("a1", direct(""))));
  EXPECT_EQ(told().size(), 1U);
  EXPECT_TRUE(invitations_->handle_archived(archived("a2", direct(""))));
  ASSERT_EQ(told().size(), 2U);
  const auto invitation =
      invitations_->find(host_.of<EventRoomInvitePayload>()[1].room_invitation_id);
  ASSERT_TRUE(invitation);
  EXPECT_EQ(invitation->timestamp, puppet::Timestamp{});
}

TEST_F(XmppInvitations, TheRoomAloneSaysWhoInvitesThroughIt) {
  // Somebody who is connected, or in the room, has a resource.
  EXPECT_TRUE(invitations_->handle(mediated("1", "boss@localhost", "mallory@localhost/x")));
  EXPECT_TRUE(invitations_->handle(mediated("2", "boss@localhost", std::string{room} + "/nick")));
  EXPECT_TRUE(told().empty());
  Element both = mediated("3", "boss@localhost", "mallory@localhost/x");
  both.add(Element{"x", ns::conference}.set("jid", room));
  invitations_->handle(both);
  EXPECT_EQ(told(), std::vector<std::string>{"mallory@localhost"});
}

TEST_F(XmppInvitations, AnInviterThatIsNoneInvitesNobody) {
  for (const char* const inviter : {"", "localhost", "a b@localhost", room}) {
    EXPECT_TRUE(invitations_->handle(mediated(inviter, inviter))) << inviter;
  }
  EXPECT_TRUE(told().empty());
  invitations_->handle(mediated("1", std::string{room} + "/alice"));  // that hides addresses
  EXPECT_EQ(told(), std::vector<std::string>{std::string{room} + "/alice"});
}

TEST_F(XmppInvitations, WhoWhispersOneIsTheMemberOfThatRoom) {
  be_in("other@c.localhost");
  invitations_->handle(direct("1", "other@c.localhost/alice"));
  EXPECT_EQ(told(), std::vector<std::string>{"other@c.localhost/alice"});
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
