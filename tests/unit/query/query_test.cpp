// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/query.hpp"
#include "wechaty/puppet/schemas.hpp"

namespace wechaty::puppet {
namespace {

template <class Filter>
std::string error_of(const Filter& filter) {
  try {
    validate(filter);
  } catch (const InvalidArgumentError& error) {
    return error.what();
  }
  return "";
}

TEST(Regex, IsSearchedForAnywhereByCodePoints) {
  EXPECT_TRUE(Regex{"b+"}.search("abba"));
  EXPECT_FALSE(Regex{"^b"}.search("abba"));
  EXPECT_TRUE(Regex{"^.$"}.search("\xE7\x88\xB1"));  // one character of three bytes
  EXPECT_TRUE(Regex("ALICE", RegexCase::insensitive).search("alice"));
}

TEST(Regex, AMalformedPatternIsNamed) {
  try {
    Regex{"(unclosed"};
    FAIL() << "no exception";
  } catch (const InvalidArgumentError& error) {
    EXPECT_NE(std::string{error.what()}.find("(unclosed"), std::string::npos);
  }
}

TEST(Regex, SurvivesLongTextsAndCatastrophicPatterns) {
  const std::string text(1'000'000, 'a');
  EXPECT_TRUE(Regex{".*a$"}.search(text));
  EXPECT_FALSE(Regex{"^(a+)+$"}.search(std::string(5'000, 'a') + "b"));
  EXPECT_TRUE(Regex{"(a)\\1"}.search(text));  // a back reference: bounded, not refused
}

TEST(ContactQuery, WantsExactlyOneKeyWithAValue) {
  EXPECT_NE(error_of(ContactQueryFilter{}).find("at least one key"), std::string::npos);
  EXPECT_NE(error_of(ContactQueryFilter{.id = "a", .name = "b"}).find("only support one key"),
            std::string::npos);
  EXPECT_EQ(error_of(ContactQueryFilter{.name = ""}), "filterValue not found for filterKey: name");
  EXPECT_EQ(error_of(ContactQueryFilter{.name = Regex{""}}), "");
}

TEST(ContactQuery, MatchesTextExactlyAndRegexAnywhere) {
  const ContactPayload alice{.id = "1", .name = "Alice", .weixin = "ali"};
  EXPECT_TRUE(matches(ContactQueryFilter{.name = "Alice"}, alice));
  EXPECT_FALSE(matches(ContactQueryFilter{.name = "Ali"}, alice));
  EXPECT_TRUE(matches(ContactQueryFilter{.name = Regex{"lic"}}, alice));
  EXPECT_TRUE(matches(ContactQueryFilter{.handle = "ali"}, alice));
  EXPECT_FALSE(matches(ContactQueryFilter{.alias = Regex{"undefined|^$"}}, alice));
}

TEST(MessageQuery, EveryKeyMustMatch) {
  const MessagePayload message{.id = "m",
                               .talker_id = "a",
                               .type = MessageType::unknown,
                               .text = "hello",
                               .listener_id = "b"};
  EXPECT_TRUE(matches(MessageQueryFilter{.talker_id = "a", .listener_id = "b"}, message));
  EXPECT_FALSE(matches(MessageQueryFilter{.talker_id = "a", .listener_id = "c"}, message));
  EXPECT_TRUE(matches(MessageQueryFilter{.type = MessageType::unknown}, message));
  EXPECT_TRUE(matches(MessageQueryFilter{.text = Regex{"ell"}}, message));
  EXPECT_EQ(error_of(MessageQueryFilter{}), "query empty");
}

TEST(RoomQuery, MatchesTopicOrId) {
  const RoomPayload room{.id = "r", .topic = "Lobby"};
  EXPECT_TRUE(matches(RoomQueryFilter{.topic = Regex{"^Lob"}}, room));
  EXPECT_FALSE(matches(RoomQueryFilter{.topic = "lobby"}, room));
  EXPECT_NE(error_of(RoomQueryFilter{.id = "r", .topic = "t"}), "");
}

TEST(PostQuery, AbsentIsSomethingElseThanAny) {
  const PostPayload original{.id = "p"};
  const PostPayload reply{.id = "q", .parent_id = "p", .root_id = "p"};
  EXPECT_TRUE(matches(PostQueryFilter{.parent_id = Absent{}}, original));
  EXPECT_FALSE(matches(PostQueryFilter{.parent_id = Absent{}}, reply));
  EXPECT_TRUE(matches(PostQueryFilter{}, reply));
  EXPECT_TRUE(matches(PostQueryFilter{.root_id = "p"}, reply));
}

TEST(FriendshipQuery, WantsExactlyOneKey) {
  EXPECT_EQ(error_of(FriendshipSearchQueryFilter{.phone = "1"}), "");
  EXPECT_NE(error_of(FriendshipSearchQueryFilter{}), "");
  EXPECT_NE(error_of(FriendshipSearchQueryFilter{.phone = "1", .handle = "2"}), "");
}

}  // namespace
}  // namespace wechaty::puppet
