// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "wechaty/puppet/memory/memory_card.hpp"

namespace wechaty::puppet {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

MemoryCard loaded_card() {
  MemoryCard card;
  card.load();
  return card;
}

template <class Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const InvalidArgumentError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(MemoryCard, KeepsEveryKindOfJsonValue) {
  auto card = loaded_card();
  const json object{{"b", {1, 2.5, nullptr}}, {"a", "text"}, {"c", false}};
  card.set("object", object);
  card.set("literal", "text");
  card.set("string", std::string{"text"});
  card.set("view", std::string_view{"text"});
  card.set("integer", -3);
  card.set("unsigned", std::numeric_limits<std::uint64_t>::max());
  card.set("double", 0.25);
  card.set("boolean", true);
  card.set("null", json{});
  EXPECT_EQ(card.get("object"), object);
  EXPECT_EQ(card.get("literal"), "text");
  EXPECT_EQ(card.get_string("string"), "text");
  EXPECT_EQ(card.get<std::string>("view"), "text");
  EXPECT_EQ(card.get<int>("integer"), -3);
  EXPECT_EQ(card.get<std::uint64_t>("unsigned"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(card.get<double>("double"), 0.25);
  EXPECT_EQ(card.get<bool>("boolean"), true);
  EXPECT_EQ(card.get("null"), json{});
  EXPECT_EQ(card.get_text("object"), R"({"a":"text","b":[1,2.5,null],"c":false})");
}

TEST(MemoryCard, AnswersNulloptForAKeyThatIsNotThere) {
  const auto card = loaded_card();
  EXPECT_EQ(card.get("none"), std::nullopt);
  EXPECT_EQ(card.get_string("none"), std::nullopt);
  EXPECT_EQ(card.get<int>("none"), std::nullopt);
  EXPECT_FALSE(card.has("none"));
}

TEST(MemoryCard, NamesTheKeyButNotTheValueOfAWrongType) {
  auto card = loaded_card();
  card.set("token", json{{"secret", "hunter2"}});
  for (const auto& message : {message_of([&] { (void)card.get_string("token"); }),
                              message_of([&] { (void)card.get<int>("token"); })}) {
    EXPECT_THAT(message, HasSubstr("token"));
    EXPECT_THAT(message, Not(HasSubstr("hunter2")));
  }
}

TEST(MemoryCard, RefusesWhatJsonCannotHold) {
  auto card = loaded_card();
  card.set("k", "old");
  EXPECT_THAT(message_of([&] { card.set("k", std::numeric_limits<double>::infinity()); }),
              HasSubstr("'k'"));
  EXPECT_THROW(card.set("k", std::numeric_limits<double>::quiet_NaN()), InvalidArgumentError);
  EXPECT_THROW(card.set("k", json{std::numeric_limits<double>::infinity()}), InvalidArgumentError);
  EXPECT_THROW(card.set("k", "\xff"), InvalidArgumentError);
  EXPECT_THROW(card.set("\xff", "value"), InvalidArgumentError);
  EXPECT_THROW(card.set("k", json{"\xed\xa0\x80"}), InvalidArgumentError);  // a surrogate
  EXPECT_THROW(card.set("k", json::binary({1, 2})), InvalidArgumentError);
  EXPECT_EQ(card.get("k"), "old");
}

TEST(MemoryCard, RefusesAValueThatIsNestedTooDeeplyToBeLoadedAgain) {
  auto card = loaded_card();
  const auto nested = [](int levels) {
    json value = 1;
    for (int i = 0; i < levels; ++i) value = json::array({std::move(value)});
    return value;
  };
  EXPECT_THROW(card.set("deep", nested(500)), InvalidArgumentError);
  EXPECT_THROW(card.set("deep", nested(100'000)), InvalidArgumentError);
  card.set("deep", nested(499));
  EXPECT_EQ(MemoryCard::from_json(card.to_json()).get("deep"), nested(499));
}

TEST(MemoryCard, ListsKeysAsAJavaScriptObjectDoes) {
  auto card = loaded_card();
  for (const char* key : {"b", "10", "a", "9", "01", "4294967295", "4294967294", "-1", "0", ""}) {
    card.set(key, 1);
  }
  EXPECT_THAT(card.keys(),
              ElementsAre("0", "9", "10", "4294967294", "b", "a", "01", "4294967295", "-1", ""));
}

TEST(MemoryCard, AKeyThatIsSetAgainKeepsItsPlaceAndAnErasedOneLosesIt) {
  auto card = loaded_card();
  card.set("a", 1);
  card.set("b", 2);
  card.set("c", 3);
  card.set("a", 4);
  EXPECT_THAT(card.keys(), ElementsAre("a", "b", "c"));
  EXPECT_TRUE(card.erase("a"));
  EXPECT_FALSE(card.erase("a"));
  card.set("a", 5);
  EXPECT_THAT(card.keys(), ElementsAre("b", "c", "a"));
  EXPECT_THAT(card.values(), ElementsAre(json(2), json(3), json(5)));
  EXPECT_EQ(card.size(), 3U);
}

TEST(MemoryCard, WalksOverTheEntriesOfTheMomentWhileTheFunctionChangesTheCard) {
  auto card = loaded_card();
  card.set("a", 1);
  card.set("b", 2);
  std::vector<std::pair<std::string, json>> seen;
  card.for_each([&](std::string_view key, const json& value) {
    seen.emplace_back(key, value);
    card.clear();
    card.set("c", 3);
  });
  EXPECT_THAT(seen, ElementsAre(std::pair{"a", json(1)}, std::pair{"b", json(2)}));
  EXPECT_THAT(card.entries(), ElementsAre(std::pair{"c", json(3)}));
}

TEST(MemoryCard, IsUnusableBeforeLoad) {
  MemoryCard card;
  EXPECT_FALSE(card.loaded());
  EXPECT_THAT(message_of([&] { (void)card.get("k"); }), HasSubstr("load()"));
  EXPECT_THROW(card.set("k", 1), InvalidArgumentError);
  EXPECT_THROW((void)card.has("k"), InvalidArgumentError);
  EXPECT_THROW(card.erase("k"), InvalidArgumentError);
  EXPECT_THROW(card.clear(), InvalidArgumentError);
  EXPECT_THROW((void)card.size(), InvalidArgumentError);
  EXPECT_THROW((void)card.keys(), InvalidArgumentError);
  EXPECT_THROW((void)card.to_json(), InvalidArgumentError);
  EXPECT_THROW(card.save(), InvalidArgumentError);
}

TEST(MemoryCard, CopiesShareOneState) {
  auto card = loaded_card();
  MemoryCard copy = card;
  copy.set("k", "v");
  EXPECT_EQ(card.get("k"), "v");
  const MemoryCard moved = std::move(copy);
  EXPECT_EQ(moved.get("k"), "v");
  EXPECT_EQ(copy.get("k"), "v");  // NOLINT(bugprone-use-after-move): moving copies the handle
}

TEST(Multiplex, UsesTheKeysOfTheNpmPackage) {
  auto card = loaded_card();
  auto puppet = card.multiplex("puppet");
  puppet.set("k", "v");
  puppet.multiplex("sub").set("deep", 1);
  card.set("plain", 2);
  EXPECT_THAT(card.keys(), ElementsAre("\rpuppet\nk", "\rpuppet\rsub\ndeep", "plain"));
  EXPECT_EQ(card.get("\rpuppet\rsub\ndeep"), 1);
  EXPECT_EQ(puppet.get("k"), "v");
  EXPECT_EQ(puppet.get("plain"), std::nullopt);
}

TEST(Multiplex, MadeBeforeLoadSeesTheData) {
  MemoryCard card;
  auto view = card.multiplex("puppet");
  EXPECT_FALSE(view.loaded());
  card.load();
  view.set("k", 1);
  EXPECT_EQ(card.get("\rpuppet\nk"), 1);
}

TEST(Multiplex, NeverSeesAViewWhoseNameOnlyBeginsTheSame) {
  auto card = loaded_card();
  auto a = card.multiplex("a");
  auto ab = card.multiplex("ab");
  a.set("k", 1);
  ab.set("k", 2);
  EXPECT_THAT(a.keys(), ElementsAre("k"));
  EXPECT_EQ(a.size(), 1U);
  a.clear();
  EXPECT_THAT(a.keys(), IsEmpty());
  EXPECT_EQ(ab.get("k"), 2);
}

TEST(Multiplex, ListsItsOwnKeysAndClearsThoseBelowIt) {
  auto card = loaded_card();
  auto a = card.multiplex("a");
  auto below = a.multiplex("sub").multiplex("deeper");
  card.set("root", 0);
  a.set("own", 1);
  below.set("deep", 2);
  EXPECT_THAT(a.keys(), ElementsAre("own"));
  EXPECT_THAT(a.entries(), ElementsAre(std::pair{"own", json(1)}));
  a.clear();
  EXPECT_THAT(card.keys(), ElementsAre("root"));
  below.set("deep", 3);  // a child of a cleared view is no orphan
  EXPECT_THAT(card.keys(), ElementsAre("root", "\ra\rsub\rdeeper\ndeep"));
}

TEST(Multiplex, StaysUsableWhenTheRootIsClearedOrDestroyed) {
  auto card = loaded_card();
  auto view = card.multiplex("a");
  view.set("k", 1);
  card.clear();
  EXPECT_FALSE(view.has("k"));
  view.set("k", 2);
  EXPECT_EQ(card.size(), 1U);
  card.destroy();
  EXPECT_THROW((void)view.get("k"), InvalidArgumentError);
  card.load();
  EXPECT_EQ(view.get("k"), std::nullopt);
  view.set("k", 3);
  EXPECT_EQ(card.size(), 1U);
}

TEST(Multiplex, CannotBeDestroyed) {
  auto card = loaded_card();
  card.set("k", 1);
  EXPECT_THAT(message_of([&] { card.multiplex("a").destroy(); }), HasSubstr("multiplex(a)"));
  EXPECT_TRUE(card.has("k"));
}

TEST(Multiplex, RefusesNamesThatWouldLeaveTheirKeySpace) {
  const auto card = loaded_card();
  EXPECT_THROW((void)card.multiplex("a\rb"), InvalidArgumentError);
  EXPECT_THROW((void)card.multiplex("a\nb"), InvalidArgumentError);
  EXPECT_THROW((void)card.multiplex("\xff"), InvalidArgumentError);
}

TEST(Multiplex, KeysMayContainTheSeparators) {
  auto card = loaded_card();
  auto view = card.multiplex("a");
  view.set("b\nc\rd", 1);
  EXPECT_THAT(view.keys(), ElementsAre("b\nc\rd"));
  EXPECT_THAT(view.multiplex("b").keys(), IsEmpty());
}

TEST(MemoryCard, PrintsItselfAsTheNpmPackageDoes) {
  EXPECT_EQ(MemoryCard{}.to_string(), "MemoryCard<>");
  const MemoryCard card{"bot", nullptr};
  EXPECT_EQ(card.multiplex("puppet").multiplex("sub").to_string(),
            "MemoryCard<bot>.multiplex(puppet).multiplex(sub)");
  EXPECT_EQ(card.describe(), "memory only");
}

}  // namespace
}  // namespace wechaty::puppet
