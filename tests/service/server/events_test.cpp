// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include <array>

#include <future>

#include "service/server/served_mock.hpp"

namespace wechaty::puppet_service::test {
namespace {

using namespace puppet;

const std::string heartbeat = "1 ";
const std::string message = "2 ";
const std::string dong = "3 ";
const std::string error = "16 ";
const std::string scan = "22 ";
const std::string ready = "23 ";
const std::string login = "25 ";
const std::string logout = "26 ";
const std::string dirty = "27 ";

std::string said(const std::string& id) { return message + R"({"messageId":")" + id + R"("})"; }

/// Returns when the puppet's events so far have been delivered: a dong comes after them.
void settle(Puppet& puppet) {
  std::promise<void> heard;
  const auto subscription =
      puppet.once<EventDongPayload>([&](const EventDongPayload&) { heard.set_value(); });
  puppet.ding("settle");
  heard.get_future().wait();
}

/// Does `act` and returns when the event that it leads to, and all before it, have been delivered.
/// A login or logout comes later than what is reported after it: it is prepared on another thread.
template <class E, class Act>
void until(Puppet& puppet, const Act& act) {
  std::promise<void> heard;
  const auto subscription = puppet.once<E>([&](const E&) { heard.set_value(); });
  act();
  heard.get_future().wait();
  settle(puppet);
}

class ServerEvents : public testing::Test {
 protected:
  void start(const WireClient& client) {
    EXPECT_NO_THROW((void)client.ask<pb::StartResponse>("Start", pb::StartRequest{}));
  }
  std::string alice_says(const std::string& text) {
    return served_.world->person("alice").say(text).to("bot");
  }
  void settle() { test::settle(served_.puppet); }
  template <class E, class Act>
  void until(const Act& act) {
    test::until<E>(served_.puppet, act);
  }
  void log_in(const WireClient& client) {
    until<EventLoginPayload>([&] { start(client); });
  }

  ServedMock served_;
};

TEST_F(ServerEvents, StreamBeforeStartBeginsWithAHeartbeatAndHearsEverything) {
  const WireClient client = served_.client();
  EventReader events{client};
  ASSERT_TRUE(events.wait_for(heartbeat));
  EXPECT_EQ(events.all(), (std::vector<std::string>{
                              R"(1 {"data":"Wechaty Puppet gRPC stream connect successfully"})"}));
  start(client);
  ASSERT_TRUE(events.wait_for(ready));
  const std::string id = alice_says("hi");
  ASSERT_TRUE(events.wait_for(said(id)));
  EXPECT_EQ(events.count(login + R"({"contactId":"bot"})"), 1);
  EXPECT_EQ(events.count(ready), 1);
}

TEST_F(ServerEvents, StreamAfterStartGetsTheStateInOrderAndOnce) {
  const WireClient client = served_.client();
  start(client);
  {
    EventReader first{client};
    ASSERT_TRUE(first.wait_for(ready));
  }
  EventReader events{client};
  ASSERT_TRUE(events.wait_for(ready));
  const auto lines = events.all();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_TRUE(lines[0].starts_with(heartbeat));
  EXPECT_EQ(lines[1], login + R"({"contactId":"bot"})");
  EXPECT_TRUE(lines[2].starts_with(ready));
  // Nothing follows without a cause: the next thing heard is the dong.
  (void)client.ask<pb::DingResponse>("Ding", pb::DingRequest{});
  ASSERT_TRUE(events.wait_for(dong));
  EXPECT_EQ(events.all().size(), 4U);
}

TEST_F(ServerEvents, DingIsAnsweredWithTheSameData) {
  const WireClient client = served_.client();
  EventReader events{client};
  start(client);
  pb::DingRequest request;
  request.set_data("abc");
  (void)client.ask<pb::DingResponse>("Ding", request);
  EXPECT_TRUE(events.wait_for(dong + R"({"data":"abc"})"));
}

TEST_F(ServerEvents, WhatHappensWhileNobodyListensComesToTheNextInOrderAndOnce) {
  const WireClient client = served_.client();
  log_in(client);
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(said(alice_says(std::to_string(i))));
  settle();
  {
    EventReader events{client};
    ASSERT_TRUE(events.wait_for(message, 5));
    const auto lines = events.all();
    EXPECT_TRUE(lines[0].starts_with(heartbeat));
    EXPECT_TRUE(lines[1].starts_with(login));
    const auto first = std::find(lines.begin(), lines.end(), ids[0]);
    ASSERT_NE(first, lines.end());
    EXPECT_EQ((std::vector<std::string>(first, first + 5)), ids);
    EXPECT_EQ(events.count(dong), 0) << "a dong that nobody waits for";
  }
  EventReader again{client};
  ASSERT_TRUE(again.wait_for(ready));
  (void)client.ask<pb::DingResponse>("Ding", pb::DingRequest{});
  ASSERT_TRUE(again.wait_for(dong));
  EXPECT_EQ(again.count(message), 0);
}

TEST_F(ServerEvents, TheSamePayloadTwiceDirtyIsToldOnceAfterAGap) {
  const WireClient client = served_.client();
  log_in(client);
  for (int i = 0; i < 3; ++i) served_.puppet.dirty_payload(DirtyType::contact, "alice");
  served_.puppet.dirty_payload(DirtyType::room, "alice");
  settle();
  EventReader events{client};
  ASSERT_TRUE(events.wait_for(dirty, 2));
  EXPECT_EQ(events.count(dirty + R"({"payloadId":"alice","payloadType":2})"), 1);
  EXPECT_EQ(events.count(dirty + R"({"payloadId":"alice","payloadType":3})"), 1);
}

TEST_F(ServerEvents, SeveralStreamsHearTheSame) {
  const WireClient one = served_.client();
  const WireClient other = served_.client();
  EventReader first{one};
  EventReader second{other};
  ASSERT_TRUE(first.wait_for(heartbeat));
  ASSERT_TRUE(second.wait_for(heartbeat));
  start(one);
  ASSERT_TRUE(first.wait_for(ready));
  ASSERT_TRUE(second.wait_for(ready));
  const std::string id = alice_says("hi");
  EXPECT_TRUE(first.wait_for(said(id)));
  EXPECT_TRUE(second.wait_for(said(id)));
}

TEST_F(ServerEvents, DirtyPayloadAnswersAndComesBackAsAnEvent) {
  const WireClient client = served_.client();
  EventReader events{client};
  start(client);
  pb::DirtyPayloadRequest request;
  request.set_type(pb::PAYLOAD_TYPE_ROOM);
  request.set_id("lobby");
  (void)client.ask<pb::DirtyPayloadResponse>("DirtyPayload", request);
  EXPECT_TRUE(events.wait_for(dirty + R"({"payloadId":"lobby","payloadType":3})"));
  pb::DirtyPayloadResponse response;
  request.set_type(static_cast<pb::PayloadType>(99));
  EXPECT_EQ(client.try_to("DirtyPayload", request, response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ServerEvents, PendingScanIsTheStateUntilLogin) {
  served_.world->set_script(puppet_mock::World::parse(R"({"script": [
      {"scan": {"qrcode": "https://x.y/q", "status": 2}}, {"after": 3600, "login": "bot"}]})")
                                ->script());
  const WireClient client = served_.client();
  until<EventScanPayload>([&] { start(client); });
  {
    EventReader events{client};
    ASSERT_TRUE(events.wait_for(scan));
    EXPECT_EQ(events.all().size(), 2U);  // after the heartbeat
  }
  until<EventLoginPayload>([&] { served_.puppet.accept("bot"); });
  {
    EventReader events{client};
    ASSERT_TRUE(events.wait_for(login));
    EXPECT_EQ(events.count(scan), 0);
  }
  until<EventLogoutPayload>(
      [&] { (void)client.ask<pb::LogoutResponse>("Logout", pb::LogoutRequest{}); });
  EventReader events{client};
  ASSERT_TRUE(events.wait_for(logout));
  EXPECT_EQ(events.count(scan), 0) << "a code that nobody can scan any more";
}

TEST_F(ServerEvents, LogoutIsToldOnceAndOnlyOnARealChange) {
  const WireClient client = served_.client();
  EventReader events{client};
  start(client);
  ASSERT_TRUE(events.wait_for(ready));
  for (int i = 0; i < 3; ++i) (void)client.ask<pb::LogoutResponse>("Logout", pb::LogoutRequest{});
  (void)client.ask<pb::DingResponse>("Ding", pb::DingRequest{});
  ASSERT_TRUE(events.wait_for(dong));
  EXPECT_EQ(events.count(logout), 1);
}

TEST_F(ServerEvents, LogoutWithWhichANpmClientAnswersDoesNotEndTheNextSession) {
  const WireClient client = served_.client();
  EventReader events{client};
  start(client);
  ASSERT_TRUE(events.wait_for(ready));
  served_.puppet.kick("from the phone");
  ASSERT_TRUE(events.wait_for(logout));
  served_.puppet.accept("bot");
  ASSERT_TRUE(events.wait_for(login, 2));
  (void)client.ask<pb::LogoutResponse>("Logout", pb::LogoutRequest{});  // what it answers with
  EXPECT_TRUE(served_.puppet.is_logged_in());
  (void)client.ask<pb::LogoutResponse>("Logout", pb::LogoutRequest{});  // this one is meant
  EXPECT_FALSE(served_.puppet.is_logged_in());
}

TEST_F(ServerEvents, StopEndsTheStreamsOfItsConnectionWithOkAndNoOther) {
  const WireClient client = served_.client();
  const WireClient other = served_.client();
  EventReader mine{client};
  EventReader theirs{other};
  start(client);
  ASSERT_TRUE(mine.wait_for(ready));
  ASSERT_TRUE(theirs.wait_for(ready));
  (void)client.ask<pb::StopResponse>("Stop", pb::StopRequest{});
  const auto ended = mine.wait_for_end();
  ASSERT_TRUE(ended);
  EXPECT_TRUE(ended->ok());
  EXPECT_EQ(mine.count(logout), 0);
  EXPECT_TRUE(theirs.wait_for(logout));
  EXPECT_EQ(served_.puppet.state(), Puppet::State::stopped);

  start(other);
  EXPECT_TRUE(theirs.wait_for(login, 2));
}

TEST_F(ServerEvents, AnotherAccountDoesNotGetWhatTheFormerMissed) {
  served_.world->add_contact({.id = "bot2", .name = "Bot 2"});
  const WireClient client = served_.client();
  log_in(client);
  const std::string id = alice_says("for the first");
  settle();
  until<EventLogoutPayload>([&] { served_.puppet.kick("from the phone"); });
  until<EventLoginPayload>([&] { served_.puppet.accept("bot2"); });
  EventReader events{client};
  ASSERT_TRUE(events.wait_for(login + R"({"contactId":"bot2"})"));
  (void)client.ask<pb::DingResponse>("Ding", pb::DingRequest{});
  ASSERT_TRUE(events.wait_for(dong));
  EXPECT_EQ(events.count(said(id)), 0);
  EXPECT_EQ(events.count(logout), 0) << "logged in: there is nothing to log out of";
}

TEST(ServerJournal, BeyondItsLimitTheOldestGoAndAnErrorSaysHowMany) {
  PuppetServerOptions options = test_options();
  options.limits.journal_events = 3;
  ServedMock served{options};
  const WireClient client = served.client();
  until<EventLoginPayload>(
      served.puppet, [&] { (void)client.ask<pb::StartResponse>("Start", pb::StartRequest{}); });
  for (int i = 0; i < 5; ++i) {
    served.world->person("alice").say(std::to_string(i)).to("bot");
  }
  settle(served.puppet);
  EventReader events{client};
  ASSERT_TRUE(events.wait_for(message, 3));
  EXPECT_EQ(events.count(message), 3);
  ASSERT_EQ(events.count(error), 1);
  const auto lines = events.all();
  const auto gap = std::find_if(lines.begin(), lines.end(),
                                [](const auto& line) { return line.starts_with(error); });
  EXPECT_NE(gap->find("2 events were lost"), std::string::npos) << *gap;
}

TEST(ServerHeartbeats, ComeAsLongAsThePuppetIsWell) {
  PuppetServerOptions options = test_options();
  options.heartbeat_interval = std::chrono::milliseconds{40};
  ServedMock served{options};
  const WireClient client = served.client();
  EventReader events{client};
  (void)client.ask<pb::StartResponse>("Start", pb::StartRequest{});
  EXPECT_TRUE(events.wait_for(heartbeat, 8));  // the mock itself beats every 15 s
}

TEST(ServerHeartbeats, DoNotComeForAPuppetThatDoesNotBeat) {
  PuppetServerOptions options = test_options();
  options.heartbeat_interval = std::chrono::milliseconds{20};
  options.health_timeout = std::chrono::milliseconds{1};
  ServedMock served{options};
  const WireClient client = served.client();
  EventReader events{client};
  (void)client.ask<pb::StartResponse>("Start", pb::StartRequest{});
  ASSERT_TRUE(events.wait_for(ready));
  std::ptrdiff_t before = 0;
  for (int i = 0; i < 20; ++i) {  // some hundred milliseconds of traffic
    (void)client.ask<pb::DingResponse>("Ding", pb::DingRequest{});
    ASSERT_TRUE(events.wait_for(dong, i + 1));
    if (i == 0) before = events.count(heartbeat);  // with the one of the start
  }
  EXPECT_EQ(events.count(heartbeat), before);
}

TEST(ServerHeartbeats, OneComesWithTheStart) {
  PuppetServerOptions options = test_options();
  options.heartbeat_interval = std::chrono::hours{1};
  ServedMock served{options};
  const WireClient client = served.client();
  EventReader events{client};
  (void)client.ask<pb::StartResponse>("Start", pb::StartRequest{});
  EXPECT_TRUE(events.wait_for(heartbeat + R"({"data":"gateway"})"));
}

TEST(ServerStreams, LargeEventsBehindSmallOnesAllArrive) {
  PuppetServerOptions options = test_options();
  options.limits.stream_bytes = std::size_t{64} << 20U;
  ServedMock served{options};
  const WireClient client = served.client();
  EventReader events{client};
  (void)client.ask<pb::StartResponse>("Start", pb::StartRequest{});
  ASSERT_TRUE(events.wait_for("23 "));
  // What is small is gathered before it is sent; what is large must neither wait nor keep it back.
  // Sizes below, at and above gRPC's write buffer, 64 KiB, and the window of a stream.
  constexpr std::array<std::size_t, 5> large{3'000, 17'000, 40'000, 66'000, 200'000};
  std::ptrdiff_t count = 0;
  for (std::size_t round = 0; round < 400; ++round) {
    for (std::size_t i = 0; i < round % 37; ++i, ++count) {
      served.puppet.dirty_payload(DirtyType::contact, std::to_string(count));
    }
    for (std::size_t i = 0; i <= round % 3; ++i, ++count) {
      served.puppet.dirty_payload(DirtyType::contact, std::string(large[round % 5], 'x'));
    }
    if (round % 10 != 9) continue;
    ASSERT_TRUE(events.wait_for(dirty, count)) << "round " << round;
  }
}

/// The numbers at the end of dirty events, in the order in which they came.
std::vector<int> numbers_of(const EventReader& events, const std::string& before) {
  std::vector<int> numbers;
  for (const auto& line : events.all()) {
    const auto at = line.find(before);
    if (at != std::string::npos) numbers.push_back(std::stoi(line.substr(at + before.size())));
  }
  return numbers;
}

/// All up to the last one, without a hole.
void expect_end_of(int count, const std::vector<int>& numbers) {
  ASSERT_FALSE(numbers.empty());
  std::vector<int> whole(numbers.size());
  std::iota(whole.begin(), whole.end(), count - static_cast<int>(numbers.size()));
  EXPECT_EQ(numbers, whole);
}

TEST(ServerJournal, IsBoundedByBytesToo) {
  PuppetServerOptions options = test_options();
  options.limits.journal_bytes = 100'000;
  ServedMock served{options};
  const WireClient client = served.client();
  until<EventLoginPayload>(
      served.puppet, [&] { (void)client.ask<pb::StartResponse>("Start", pb::StartRequest{}); });
  const std::string big(30'000, 'x');
  for (int i = 0; i < 10; ++i) {
    served.puppet.dirty_payload(DirtyType::contact, big + std::to_string(i));
  }
  settle(served.puppet);
  EventReader events{client};
  ASSERT_TRUE(events.wait_for(dirty + R"({"payloadId":")" + big + "9\""));
  EXPECT_EQ(events.count(dirty), 3) << "no more than 100,000 bytes";
  expect_end_of(10, numbers_of(events, big));
  EXPECT_EQ(events.count(error), 1);
}

/// A client that is gone without a word opens a new stream before the old one is known to be dead.
TEST(ServerStreams, WhatAHalfOpenOneHasNotSentGoesToTheNewOne) {
  ServedMock served;
  const WireClient client = served.client();
  (void)client.ask<pb::StartResponse>("Start", pb::StartRequest{});
  grpc::ClientContext context;
  client.prepare(context);
  const auto dead =
      client.read<pb::EventResponse>("/wechaty.Puppet/Event", pb::EventRequest{}, context);
  pb::EventResponse event;
  ASSERT_TRUE(dead->Read(&event));  // it is open; nothing is read from here on
  const std::string big(40'000, 'x');
  constexpr int count = 300;
  const auto push = [&](int number) {
    served.puppet.dirty_payload(DirtyType::contact, big + std::to_string(number));
  };
  for (int i = 0; i < count - 10; ++i) push(i);
  settle(served.puppet);
  EventReader next{served.client()};
  ASSERT_TRUE(next.wait_for(ready));
  for (int i = count - 10; i < count; ++i) push(i);
  ASSERT_TRUE(next.wait_for(dirty, 10));
  EXPECT_EQ(next.count(dirty), 10) << "the rest is with the other stream so far";
  context.TryCancel();
  ASSERT_TRUE(next.wait_for(dirty, 11));
  const std::string last = std::to_string(count - 11) + "\"";
  ASSERT_TRUE(next.wait_for(dirty + R"({"payloadId":")" + big + last));
  auto numbers = numbers_of(next, big);
  numbers.erase(numbers.begin(), numbers.begin() + 10);  // what came while both were open
  expect_end_of(count - 10, numbers);
}

TEST(ServerStreams, WhatWasMissedComesAfterTheLoginOfANewStart) {
  ServedMock served;
  const WireClient client = served.client();
  const auto start = [&] { (void)client.ask<pb::StartResponse>("Start", pb::StartRequest{}); };
  until<EventLoginPayload>(served.puppet, start);
  const std::string missed = served.world->person("alice").say("missed").to("bot");
  settle(served.puppet);
  served.puppet.stop();
  EventReader events{client};
  ASSERT_TRUE(events.wait_for(heartbeat));
  start();
  ASSERT_TRUE(events.wait_for(said(missed)));
  const auto lines = events.all();
  const auto place = [&](const std::string& beginning) {
    return std::find_if(lines.begin(), lines.end(),
                        [&](const auto& line) { return line.starts_with(beginning); });
  };
  EXPECT_LT(place(login), place(said(missed)));
  EXPECT_EQ(events.count(said(missed)), 1);
}

/// A client that opens a stream and reads nothing.
/// @param limits  that a reader of no more than the first of 600 events of 40 KB runs into
void expect_cut_and_the_rest_for_the_next(ServerLimits limits) {
  PuppetServerOptions options = test_options();
  options.limits = limits;
  ServedMock served{options};
  const WireClient client = served.client();
  (void)client.ask<pb::StartResponse>("Start", pb::StartRequest{});
  grpc::ClientContext context;
  client.prepare(context);
  const auto slow =
      client.read<pb::EventResponse>("/wechaty.Puppet/Event", pb::EventRequest{}, context);
  pb::EventResponse event;
  ASSERT_TRUE(slow->Read(&event));  // it is open
  // More than the transport's buffers and the stream's queue take.
  const std::string big(40'000, 'x');
  constexpr int count = 600;
  for (int i = 0; i < count; ++i) {
    served.puppet.dirty_payload(DirtyType::contact, big + std::to_string(i));
  }
  settle(served.puppet);
  const WireClient other = served.client();
  EventReader next{other};
  EXPECT_TRUE(next.wait_for(dirty + R"({"payloadId":")" + big + std::to_string(count - 1) + "\""));
  EXPECT_GT(next.count(dirty), 100);
  expect_end_of(count, numbers_of(next, big));
  while (slow->Read(&event)) {
  }
  EXPECT_FALSE(slow->Finish().ok());
}

TEST(ServerStreams, SlowReaderIsCutAndWhatItMissedGoesToTheNext) {
  expect_cut_and_the_rest_for_the_next({.stream_events = 200});
}

TEST(ServerStreams, ReaderThatIsTooManyBytesBehindIsCutAsWell) {
  expect_cut_and_the_rest_for_the_next({.stream_bytes = std::size_t{8} << 20U});
}

}  // namespace
}  // namespace wechaty::puppet_service::test
