// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/events/json.hpp"
#include "wechaty/puppet/options_json.hpp"
#include "wechaty/puppet/query/json.hpp"
#include "wechaty/puppet/schemas/json.hpp"

namespace wechaty::puppet {
namespace {

using nlohmann::json;

/// One document of a kind, with every field.
struct Document {
  std::string name;
  std::string text;
  std::string (*round_trip)(const json&);
};

template <class T>
std::string round_trip(const json& in) {
  const T value = in.get<T>();
  const json out = value;
  EXPECT_EQ(out.get<T>(), value);
  return out.dump();
}

const std::vector<Document>& documents() {
  static const std::vector<Document> all{
      {"ContactPayload",
       R"({"id":"c","gender":2,"type":1,"name":"n","avatar":"","address":"a","alias":"al","city":"ci",
           "province":"p","friend":true,"signature":"s","star":false,"weixin":"w","handle":"h",
           "phone":["1","2"],"corporation":"co","title":"t","description":"d","coworker":true})",
       round_trip<ContactPayload>},
      {"ContactPayload required",
       R"({"id":"c","gender":0,"type":0,"name":"","avatar":"","phone":[]})",
       round_trip<ContactPayload>},
      {"MessagePayload room",
       R"({"id":"m","talkerId":"t","type":7,"timestamp":1700000000000,"text":"x","filename":"f",
           "roomId":"r","mentionIdList":["a"]})",
       round_trip<MessagePayload>},
      {"MessagePayload direct",
       R"({"id":"m","talkerId":"t","type":18,"timestamp":1,"listenerId":"l","fromId":"t","toId":"l"})",
       round_trip<MessagePayload>},
      {"RoomPayload",
       R"({"id":"r","topic":"t","avatar":"a","handle":"h","memberIdList":["a"],"adminIdList":[],
           "ownerId":"o","external":true})",
       round_trip<RoomPayload>},
      {"RoomMemberPayload", R"({"id":"m","name":"n","avatar":"a","roomAlias":"r","inviterId":"i"})",
       round_trip<RoomMemberPayload>},
      {"RoomInvitationPayload",
       R"({"id":"i","inviterId":"a","receiverId":"b","topic":"t","avatar":"","invitation":"x",
           "memberCount":3,"memberIdList":["a"],"timestamp":5})",
       round_trip<RoomInvitationPayload>},
      {"FriendshipPayload receive",
       R"({"id":"f","contactId":"c","hello":"h","timestamp":5,"type":2,"scene":14,"stranger":"s",
           "ticket":"t"})",
       round_trip<FriendshipPayload>},
      {"FriendshipPayload confirm", R"({"id":"f","contactId":"c","timestamp":5,"type":1})",
       round_trip<FriendshipPayload>},
      {"UrlLinkPayload", R"({"title":"t","url":"u","description":"d","thumbnailUrl":"x"})",
       round_trip<UrlLinkPayload>},
      {"MiniProgramPayload",
       R"({"appid":"1","description":"2","pagePath":"3","iconUrl":"4","shareId":"5","thumbUrl":"6",
           "title":"7","username":"8","thumbKey":"9"})",
       round_trip<MiniProgramPayload>},
      {"LocationPayload",
       R"({"accuracy":15,"address":"a","latitude":1.5,"longitude":-2.25,"name":"n"})",
       round_trip<LocationPayload>},
      {"PostPayload server",
       R"({"id":"p","sayableList":["m1","m2"],"parentId":"a","rootId":"b","type":1,"contactId":"c",
           "timestamp":9,"counter":{"children":1,"descendant":2,"taps":{"1":3}}})",
       round_trip<PostPayload>},
      {"PostPayload client",
       R"({"sayableList":[{"type":"Text","payload":{"text":"x","mentions":[]}},
           {"type":"Post","payload":{"sayableList":[{"type":"Url","payload":{"title":"t","url":"u"}}]}}],
           "type":1})",
       round_trip<PostPayload>},
      {"SayablePayload file",
       R"({"type":"Image","payload":{"filebox":{"metadata":{},"name":"a.txt","size":2,
           "base64":"aGk=","type":1,"boxType":1}}})",
       round_trip<SayablePayload>},
      {"SayablePayload contact", R"({"type":"Contact","payload":{"contactId":"c"}})",
       round_trip<SayablePayload>},
      {"SayablePayload location",
       R"({"type":"Location","payload":{"accuracy":1,"address":"a","latitude":1,"longitude":2,
           "name":"n"}})",
       round_trip<SayablePayload>},
      {"TapPayload", R"({"1":{"contactId":["a"],"timestamp":[5]}})", round_trip<TapPayload>},
      {"PaginationRequest", R"({"pageSize":5,"pageToken":"t"})", round_trip<PaginationRequest>},
      {"FriendshipAddOptions", R"({"roomId":"r","contactId":"c","hello":"h"})",
       round_trip<FriendshipAddOptions>},
      {"ContactQueryFilter", R"({"name":{"source":"^A","flags":"i"}})",
       round_trip<ContactQueryFilter>},
      {"RoomQueryFilter", R"({"topic":"t"})", round_trip<RoomQueryFilter>},
      {"RoomMemberQueryFilter", R"({"name":"n","roomAlias":"r","contactAlias":"c"})",
       round_trip<RoomMemberQueryFilter>},
      {"MessageQueryFilter",
       R"({"fromId":"f","id":"i","roomId":"r","toId":"t","text":{"source":"x","flags":""},"type":0})",
       round_trip<MessageQueryFilter>},
      {"FriendshipSearchQueryFilter", R"({"phone":"1"})", round_trip<FriendshipSearchQueryFilter>},
      {"PostQueryFilter",
       R"({"contactId":"c","id":"i","orderBy":"o","parentId":null,"rootId":"r","type":2})",
       round_trip<PostQueryFilter>},
      {"TapQueryFilter", R"({"contactId":"c","type":1})", round_trip<TapQueryFilter>},
  };
  return all;
}

TEST(PayloadJson, EveryDocumentComesBackAsItWas) {
  for (const Document& document : documents()) {
    const json in = json::parse(document.text);
    EXPECT_EQ(document.round_trip(in), in.dump()) << document.name;
  }
}

TEST(PayloadJson, UnknownFieldsAreIgnored) {
  for (const Document& document : documents()) {
    if (document.name == "TapPayload") continue;  // its keys are numbers of taps
    json in = json::parse(document.text);
    const std::string expected = in.dump();
    in["neverHeardOf"] = {1, 2, 3};
    EXPECT_EQ(document.round_trip(in), expected) << document.name;
  }
}

template <class T>
std::string error_of(const std::string& text) {
  try {
    static_cast<void>(json::parse(text).get<T>());
  } catch (const InvalidArgumentError& error) {
    return error.what();
  }
  return "no error";
}

TEST(PayloadJson, WrongTypesNameTheField) {
  EXPECT_EQ(error_of<ContactPayload>(
                R"({"id":"c","gender":0,"type":0,"name":"","avatar":"","phone":["1",2]})"),
            "ContactPayload.phone[1]: expected a string, got a number");
  EXPECT_EQ(error_of<ContactPayload>("{}"), "ContactPayload.id: missing");
  EXPECT_NE(
      error_of<ContactPayload>(R"({"id":"c","gender":9,"type":0,"name":"","avatar":"","phone":[]})")
          .find("ContactPayload.gender"),
      std::string::npos);
  EXPECT_NE(error_of<MessagePayload>(R"({"id":"m","talkerId":"t","type":7,"timestamp":"now",
                                         "listenerId":"l"})")
                .find("MessagePayload.timestamp"),
            std::string::npos);
  EXPECT_NE(error_of<SayablePayload>(R"({"type":"Red","payload":{}})").find("SayablePayload.type"),
            std::string::npos);
  EXPECT_NE(error_of<SayablePayload>(R"({"type":"Image","payload":{"filebox":"{"}})")
                .find("SayablePayload.payload.filebox"),
            std::string::npos);
  EXPECT_NE(error_of<PostPayload>(R"({"sayableList":[{"type":"Text","payload":{"text":5}}]})")
                .find("PostPayload.sayableList[0].payload.text"),
            std::string::npos);
}

TEST(PayloadJson, TheDeprecatedNamesStandInForTheNewOnes) {
  const auto message = json::parse(R"({"id":"m","fromId":"a","toId":"b","type":7,"timestamp":0})")
                           .get<MessagePayload>();
  EXPECT_EQ(message.talker_id, "a");
  EXPECT_EQ(message.listener_id, "b");
}

TEST(PayloadJson, PostsWithinPostsAreBounded) {
  std::string text = R"({"sayableList":[]})";
  for (int i = 0; i < 40; ++i) {
    text = R"({"sayableList":[{"type":"Post","payload":)" + text + "}]}";
  }
  EXPECT_NE(error_of<PostPayload>(text).find("nested"), std::string::npos);
}

TEST(PayloadJson, AFileBoxMayBeText) {
  const auto sayable = json::parse(R"({"type":"Attachment","payload":{"filebox":
        "{\"name\":\"a.txt\",\"base64\":\"aGk=\",\"type\":1}"}})")
                           .get<SayablePayload>();
  EXPECT_EQ(std::get<SayableFile>(sayable.value).file.to_text(), "hi");
}

/// Documents that strangers might send: whatever happens to them, only one kind of error comes out.
TEST(PayloadJson, MutatedDocumentsAreReadOrRefusedCleanly) {
  std::mt19937 random{20261124};
  const std::vector<json> intruders{nullptr,
                                    true,
                                    -1,
                                    1e300,
                                    18446744073709551615ULL,
                                    "",
                                    "x",
                                    json::array(),
                                    json::object(),
                                    json::array({json::array()})};
  int refused = 0;
  for (int round = 0; round < 400; ++round) {
    for (const Document& document : documents()) {
      json in = json::parse(document.text);
      json* place = &in;
      while (!place->empty() && place->is_structured()) {
        const auto index = random() % place->size();
        auto element = place->begin();
        for (std::size_t i = 0; i < index; ++i) ++element;
        place = &*element;
        if (place->is_structured() && random() % 2 == 0) break;
        if (random() % 3 == 0) break;
      }
      *place = intruders[random() % intruders.size()];
      try {
        static_cast<void>(document.round_trip(in));
      } catch (const InvalidArgumentError&) {
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 1'000);
}

TEST(EventJson, EveryEventComesBackAsItWas) {
  const std::vector<std::pair<std::string, std::string>> events{
      {"dirty", R"({"payloadType":4,"payloadId":"r"})"},
      {"dong", R"({"data":"d"})"},
      {"dong", "{}"},
      {"error", R"({"gerror":"{}","data":"d"})"},
      {"friendship", R"({"friendshipId":"f"})"},
      {"heartbeat", R"({"data":"h"})"},
      {"login", R"({"contactId":"c"})"},
      {"logout", R"({"contactId":"c","data":"d"})"},
      {"message", R"({"messageId":"m"})"},
      {"post", R"({"postId":"p"})"},
      {"ready", R"({"data":"r"})"},
      {"reset", R"({"data":"r"})"},
      {"room-invite", R"({"roomInvitationId":"i"})"},
      {"room-join", R"({"inviteeIdList":["a"],"inviterId":"b","roomId":"r","timestamp":5})"},
      {"room-leave", R"({"removeeIdList":["a"],"removerId":"b","roomId":"r","timestamp":5})"},
      {"room-topic",
       R"({"changerId":"c","newTopic":"n","oldTopic":"o","roomId":"r","timestamp":5})"},
      {"room-announce",
       R"({"changerId":"c","newAnnounce":"n","oldAnnounce":"o","roomId":"r","timestamp":5})"},
      {"scan", R"({"status":2,"qrcode":"q","data":"d"})"},
      {"start", "{}"},
      {"stop", "{}"}};
  for (const auto& [name, text] : events) {
    const json in = json::parse(text);
    const EventPayload event = event_from_json(name, in);
    EXPECT_EQ(name_of(event), name);
    EXPECT_EQ(json(event), in) << name;
  }
}

TEST(OptionsJson, KnowsItsKeysAndKeepsTheOthers) {
  PuppetOptions options;
  from_json(json::parse(R"({"endpoint":"e","token":"t","timeoutSeconds":1.5,
                            "cache":{"contact":7,"roomMember":3},"mine":{"a":1}})"),
            options);
  EXPECT_EQ(options.endpoint, "e");
  EXPECT_EQ(options.timeout, std::chrono::milliseconds{1'500});
  EXPECT_EQ(options.cache.contact, 7U);
  EXPECT_EQ(options.cache.room_member, 3U);
  EXPECT_EQ(options.extra.at("mine"), R"({"a":1})");
  json out;
  to_json(out, options);
  EXPECT_EQ(out["mine"]["a"], 1);
}

TEST(OptionsJson, ZeroSecondsMeanTheDefaultAndZeroEntriesAreRefused) {
  PuppetOptions options;
  from_json(json::parse(R"({"timeoutSeconds":0})"), options);
  EXPECT_EQ(options.timeout, std::chrono::seconds{60});
  EXPECT_THROW(from_json(json::parse(R"({"cache":{"room":0}})"), options), InvalidArgumentError);
}

}  // namespace
}  // namespace wechaty::puppet
