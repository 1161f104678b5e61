// SPDX-License-Identifier: Apache-2.0
// A connection that is lost comes back, and nothing false is said meanwhile.
#include <future>
#include <thread>

#include "service_client/client_test.hpp"

namespace wechaty::puppet_service::test {
namespace {

using namespace puppet;
using namespace std::chrono_literals;

class Reconnect : public ClientTest {
 protected:
  /// From now until the client is ready again; -1 when it is not after 20 s.
  std::chrono::milliseconds time_to_ready(std::ptrdiff_t count) {
    const auto began = std::chrono::steady_clock::now();
    if (!log_->wait_for("ready", count)) return -1ms;
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 began);
  }
};

TEST_F(Reconnect, AServerThatIsGoneEndsTheSessionAndItsReturnBeginsTheNext) {
  log_in();
  server_.stop();
  ASSERT_TRUE(states_->wait_for(ConnectionState::offline));
  ASSERT_TRUE(log_->wait_for("logout bot connection lost"));
  EXPECT_TRUE(eventually([&] { return !puppet_->is_logged_in(); }));
  EXPECT_NE(puppet_->connection().reason, "");
  EXPECT_THROW(static_cast<void>(puppet_->contact_payload("alice")), NetworkError);
  std::this_thread::sleep_for(2s);  // so that the pauses have grown
  server_.start();
  const auto time = time_to_ready(2);
  EXPECT_GE(time, 0ms);
  EXPECT_LT(time, 2s);
  ASSERT_TRUE(states_->wait_for(ConnectionState::online, 2));  // told beside the events
  EXPECT_EQ(states_->names(), "connecting online stale offline online");
  EXPECT_EQ(log_->of("login").size(), 2U);
  EXPECT_EQ(log_->of("reset"), std::vector<std::string>{});
  EXPECT_EQ(puppet_->state(), ServiceMixin::State::started);
}

TEST_F(Reconnect, AStreamThatBreaksAloneDoesNotEndTheSession) {
  log_in();
  static_cast<void>(puppet_->contact_payload("alice"));
  for (const auto& status : {grpc::Status::OK, grpc::Status{grpc::StatusCode::INTERNAL, "oops"}}) {
    server_.contact_name = [](const std::string&) { return std::string{"changed in the gap"}; };
    const auto streams = server_.count("Event");
    server_.end_stream(status);
    ASSERT_TRUE(server_.wait_for("Event", streams + 1));
    ASSERT_TRUE(server_.wait_for("Start", streams + 1));
  }
  ASSERT_TRUE(states_->wait_for(ConnectionState::online, 3));
  server_.say(pb::EVENT_TYPE_MESSAGE, R"({"messageId":"m1"})");
  ASSERT_TRUE(log_->wait_for("message m1"));
  EXPECT_EQ(log_->of("login").size(), 1U);
  EXPECT_EQ(log_->of("ready").size(), 1U);
  EXPECT_EQ(log_->of("logout"), std::vector<std::string>{});
  EXPECT_EQ(puppet_->contact_payload("alice").name, "changed in the gap");
  EXPECT_EQ(states_->names(), "connecting online stale online stale online");
}

TEST_F(Reconnect, AServerThatComesBackWithoutTheLoginEndsTheSession) {
  log_in();
  server_.greet_with({{pb::EVENT_TYPE_HEARTBEAT, "{}"},
                      {pb::EVENT_TYPE_SCAN, R"({"status":2,"qrcode":"scan me"})"}});
  server_.end_stream();
  ASSERT_TRUE(log_->wait_for("logout"));
  EXPECT_TRUE(eventually([&] { return !puppet_->is_logged_in(); }));
}

TEST_F(Reconnect, AMessageOfBeforeIsNotDeliveredAgain) {
  log_in();
  server_.say(pb::EVENT_TYPE_MESSAGE, R"({"messageId":"m1"})");
  ASSERT_TRUE(log_->wait_for("message m1"));
  server_.stop();
  ASSERT_TRUE(states_->wait_for(ConnectionState::offline));
  server_.say(pb::EVENT_TYPE_MESSAGE, R"({"messageId":"m1"})");
  server_.say(pb::EVENT_TYPE_MESSAGE, R"({"messageId":"m2"})");
  server_.start();
  ASSERT_TRUE(log_->wait_for("message m2"));
  EXPECT_EQ(log_->count("message m1"), 1);
}

TEST_F(Reconnect, ASilentServerIsAskedAndStaysIfItAnswers) {
  log_in({.silence = 50ms});
  ASSERT_TRUE(server_.wait_for("Version", 3));
  EXPECT_EQ(puppet_->connection().state, ConnectionState::online);
  EXPECT_TRUE(log_->wait_for("heartbeat the server has answered", 2));
}

TEST_F(Reconnect, ASilentServerThatDoesNotKnowTheQuestionIsAliveToo) {
  server_.on_version = [] { return grpc::Status{grpc::StatusCode::UNIMPLEMENTED, "?"}; };
  log_in({.silence = 50ms});
  ASSERT_TRUE(server_.wait_for("Version", 3));
  EXPECT_EQ(states_->names(), "connecting online");
}

TEST_F(Reconnect, ASilentServerThatDoesNotAnswerIsLeftForANewConnection) {
  std::promise<void> go;
  const auto gone = go.get_future().share();
  std::atomic<bool> hang = true;
  server_.on_version = [&, gone] {
    if (hang.exchange(false)) gone.wait();
    return grpc::Status::OK;
  };
  log_in({.silence = 50ms, .probe_timeout = 100ms});
  ASSERT_TRUE(server_.wait_for("Event", 2));
  ASSERT_TRUE(states_->wait_for(ConnectionState::online, 2));
  EXPECT_EQ(log_->of("logout"), std::vector<std::string>{});
  go.set_value();
}

TEST_F(Reconnect, CallsOnALostConnectionEnd) {
  std::promise<void> go;
  const auto gone = go.get_future().share();
  server_.on_send_text = [gone](const auto&, auto&) {
    gone.wait();
    return grpc::Status::OK;
  };
  log_in();
  std::jthread sending{
      [&] { EXPECT_THROW(puppet_->message_send_text("alice", "x"), NetworkError); }};
  ASSERT_TRUE(server_.wait_for("MessageSendText"));
  server_.end_stream();
  sending.join();
  go.set_value();
}

TEST_F(Reconnect, ATokenThatIsRefusedSlowsTheAttemptsAndIsReported) {
  log_in({.first_pause = 100ms, .longest_pause = 100ms, .longest_refused_pause = 60s});
  server_.token = "changed";
  server_.end_stream();
  ASSERT_TRUE(states_->wait_for(ConnectionState::offline));
  ASSERT_TRUE(log_->wait_for("error 127.0.0.1"));
  for (const auto& line : log_->all())
    EXPECT_EQ(line.find("test_token"), std::string::npos) << line;
  for (const auto& status : states_->all()) {
    EXPECT_EQ(status.reason.find("test_token"), std::string::npos) << status.reason;
  }
  std::this_thread::sleep_for(1s);
  const auto attempts = server_.count("Event");
  EXPECT_GE(attempts, 3);  // 100, 200, 400 ms ...
  EXPECT_LE(attempts, 8);  // ... and not every 100 ms
  EXPECT_TRUE(eventually([&] { return !puppet_->is_logged_in(); }));
}

TEST_F(Reconnect, TheStreamOfAnotherClientIsWaitedFor) {
  std::atomic<int> refusals = 2;
  server_.on_event = [&] {
    return refusals-- > 0 ? grpc::Status{grpc::StatusCode::ALREADY_EXISTS,
                                         "GrpcServerImpl.event() can not call twice."}
                          : grpc::Status::OK;
  };
  log_in({.first_pause = 10ms});
  EXPECT_EQ(server_.count("Event"), 3);
}

TEST_F(Reconnect, StartGivesUpAfterItsTimeAndSaysWhy) {
  server_.on_event = [] { return grpc::Status{grpc::StatusCode::ALREADY_EXISTS, "taken"}; };
  make({.start_timeout = 200ms, .first_pause = 10ms});
  EXPECT_THROW(puppet_->start(), ConflictError);
  server_.stop();
  EXPECT_THROW(puppet_->start(), NetworkError);
}

TEST_F(Reconnect, StopCutsTheSearchOfStartShort) {
  server_.stop();
  make();
  std::jthread starting{[&] { EXPECT_THROW(puppet_->start(), CancelledError); }};
  ASSERT_TRUE(states_->wait_for(ConnectionState::connecting));
  puppet_->stop();
}

TEST_F(Reconnect, StopWhileOfflineReturnsAtOnce) {
  log_in();
  server_.stop();
  ASSERT_TRUE(states_->wait_for(ConnectionState::offline));
  const auto began = std::chrono::steady_clock::now();
  puppet_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
  EXPECT_EQ(log_->of("stop").size(), 1U);
}

TEST_F(Reconnect, TheWatchdogSleepsWhileTheClientReconnects) {
  log_in({}, {.timeout = 600ms});
  server_.stop();
  ASSERT_TRUE(states_->wait_for(ConnectionState::offline));
  std::this_thread::sleep_for(1500ms);
  EXPECT_EQ(log_->of("reset"), std::vector<std::string>{});
  server_.start();
  ASSERT_TRUE(log_->wait_for("ready", 2));
  ASSERT_TRUE(server_.wait_for("Version", 3));  // asked every 200 ms, so it does not bite
  EXPECT_EQ(log_->of("reset"), std::vector<std::string>{});
}

TEST_F(Reconnect, StartFromAListenerWorksWhileTheExecutorWaits) {
  log_in();
  std::atomic<bool> once = false;
  const auto listening = puppet_->on<EventStopPayload>([&](const EventStopPayload&) {
    if (!once.exchange(true)) puppet_->start();
  });
  puppet_->stop();
  EXPECT_TRUE(log_->wait_for("ready", 2));
}

}  // namespace
}  // namespace wechaty::puppet_service::test
