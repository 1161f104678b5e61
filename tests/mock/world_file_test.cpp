// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "support/event_log.hpp"
#include "support/manual_executor.hpp"
#include "wechaty/puppet_mock.hpp"

namespace wechaty::puppet_mock {
namespace {

using namespace wechaty::puppet;  // NOLINT: its payloads
using puppet::test::EventLog;
using puppet::test::ManualExecutor;

std::string error_of(const std::string& text) {
  try {
    static_cast<void>(World::parse(text, "w.json"));
  } catch (const InvalidArgumentError& error) {
    return error.what();
  }
  return "no error";
}

const std::string people = R"("contacts":[{"id":"alice"},{"id":"carol"}],
  "rooms":[{"id":"lobby","topic":"Lobby","memberIdList":["alice","bot"]}],)";

TEST(WorldFile, AWrongFileIsRefusedWithThePlaceOfTheFault) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"{\n  \"self\": }", "w.json: line 2, column 11"},
      {"[]", "w.json: expected an object"},
      {R"({"selv":"bot"})", "w.json: unknown key \"selv\""},
      {R"({"contacts":[{"id":5}]})", "contacts[0].id: expected a string"},
      {R"({"rooms":[{"id":"r","memberIdList":["nobody"]}]})", "rooms[0].memberIdList"},
      {"{" + people + R"("script":[{"dance":{}}]})", "script[0]: unknown step \"dance\""},
      {"{" + people + R"("script":[{"after":1}]})", "script[0]: a step without an action"},
      {"{" + people + R"("script":[{"login":"bot","ready":{}}]})", "script[0]: two steps in one"},
      {"{" + people + R"("script":[{"after":-1,"login":"bot"}]})", "script[0].after"},
      {"{" + people + R"("script":[{"ready":{}},{"say":{"from":"alice","to":"bob","text":"x"}}]})",
       "script[1].say.to: there is no contact \"bob\""},
      {"{" + people + R"("script":[{"say":{"from":"alice"}}]})",
       "script[0].say: \"text\" is missing"},
      {"{" + people + R"("script":[{"file":{"from":"alice","base64":"*"}}]})",
       "script[0].file.base64"},
      {"{" + people + R"("script":[{"scan":{"status":99}}]})", "script[0].scan.status"},
      {"{" + people + R"("script":[{"dirty":{"type":"Weather","id":"x"}}]})",
       "script[0].dirty.type"},
      {"{" + people + R"("script":[{"repeat":{"count":1.5,"ready":{}}}]})",
       "script[0].repeat.count"},
      {"{" + people + R"("script":[{"url":{"from":"alice","url":"u"}}]})",
       "script[0].url: UrlLinkPayload.title"},
  };
  for (const auto& [text, expected] : wrong) {
    EXPECT_NE(error_of(text).find(expected), std::string::npos) << text << "\n" << error_of(text);
  }
  EXPECT_THROW(World::load("no such file"), NotFoundError);
}

/// A puppet on a world, played by a fake clock.
class Played {
 public:
  explicit Played(const std::string& text, MemoryCard card = {})
      : world{World::parse(text)}, puppet{world, {.executor = executor}}, log{puppet} {
    puppet.set_memory(std::move(card));
    executor->run_in_thread([this] { puppet.start(); });
  }
  ~Played() {
    executor->run_in_thread([this] { puppet.stop(); });
  }
  [[nodiscard]] bool until(const std::string& line) {
    return executor->run_until([&] { return log.place(line) >= 0; });
  }

  std::shared_ptr<ManualExecutor> executor = std::make_shared<ManualExecutor>();
  std::shared_ptr<World> world;
  PuppetMock puppet;
  EventLog log;
};

TEST(WorldScript, WithoutOneTheWorldLogsInAndGetsReady) {
  Played played{R"({"self":"me"})"};
  ASSERT_TRUE(played.until("ready"));
  EXPECT_LT(played.log.place("login me"), played.log.place("ready"));
  EXPECT_EQ(played.log.of("heartbeat").size(), 1U);
  played.executor->advance(std::chrono::seconds{15});
  EXPECT_EQ(played.log.of("heartbeat").size(), 2U);
}

TEST(WorldScript, EveryStepHappensAtItsTime) {
  Played played{"{" + people + R"("script":[
    {"scan":{"qrcode":"code","status":"Waiting"}},
    {"after":2,"login":"bot"},{"ready":{"data":"r"}},
    {"heartbeat":{"data":"h"}},
    {"after":1,"say":{"id":"m1","from":"alice","text":"hi"}},
    {"say":{"id":"m2","from":"alice","room":"lobby","text":"all","mentions":["bot"]}},
    {"file":{"id":"m3","from":"alice","name":"a.txt","base64":"aGk="}},
    {"contact":{"id":"m4","from":"alice","contactId":"carol"}},
    {"url":{"id":"m5","from":"alice","title":"t","url":"u"}},
    {"miniProgram":{"id":"m6","from":"alice","title":"mini"}},
    {"location":{"id":"m7","from":"alice","latitude":1,"longitude":2}},
    {"friendship":{"id":"f1","contactId":"carol","hello":"hi"}},
    {"roomInvite":{"id":"i1","inviterId":"carol","topic":"Party"}},
    {"roomTopic":{"room":"lobby","topic":"New","by":"alice"}},
    {"roomJoin":{"room":"lobby","invitees":["carol"],"by":"alice"}},
    {"roomLeave":{"room":"lobby","removees":["carol"],"by":"alice"}},
    {"recall":{"by":"alice","message":"m1"}},
    {"dirty":{"type":"Contact","id":"alice"}},
    {"error":"oops"},
    {"repeat":{"count":100,"rate":0,"say":{"from":"alice","text":"again"}}},
    {"after":1,"logout":"bye"}]})"};
  ASSERT_TRUE(played.until("scan code"));
  EXPECT_EQ(played.puppet.auth_qr_code(), "code");
  EXPECT_EQ(played.log.place("login"), -1);
  played.executor->advance(std::chrono::seconds{2});
  ASSERT_TRUE(played.until("ready"));
  EXPECT_EQ(played.log.place("message"), -1);
  played.executor->advance(std::chrono::seconds{1});
  ASSERT_TRUE(played.until("error oops"));
  ASSERT_TRUE(played.executor->run_until([&] { return played.log.of("message").size() == 108; }));
  for (const std::string line :
       {"message m1", "message m7", "friendship f1", "room-invite i1", "room-topic New",
        "room-join lobby", "room-leave lobby", "dirty 2 alice", "heartbeat h"}) {
    EXPECT_GE(played.log.place(line), 0) << line;
  }
  EXPECT_EQ(played.puppet.message_payload("m1").type, MessageType::recalled);
  EXPECT_EQ(played.puppet.message_payload("m2").mention_id_list, std::vector<std::string>{"bot"});
  EXPECT_EQ(played.puppet.message_file("m3").to_text(), "hi");
  EXPECT_EQ(played.puppet.message_contact("m4"), "carol");
  EXPECT_EQ(played.puppet.message_url("m5").title, "t");
  EXPECT_EQ(played.puppet.message_mini_program("m6").title, "mini");
  EXPECT_EQ(played.puppet.message_location("m7").longitude, 2);
  EXPECT_EQ(played.puppet.friendship_payload("f1").hello, "hi");
  EXPECT_EQ(played.puppet.room_invitation_payload("i1").topic, "Party");
  played.executor->advance(std::chrono::seconds{1});
  ASSERT_TRUE(played.until("logout bot bye"));
}

TEST(WorldScript, ARateSpreadsRepetitions) {
  Played played{"{" + people + R"("script":[{"login":"bot"},{"ready":{}},
    {"after":1,"repeat":{"count":10,"rate":2,"say":{"from":"alice","text":"x"}}}]})"};
  ASSERT_TRUE(played.until("ready"));
  played.executor->advance(std::chrono::milliseconds{2'900});
  EXPECT_EQ(played.log.of("message").size(), 4U);
  played.executor->advance(std::chrono::seconds{10});
  EXPECT_EQ(played.log.of("message").size(), 10U);
}

TEST(WorldScript, BeginsAgainAfterStopAndStart) {
  Played played{"{" + people + R"("script":[{"scan":{"qrcode":"c"}},{"login":"bot"},{"ready":{}},
    {"say":{"from":"alice","text":"x"}}]})"};
  ASSERT_TRUE(played.until("message"));
  played.executor->run_in_thread([&] {
    played.puppet.stop();
    played.puppet.start();
  });
  ASSERT_TRUE(played.executor->run_until([&] { return played.log.of("message").size() == 2; }));
  EXPECT_EQ(played.log.of("scan").size(), 1U);  // the session is on the card by then
}

}  // namespace
}  // namespace wechaty::puppet_mock
