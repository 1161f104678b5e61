// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/archive.hpp"

#include <gtest/gtest.h>

#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

TEST(XmppArchive, OnlyResultsOfTheArchiveThatWasAskedAreTaken) {
  FakeWire wire;
  Archive archive{wire};
  wire.answers.push_back([&](const Element& iq) {
    const std::string query{iq.child("query", ns::mam)->attr("queryid")};
    for (const char* from : {"mallory@localhost", "room@c.localhost", "bot@localhost"}) {
      Element inner = stanza("message", "alice@localhost/x", "chat");
      Element forwarded = Element{"forwarded", ns::forward}.add(inner);
      archive.handle(stanza("message", from)
                         .add(Element{"result", ns::mam}
                                  .set("queryid", query)
                                  .set("id", std::string{"of "} + from)
                                  .add(forwarded)));
    }
    return FakeWire::result(iq).add(Element{"fin", ns::mam}.set("complete", "true"));
  });
  const auto page = archive.after("bot@localhost", "A1");
  ASSERT_EQ(page.messages.size(), 1U);
  EXPECT_EQ(page.messages[0].id, "of bot@localhost");
  EXPECT_TRUE(page.complete);
  EXPECT_NE(wire.asked[0].find("<after>A1</after>"), std::string::npos) << wire.asked[0];
}

TEST(XmppArchive, AForgottenPlaceIsNotFound) {
  FakeWire wire;
  Archive archive{wire};
  wire.expect_error("item-not-found");
  EXPECT_THROW(static_cast<void>(archive.after("bot@localhost", "gone")), puppet::NotFoundError);
}

TEST(XmppArchive, AFilterIsAFormWithTheTypeOfTheArchive) {
  FakeWire wire;
  Archive archive{wire};
  wire.expect(Element{"fin", ns::mam});
  const puppet::Timestamp start{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  const auto page = archive.after("room@c.localhost", "",
                                  {.with = "alice@localhost", .start = start, .end = start});
  EXPECT_FALSE(page.complete);
  const std::string& asked = wire.asked.at(0);
  for (const char* const part : {"to=\"room@c.localhost\"", "<value>urn:xmpp:mam:2</value>",
                                 "<field var=\"with\"><value>alice@localhost</value>",
                                 "<field var=\"start\"><value>2026-01-01T00:00:00",
                                 "<field var=\"end\">", "<max>50</max>"}) {
    EXPECT_NE(asked.find(part), std::string::npos) << asked;
  }
  EXPECT_EQ(asked.find("<after"), std::string::npos) << asked;
}

TEST(XmppArchive, TheOwnArchiveIsAskedWithoutAnAddress) {
  FakeWire wire;
  Archive archive{wire};
  wire.expect(Element{"fin", ns::mam}.set("complete", "true"));
  EXPECT_EQ(archive.newest("bot@localhost"), std::nullopt);
  EXPECT_EQ(wire.asked.at(0).find(" to="), std::string::npos) << wire.asked[0];
}

TEST(XmppArchive, ResultsOfAQuestionThatFailedOrIsOverAreNotKept) {
  FakeWire wire;
  Archive archive{wire};
  std::string query;
  const auto result = [&] {
    return stanza("message", "bot@localhost")
        .add(Element{"result", ns::mam}
                 .set("queryid", query)
                 .set("id", "A1")
                 .add(Element{"forwarded", ns::forward}.add(
                     stanza("message", "alice@localhost/x", "chat"))));
  };
  wire.answers.push_back([&](const Element& iq) -> Element {
    query = iq.child("query", ns::mam)->attr("queryid");
    archive.handle(result());
    throw puppet::TimeoutError{"nothing came"};
  });
  EXPECT_THROW(static_cast<void>(archive.after("bot@localhost", "")), puppet::TimeoutError);
  EXPECT_TRUE(archive.handle(result()));  // it is nobody else's business either
  wire.expect(Element{"fin", ns::mam}.set("complete", "true"));
  EXPECT_TRUE(archive.after("bot@localhost", "").messages.empty());
  EXPECT_FALSE(archive.handle(stanza("message", "alice@localhost/x", "chat")));
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
