// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/mention.hpp"

#include <gtest/gtest.h>

#include "puppet_xmpp/content.hpp"
#include "puppet_xmpp/xep/room.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

TEST(XmppMention, IsAWordOfItsOwn) {
  for (const char* const text :
       {"@al", "@al!", "hi @al, there", "(@al)", "@al\u3000hi", "@al\uFF0Chi", "\u4F60\u597D@al"}) {
    EXPECT_NE(find_mention(text, "al"), std::string_view::npos) << text;
  }
  for (const char* const text : {"@alice", "@al_1", "@al\u00E9", "mail@al", "al", "@", ""}) {
    EXPECT_EQ(find_mention(text, "al"), std::string_view::npos) << text;
  }
  EXPECT_EQ(find_mention("@alice and @al", "al"), 11U);
  EXPECT_EQ(find_mention("@", ""), std::string_view::npos);
}

TEST(XmppMention, OfSeveralNicksTheLongestThatFitsCounts) {
  Room room;
  for (const char* const nick : {"al", "alice", "al b", "\u5C0F\u660E"}) {
    room.occupants[nick] = {.nick = nick, .id = std::string{"id of "} + nick};
  }
  using Ids = std::vector<std::string>;
  EXPECT_EQ(room.mentioned_in("@alice: hi"), Ids{"id of alice"});
  EXPECT_EQ(room.mentioned_in("@al b and @al, @al"), (Ids{"id of al b", "id of al"}));
  EXPECT_EQ(room.mentioned_in("@al bert"), Ids{"id of al"});
  EXPECT_EQ(room.mentioned_in("@\u5C0F\u660E \u4F60\u597D"), Ids{"id of \u5C0F\u660E"});
  EXPECT_EQ(room.mentioned_in("alice"), Ids{});
}

TEST(XmppMention, IsMarkedWhereItStands) {
  Element message{"message", ns::client};
  write_text(message, "@alice @al", {{.name = "al", .jid = "al@localhost"}});
  EXPECT_EQ(message.child("reference", ns::reference)->attr("begin"), "7");
}

TEST(XmppMention, ANickWithBlanksComesBackFromItsUri) {
  Element message{"message", ns::client};
  const std::string jid = "room@c.localhost/al b?100%41#\u00E9";
  write_text(message, "@al b", {{.name = "al b", .jid = jid}});
  const std::string uri{message.child("reference", ns::reference)->attr("uri")};
  EXPECT_EQ(uri, "xmpp:room@c.localhost/al%20b%3F100%2541%23%C3%A9");
  EXPECT_EQ(read_content(message)->mentions, std::vector{jid});
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
