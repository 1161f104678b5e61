// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "puppet/query/required_text.hpp"
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
  const std::string text(100'000, 'a');
  EXPECT_TRUE(Regex{".*a$"}.search(text));
  EXPECT_FALSE(Regex{"^(a+)+$"}.search(std::string(5'000, 'a') + "b"));
  EXPECT_TRUE(Regex{"(a)\\1"}.search(text));  // a back reference: bounded, not refused
}

TEST(PatternHints, ARequiredTextIsWhatEveryMatchHasInIt) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"hello", "hello"},
      {"number 777$", "number 777"},
      {"^\\w+ 77[7]$", " 77"},
      {"a|b", ""},
      {"(a|bcd)e", "e"},
      {"ab*", "a"},
      {"ab?cde", "cde"},
      {"abc{0,2}", "ab"},
      {"ab{2}cde", "cde"},
      {"ab+c", "ab"},
      {"x\\.y", "x.y"},
      {"\\x41\\u0042\\cJz", "z"},
      {"(a)\\1", ""},
      {"[abc]]?d", "d"},
      {"((\\)|[)]))tail", "tail"},
      {"\xE7\x88\xB1?", ""},
      {"a\xE7\x88\xB1*b", "a"},
      {"", ""},
      {"abcd(?=efgh)", "abcd"},
  };
  for (const auto& [pattern, required] : cases) {
    EXPECT_EQ(hints_of(pattern).required, required) << pattern;
  }
  EXPECT_TRUE(hints_of("^a").anchored);
  EXPECT_FALSE(hints_of("a^").anchored);
  EXPECT_FALSE(hints_of("^a|b").anchored);
}

TEST(PatternHints, ChangeNoAnswer) {
  // The same patterns without what the hints can see: in a group of alternatives.
  const std::vector<std::string> patterns{"a",     "^a",    "a$",        "^a|b",      "ab?c",
                                          "a{0}b", "a\\.b", "[.]a",      "a(b|c)d",   "(ab)*c",
                                          "\\ba",  "a+b+",  "^\\w+ \\d", "(?!a)b",    "a\\/b",
                                          "",      "a*?b",  "x{2,}y",    "\\u0061bc", "\\x61"};
  const std::vector<std::string> texts{"",    "a",   "b",   "ab",  "ba",  "abc",  "a.b",
                                       ".a",  "abd", "acd", "c",   "bb",  "w 1",  "a/b",
                                       "xxy", "xy",  "aab", "cab", "x.a", "b\na", "\xE7\x88\xB1"};
  for (const auto& pattern : patterns) {
    const Regex plain{pattern};
    const Regex wrapped{"(?:" + pattern + ")|(?!)z"};
    for (const auto& text : texts) {
      EXPECT_EQ(plain.search(text), wrapped.search(text)) << pattern << " in " << text;
    }
  }
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
