// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "puppet_xmpp/xep/disco.hpp"
#include "puppet_xmpp/xep/room_admin.hpp"
#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

TEST(XmppRoomAdmin, WhatIsNotShownIsEmpty) {
  FakeWire wire;
  Disco disco{wire};
  RoomAdmin admin{wire, disco};
  wire.expect(Element{"query", ns::muc_admin}.add(
      Element{"item", ns::muc_admin}.set("jid", "alice@localhost").set("affiliation", "owner")));
  wire.expect_error("forbidden");
  wire.expect_error("forbidden");
  const auto all = admin.affiliations("room@c.localhost");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.begin()->second, "owner");
}

TEST(XmppRequest, ErrorsAreThrownAsWhatTheyMean) {
  FakeWire wire;
  const auto ask = [&](const std::string& condition) {
    wire.expect_error(condition);
    static_cast<void>(request(wire, iq_get("alice@localhost"), "it"));
  };
  EXPECT_THROW(ask("item-not-found"), puppet::NotFoundError);
  EXPECT_THROW(ask("conflict"), puppet::ConflictError);
  EXPECT_THROW(ask("feature-not-implemented"), puppet::UnsupportedError);
  EXPECT_THROW(ask("bad-request"), puppet::InvalidArgumentError);
  try {
    ask("forbidden");
    FAIL();
  } catch (const puppet::Error& error) {
    EXPECT_STREQ(error.what(), "it: forbidden");
  }
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
