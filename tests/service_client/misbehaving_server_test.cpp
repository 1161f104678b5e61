// SPDX-License-Identifier: Apache-2.0
// The contract is kept where the server breaks it.
#include <atomic>
#include <future>
#include <thread>

#include "service_client/client_test.hpp"

namespace wechaty::puppet_service::test {
namespace {

using namespace puppet;

class MisbehavingServer : public ClientTest {
 protected:
  void say_message(const std::string& id) {
    server_.say(pb::EVENT_TYPE_MESSAGE, R"({"messageId":")" + id + R"("})");
  }
};

TEST_F(MisbehavingServer, ReadyBeforeLoginAndTwiceIsDeliveredAfterItAndOnce) {
  server_.greet_with({{pb::EVENT_TYPE_HEARTBEAT, "{}"},
                      {pb::EVENT_TYPE_READY, "{}"},
                      {pb::EVENT_TYPE_READY, "{}"},
                      {pb::EVENT_TYPE_MESSAGE, R"({"messageId":"m1"})"},
                      {pb::EVENT_TYPE_LOGIN, R"({"contactId":"bot"})"},
                      {pb::EVENT_TYPE_READY, "{}"}});
  log_in();
  ASSERT_TRUE(log_->wait_for("message m1"));
  flush();
  EXPECT_EQ(log_->of("ready").size(), 1U);
  EXPECT_LT(log_->place("login"), log_->place("ready"));
  EXPECT_LT(log_->place("login"), log_->place("message m1"));
}

TEST_F(MisbehavingServer, AProfileThatNeverComesCostsAnErrorAndNotTheSession) {
  server_.on_contact_payload = [] {
    return grpc::Status{grpc::StatusCode::UNKNOWN, "Error: no profile today"};
  };
  log_in();
  EXPECT_EQ(server_.count("ContactPayload"), 3);
  ASSERT_EQ(log_->of("error").size(), 1U);
  EXPECT_NE(log_->of("error")[0].find("no profile today"), std::string::npos);
  EXPECT_LT(log_->place("error"), log_->place("login bot"));
  EXPECT_EQ(puppet_->contact_payload_cache("bot"), (ContactPayload{.id = "bot"}));
}

TEST_F(MisbehavingServer, AProfileThatComesAtTheThirdTryIsThereAtLogin) {
  std::atomic<int> calls = 0;
  server_.on_contact_payload = [&calls] {
    return ++calls < 3 ? grpc::Status{grpc::StatusCode::UNKNOWN, "Error: not yet"}
                       : grpc::Status::OK;
  };
  make();
  std::atomic<bool> was_there = false;
  const auto on_login = puppet_->on<EventLoginPayload>([&](const auto&) {
    const auto self = puppet_->contact_payload_cache("bot");
    was_there = self && self->name == "name of bot";
  });
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("ready"));
  EXPECT_TRUE(was_there);
  EXPECT_EQ(log_->of("error"), std::vector<std::string>{});
}

TEST_F(MisbehavingServer, WhatDoesNotFitIntoTheHoldBeforeLoginIsCountedInOneError) {
  std::promise<void> go;
  server_.on_contact_payload = [gone = go.get_future().share()] {
    gone.wait();
    return grpc::Status::OK;
  };
  std::vector<ScriptedServer::Said> greeting{{pb::EVENT_TYPE_HEARTBEAT, "{}"}};
  for (int i = 0; i < 10; ++i) {
    greeting.push_back({pb::EVENT_TYPE_MESSAGE, R"({"messageId":"m)" + std::to_string(i) + "\"}"});
    if (i == 5) greeting.push_back({pb::EVENT_TYPE_LOGIN, R"({"contactId":"bot"})"});
  }
  greeting.push_back({pb::EVENT_TYPE_DONG, R"({"data":"all said"})"});
  server_.greet_with(std::move(greeting));
  make({}, {.hold_limit = 3}).start();
  const bool was_all_said = log_->wait_for("dong all said");  // nobody holds that
  EXPECT_EQ(log_->of("message"), std::vector<std::string>{});
  go.set_value();
  ASSERT_TRUE(was_all_said);
  ASSERT_TRUE(log_->wait_for("error"));
  flush();
  EXPECT_EQ(log_->of("message"),
            (std::vector<std::string>{"message m0", "message m1", "message m2"}));
  EXPECT_LT(log_->place("login bot"), log_->place("message m0"));
  ASSERT_EQ(log_->of("error").size(), 1U);
  EXPECT_NE(log_->of("error")[0].find("7 events"), std::string::npos) << log_->of("error")[0];
}

TEST_F(MisbehavingServer, ARepeatedMessageIsOneEvent) {
  log_in();
  for (int i = 0; i < 3; ++i) say_message("m1");
  flush();
  EXPECT_EQ(log_->count("message m1"), 1);
}

TEST_F(MisbehavingServer, ItsEchoesOfASendAreOneEventWheneverTheyCome) {
  server_.on_send_text = [this](const auto&, auto& response) {
    say_message("sent-1");  // before the answer
    say_message("sent-1");
    response.set_id("sent-1");
    return grpc::Status::OK;
  };
  log_in();
  EXPECT_EQ(puppet_->message_send_text("alice", "hello"), "sent-1");
  say_message("sent-1");  // and after it
  flush();
  EXPECT_EQ(log_->count("message sent-1"), 1);
  EXPECT_EQ(puppet_->message_payload("sent-1").text, "hello");
}

TEST_F(MisbehavingServer, ASendWithoutAnIdIsAContractError) {
  server_.on_send_text = [](const auto&, auto&) { return grpc::Status::OK; };
  log_in({.echo_timeout = std::chrono::milliseconds{100}});
  EXPECT_THROW(puppet_->message_send_text("alice", "hello"), ContractError);
  flush();
  EXPECT_EQ(log_->of("message"), std::vector<std::string>{});
}

TEST_F(MisbehavingServer, ASendWithoutAnIdHasTheIdOfTheEchoThatFollows) {
  server_.message = [](const std::string& id, pb::MessagePayloadResponse& message) {
    message.set_id(id);
    message.set_type(static_cast<pb::MessageType>(7));  // text
    message.set_talker_id(id == "m1" ? "alice" : "bot");
    message.set_listener_id(id == "m1" ? "bot" : "alice");
    message.set_text(id == "m2" ? "something else" : "hello");
  };
  server_.on_send_text = [this](const auto&, auto&) {
    for (const char* id : {"m1", "m2", "m3", "m4"}) say_message(id);
    return grpc::Status::OK;
  };
  log_in();
  EXPECT_EQ(puppet_->message_send_text("alice", "hello"), "m3");
  flush();
  EXPECT_EQ(log_->count("message m3"), 1);
}

TEST_F(MisbehavingServer, AnIdInTheOldFieldOnlyIsRead) {
  server_.on_send_text = [](const auto&, auto& response) {
    response.mutable_id_string_value_deprecated()->set_value("old-1");
    return grpc::Status::OK;
  };
  log_in();
  EXPECT_EQ(puppet_->message_send_text("alice", "hello"), "old-1");
}

TEST_F(MisbehavingServer, ADamagedEventIsAnErrorAndTheStreamGoesOn) {
  log_in();
  const std::vector<ScriptedServer::Said> damaged{
      {pb::EVENT_TYPE_MESSAGE, "no JSON"},
      {pb::EVENT_TYPE_MESSAGE, ""},
      {pb::EVENT_TYPE_MESSAGE, R"({"messageId":""})"},
      {pb::EVENT_TYPE_MESSAGE, R"({"messageId":7})"},
      {pb::EVENT_TYPE_MESSAGE, "[]"},
      {pb::EVENT_TYPE_ROOM_JOIN, "{}"},
      {pb::EVENT_TYPE_DIRTY, R"({"payloadType":0,"payloadId":"x"})"},
      {pb::EVENT_TYPE_DIRTY, R"({"payloadType":99,"payloadId":"x"})"},
      {pb::EVENT_TYPE_LOGIN, R"({"contactId":""})"},
      {pb::EVENT_TYPE_HEARTBEAT, std::string(200, '[')}};
  for (const auto& said : damaged) server_.say(said.type, said.payload);
  say_message("m1");
  ASSERT_TRUE(log_->wait_for("message m1"));
  EXPECT_EQ(log_->of("error").size(), damaged.size());
  EXPECT_EQ(log_->of("message").size(), 1U);
  EXPECT_TRUE(puppet_->is_logged_in());
}

TEST_F(MisbehavingServer, EventsOfUnknownTypesAreLeftOut) {
  log_in();
  for (const int type : {0, 5, 24, 99}) server_.say(static_cast<pb::EventType>(type), "{}");
  say_message("m1");
  ASSERT_TRUE(log_->wait_for("message m1"));
  EXPECT_EQ(log_->of("error"), std::vector<std::string>{});
}

TEST_F(MisbehavingServer, ALogoutIsNotAnsweredByALogoutCall) {
  log_in();
  server_.say(pb::EVENT_TYPE_LOGOUT, R"({"contactId":"bot","data":"kicked"})");
  ASSERT_TRUE(log_->wait_for("logout bot kicked"));
  flush();
  EXPECT_EQ(server_.count("Logout"), 0);
}

TEST_F(MisbehavingServer, TheLogoutOfAnotherAccountIsLeftOut) {
  log_in();
  server_.say(pb::EVENT_TYPE_LOGOUT, R"({"contactId":"somebody","data":"late"})");
  flush();
  EXPECT_TRUE(puppet_->is_logged_in());
}

TEST_F(MisbehavingServer, ALateLogoutDoesNotEndTheNextSession) {
  log_in();
  puppet_->logout("bye");
  server_.say(pb::EVENT_TYPE_LOGIN, R"({"contactId":"bot"})");
  ASSERT_TRUE(log_->wait_for("login", 2));
  server_.say(pb::EVENT_TYPE_LOGOUT, R"({"contactId":"bot","data":"late"})");
  flush();
  EXPECT_TRUE(puppet_->is_logged_in());
  EXPECT_EQ(log_->of("logout"), std::vector<std::string>{"logout bot bye"});
  server_.say(pb::EVENT_TYPE_LOGOUT, R"({"contactId":"bot","data":"real"})");
  EXPECT_TRUE(log_->wait_for("logout bot real"));
}

TEST_F(MisbehavingServer, AnEchoOfTheLogoutCallIsNoSecondLogout) {
  server_.on_logout = [this] {
    server_.say(pb::EVENT_TYPE_LOGOUT, R"({"contactId":"bot","data":"echo"})");
    return grpc::Status::OK;
  };
  log_in();
  puppet_->logout("bye");
  flush();
  EXPECT_EQ(log_->of("logout"), std::vector<std::string>{"logout bot bye"});
}

TEST_F(MisbehavingServer, AnotherAccountWithoutALogoutBeginsANewSession) {
  log_in();
  server_.say(pb::EVENT_TYPE_LOGIN, R"({"contactId":"other"})");
  ASSERT_TRUE(log_->wait_for("login other"));
  EXPECT_EQ(log_->of("logout").size(), 1U);
  EXPECT_EQ(puppet_->current_user_id(), "other");
}

TEST_F(MisbehavingServer, TheLastScanThatTheReferenceRepeatsIsLeftOutWhileLoggedIn) {
  server_.greet_with({{pb::EVENT_TYPE_HEARTBEAT, "{}"},
                      {pb::EVENT_TYPE_LOGIN, R"({"contactId":"bot"})"},
                      {pb::EVENT_TYPE_SCAN, R"({"status":2,"qrcode":"old"})"},
                      {pb::EVENT_TYPE_READY, "{}"}});
  log_in();
  flush();
  EXPECT_EQ(log_->of("scan"), std::vector<std::string>{});
  EXPECT_EQ(log_->of("error"), std::vector<std::string>{});
}

TEST_F(MisbehavingServer, AnErrorOfTheServersPuppetIsAnErrorHere) {
  log_in();
  server_.say(pb::EVENT_TYPE_ERROR, R"({"gerror":"{\"code\":5,\"message\":\"lost it\"}"})");
  server_.say(pb::EVENT_TYPE_ERROR, R"({"data":"an old form"})");
  EXPECT_TRUE(log_->wait_for("error lost it"));
  EXPECT_TRUE(log_->wait_for("error an old form"));
}

TEST_F(MisbehavingServer, AQuietServerIsStartedAllTheSame) {
  server_.greet_with({});
  make({.connect_timeout = std::chrono::milliseconds{300}}).start();
  server_.say(pb::EVENT_TYPE_LOGIN, R"({"contactId":"bot"})");
  EXPECT_TRUE(log_->wait_for("login bot"));
}

TEST_F(MisbehavingServer, AnAnswerThatNeverComesIsATimeout) {
  std::promise<void> go;
  const auto gone = go.get_future().share();
  server_.on_send_text = [gone](const auto&, auto&) {
    gone.wait();
    return grpc::Status::OK;
  };
  log_in({.call_timeout = std::chrono::milliseconds{200}});
  EXPECT_THROW(puppet_->message_send_text("alice", "x"), TimeoutError);
  go.set_value();
}

TEST_F(MisbehavingServer, AStopThatFailsStopsAllTheSame) {
  server_.on_stop = [] { return grpc::Status{grpc::StatusCode::UNKNOWN, "Error: will not"}; };
  log_in({.stop_server_puppet = true});
  puppet_->stop();
  EXPECT_EQ(server_.count("Stop"), 1);
  EXPECT_EQ(log_->of("error").size(), 1U);
  EXPECT_EQ(log_->of("stop").size(), 1U);
  EXPECT_FALSE(puppet_->is_logged_in());
  puppet_->start();
  EXPECT_TRUE(log_->wait_for("ready", 2));
}

TEST_F(MisbehavingServer, ARestartThatFailsIsTriedAgainUntilItSucceeds) {
  std::atomic<int> failures = 0;
  server_.on_start = [&failures] {
    return failures > 0 && failures-- > 0
               ? grpc::Status{grpc::StatusCode::UNKNOWN, "Error: cannot start"}
               : grpc::Status::OK;
  };
  log_in();
  failures = 2;
  puppet_->reset("test");
  ASSERT_TRUE(log_->wait_for("start", 2));
  ASSERT_TRUE(eventually([&] { return puppet_->is_logged_in(); }));
  EXPECT_EQ(server_.count("Start"), 4);
  EXPECT_EQ(log_->of("error").size(), 2U);
}

TEST_F(MisbehavingServer, DirtyOfARoomMemberDropsOneAndDirtyOfTheRoomAll) {
  log_in();
  const auto asked = [this](const std::string& member) {
    const auto before = server_.count("RoomMemberPayload");
    static_cast<void>(puppet_->room_member_payload("lobby", member));
    return server_.count("RoomMemberPayload") > before;
  };
  EXPECT_TRUE(asked("alice"));
  EXPECT_TRUE(asked("bot"));
  EXPECT_FALSE(asked("alice"));
  puppet_->dirty_room_member("lobby", "alice");
  EXPECT_FALSE(asked("bot"));
  EXPECT_TRUE(asked("alice"));
  server_.say(pb::EVENT_TYPE_DIRTY, R"({"payloadType":4,"payloadId":"lobby"})");
  flush();
  EXPECT_TRUE(asked("alice"));
  EXPECT_TRUE(asked("bot"));
}

TEST_F(MisbehavingServer, StopEndsACallThatIsUnderWay) {
  std::promise<void> go;
  const auto gone = go.get_future().share();
  server_.on_send_text = [gone](const auto&, auto&) {
    gone.wait();
    return grpc::Status::OK;
  };
  log_in();
  std::jthread sending{
      [&] { EXPECT_THROW(puppet_->message_send_text("alice", "x"), CancelledError); }};
  ASSERT_TRUE(server_.wait_for("MessageSendText"));
  puppet_->stop();
  sending.join();
  go.set_value();
}

}  // namespace
}  // namespace wechaty::puppet_service::test
