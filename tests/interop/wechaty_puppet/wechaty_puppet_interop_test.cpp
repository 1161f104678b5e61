// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "wechaty/puppet/events/error_event.hpp"
#include "wechaty/puppet/events/event_payload.hpp"
#include "wechaty/puppet/events/json.hpp"
#include "wechaty/puppet/schemas/json.hpp"

namespace wechaty::puppet {
namespace {

using nlohmann::json;

/// What the npm package printed.
const json& printed() {
  static const json document = [] {
    std::ifstream file{WECHATY_PUPPET_PRINTED};
    return json::parse(file);
  }();
  return document;
}

template <ContractEnum E>
void expect_same_numbers(const char* name) {
  const json& theirs = printed().at("enums").at(name);
  EXPECT_GT(theirs.size(), 1U) << name;
  for (const auto& [key, number] : theirs.items()) {
    const auto ours = enum_from_name<E>(key);
    ASSERT_TRUE(ours) << name << "." << key;
    EXPECT_EQ(static_cast<int>(*ours), number.template get<int>()) << name << "." << key;
  }
}

TEST(NpmWechatyPuppet, EnumsHaveTheSameNamesAndNumbers) {
  expect_same_numbers<ContactGender>("ContactGender");
  expect_same_numbers<ContactType>("ContactType");
  expect_same_numbers<DirtyType>("DirtyType");
  expect_same_numbers<FriendshipSceneType>("FriendshipSceneType");
  expect_same_numbers<FriendshipType>("FriendshipType");
  expect_same_numbers<ImageType>("ImageType");
  expect_same_numbers<MessageType>("MessageType");
  expect_same_numbers<PostType>("PostType");
  expect_same_numbers<ScanStatus>("ScanStatus");
  expect_same_numbers<TapType>("TapType");
}

TEST(NpmWechatyPuppet, SayablesOfItsCreatorsComeBackAsTheyWere) {
  ASSERT_EQ(printed().at("sayables").size(), 12U);
  for (const auto& [name, sayable] : printed().at("sayables").items()) {
    EXPECT_EQ(json(sayable.get<SayablePayload>()), sayable) << name;
  }
}

TEST(NpmWechatyPuppet, PayloadsOfItsGettersComeBackAsTheyWere) {
  const json& payloads = printed().at("payloads");
  EXPECT_EQ(json(payloads.at("contact").get<ContactPayload>()), payloads.at("contact"));
  EXPECT_EQ(json(payloads.at("message").get<MessagePayload>()), payloads.at("message"));
  EXPECT_EQ(json(payloads.at("room").get<RoomPayload>()), payloads.at("room"));
}

TEST(NpmWechatyPuppet, FileBoxesComeBackAsTheyWereByteForByte) {
  for (const json& box : printed().at("fileBoxes")) {
    EXPECT_EQ(FileBox::from_json_text(box.get<std::string>()).to_json_text(),
              box.get<std::string>());
  }
}

TEST(NpmWechatyPuppet, ItsErrorEventsAreUnderstood) {
  const json& errors = printed().at("errors");
  ASSERT_EQ(errors.size(), 3U);
  const auto info = [&](std::size_t i) {
    return error_info(std::get<EventErrorPayload>(event_from_json("error", errors[i])));
  };
  EXPECT_EQ(info(0).message, "a text");
  EXPECT_EQ(info(1).message, "an error");
  EXPECT_EQ(info(1).code, 2);
  EXPECT_EQ(info(2).code, 5);
  EXPECT_EQ(info(2).message, "nothing there");
}

TEST(NpmWechatyPuppet, EveryEventOfItsListIsOneOfOurs) {
  for (const json& name : printed().at("events")) {
    bool known = false;
    const auto look = [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((known = known ||
                event_name<std::variant_alternative_t<I, EventPayload>> == name.get<std::string>()),
       ...);
    };
    look(std::make_index_sequence<std::variant_size_v<EventPayload>>{});
    EXPECT_TRUE(known) << name;
  }
}

}  // namespace
}  // namespace wechaty::puppet
