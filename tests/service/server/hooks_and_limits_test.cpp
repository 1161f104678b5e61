// SPDX-License-Identifier: Apache-2.0
#include <grpc/health/v1/health.pb.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>

#include "puppet_service/server/hook_pool.hpp"
#include "service/server/served_mock.hpp"
#include "wechaty/puppet/engine/call_scope.hpp"

namespace wechaty::puppet_service::test {
namespace {

using namespace puppet;
using grpc::StatusCode;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A puppet whose sends wait until they are let go, or their caller has given up.
class WaitingPuppet final : public Puppet {
 public:
  ~WaitingPuppet() override {
    let_go();
    stop();
  }

  void let_go() {
    const std::lock_guard lock{mutex_};
    free_ = true;
    changed_.notify_all();
  }
  /// Wait until so many sends are waiting; false after 20 s.
  bool wait_for_waiting(int count) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, seconds{20}, [&] { return waiting_ == count; });
  }
  /// Wait until so many callers have given up.
  bool wait_for_given_up(int count) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, seconds{20}, [&] { return given_up_ == count; });
  }
  std::atomic<bool> start_waits = false;

 protected:
  void do_start() override {
    if (start_waits) hold({});
    login("me");
    ready();
    heartbeat();
  }
  void do_stop() override {}
  void do_logout(std::string_view) override {}
  ContactPayload do_contact_payload(std::string_view id) override {
    if (id == "slow") hold(CallScope::current());
    return {.id = std::string{id}, .name = std::string{id}};
  }
  std::string do_message_send_text(std::string_view, std::string_view text,
                                   const MessageSendOptions&) override {
    if (text == "quick") return "sent-quick-" + std::to_string(++sent_);
    hold(CallScope::current());
    return "sent-" + std::to_string(++sent_);
  }

 private:
  void hold(const std::stop_token& token) {
    std::unique_lock lock{mutex_};
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, token, [&] { return free_; });
    --waiting_;
    if (token.stop_requested()) {
      ++given_up_;
      changed_.notify_all();
      throw CancelledError{"the caller has given up"};
    }
    changed_.notify_all();
  }

  std::atomic<int> sent_ = 0;
  std::mutex mutex_;  // guards everything below
  std::condition_variable_any changed_;
  bool free_ = false;
  int waiting_ = 0;
  int given_up_ = 0;
};

struct ServedWaiting {
  explicit ServedWaiting(const PuppetServerOptions& options = test_options())
      : server{puppet, options} {
    server.start();
  }
  ~ServedWaiting() {
    puppet.let_go();
    server.stop(milliseconds{100});
  }
  void log_in(const WireClient& client) {
    EventReader events{client};
    (void)client.ask<pb::StartResponse>("Start", pb::StartRequest{});
    ASSERT_TRUE(events.wait_for("23 "));
  }
  static grpc::Status send(const WireClient& client, const std::string& text,
                           milliseconds timeout = seconds{20}) {
    pb::MessageSendTextRequest request;
    request.set_conversation_id("alice");
    request.set_text(text);
    pb::MessageSendTextResponse response;
    return client.try_to("MessageSendText", request, response, timeout);
  }
  std::future<grpc::Status> send_later(const WireClient& client, milliseconds timeout) {
    return std::async(std::launch::async,
                      [&client, timeout] { return send(client, "slow", timeout); });
  }

  WaitingPuppet puppet;
  PuppetServer server;
  [[nodiscard]] WireClient client() const { return WireClient{server.endpoint()}; }
};

TEST(ServerHooks, SlowOnesHoldUpNobodyElse) {
  ServedWaiting served;
  const WireClient client = served.client();
  served.log_in(client);
  std::vector<std::future<grpc::Status>> slow;
  for (int i = 0; i < 20; ++i) slow.push_back(served.send_later(client, seconds{20}));
  ASSERT_TRUE(served.puppet.wait_for_waiting(20)) << "twenty at once, on a handful of threads";
  EXPECT_TRUE(ServedWaiting::send(client, "quick").ok());
  served.puppet.let_go();
  for (auto& one : slow) EXPECT_TRUE(one.get().ok());
}

TEST(ServerHooks, DeadlineOfTheCallerReachesTheHook) {
  ServedWaiting served;
  const WireClient client = served.client();
  served.log_in(client);
  EXPECT_EQ(ServedWaiting::send(client, "slow", milliseconds{300}).error_code(),
            StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(served.puppet.wait_for_given_up(1));
}

TEST(ServerHooks, CancellationReachesTheHook) {
  ServedWaiting served;
  const WireClient client = served.client();
  served.log_in(client);
  grpc::ClientContext context;
  client.prepare(context);
  auto call = std::async(std::launch::async, [&] {
    pb::MessageSendTextRequest request;
    request.set_conversation_id("alice");
    request.set_text("slow");
    pb::MessageSendTextResponse response;
    return client.call("/wechaty.Puppet/MessageSendText", request, response, context);
  });
  ASSERT_TRUE(served.puppet.wait_for_waiting(1));
  context.TryCancel();
  EXPECT_EQ(call.get().error_code(), StatusCode::CANCELLED);
  EXPECT_TRUE(served.puppet.wait_for_given_up(1));
}

TEST(ServerHooks, APayloadIsGivenUpWhenTheLastWhoAsksIsGone) {
  ServedWaiting served;
  const WireClient client = served.client();
  served.log_in(client);
  grpc::ClientContext contexts[2];
  std::vector<std::future<grpc::Status>> calls;
  for (auto& context : contexts) {
    client.prepare(context);
    calls.push_back(std::async(std::launch::async, [&client, &context] {
      pb::ContactPayloadRequest request;
      request.set_id("slow");
      pb::ContactPayloadResponse response;
      return client.call("/wechaty.Puppet/ContactPayload", request, response, context);
    }));
  }
  ASSERT_TRUE(served.puppet.wait_for_waiting(1)) << "one fetch for both";
  contexts[0].TryCancel();
  EXPECT_EQ(calls[0].get().error_code(), StatusCode::CANCELLED);
  EXPECT_TRUE(served.puppet.wait_for_waiting(1)) << "the other still waits";
  contexts[1].TryCancel();
  EXPECT_EQ(calls[1].get().error_code(), StatusCode::CANCELLED);
  EXPECT_TRUE(served.puppet.wait_for_given_up(1));
}

TEST(ServerHooks, CallTooManyIsRefusedAndACancelledOneFreesItsPlace) {
  PuppetServerOptions options = test_options();
  options.limits.calls = 1;
  ServedWaiting served{options};
  const WireClient client = served.client();
  served.log_in(client);
  auto slow = served.send_later(client, seconds{3});
  ASSERT_TRUE(served.puppet.wait_for_waiting(1));
  const auto refused = ServedWaiting::send(client, "quick");
  EXPECT_EQ(refused.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(refused.error_message(), "TooLargeError: no more than 1 calls at a time");
  EXPECT_EQ(slow.get().error_code(), StatusCode::DEADLINE_EXCEEDED);
  ASSERT_TRUE(served.puppet.wait_for_given_up(1));
  EXPECT_TRUE(ServedWaiting::send(client, "quick").ok());
}

TEST(ServerHooks, CallsWithoutTheirMessageAreEndedAndSlowHooksAreNot) {
  PuppetServerOptions options = test_options();
  options.limits.file_idle = milliseconds{60};
  ServedWaiting served{options};
  const WireClient client = served.client();
  served.log_in(client);
  auto slow = served.send_later(client, seconds{20});
  ASSERT_TRUE(served.puppet.wait_for_waiting(1));
  for (const std::string rpc : {"Version", "Download", "MessageFileStream"}) {
    grpc::ClientContext context;
    client.prepare(context);
    context.set_deadline(std::chrono::system_clock::now() + seconds{20});
    pb::VersionResponse response;
    const auto silent =
        client.write<pb::VersionRequest>("/wechaty.Puppet/" + rpc, response, context);
    const auto status = silent->Finish();
    EXPECT_EQ(status.error_code(), StatusCode::DEADLINE_EXCEEDED) << rpc;
    EXPECT_EQ(status.error_message(), "TimeoutError: no frame for 60 ms") << rpc;
  }
  served.puppet.let_go();
  EXPECT_TRUE(slow.get().ok()) << "it was silent for longer than that";
}

TEST(ServerHooks, StartThatTakesLongIsToldAndGoesOn) {
  PuppetServerOptions options = test_options();
  options.start_timeout = milliseconds{50};
  ServedWaiting served{options};
  served.puppet.start_waits = true;
  const WireClient client = served.client();
  EventReader events{client};
  pb::StartResponse response;
  const auto status = client.try_to("Start", pb::StartRequest{}, response);
  EXPECT_EQ(status.error_code(), StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(status.error_message(), "TimeoutError: Timeout after 50 ms");
  served.puppet.let_go();
  EXPECT_TRUE(events.wait_for("25 "));
}

TEST(ServerHooks, StartThatItsCallerGaveUpBeforeItBeganIsNotMade) {
  PuppetServerOptions options = test_options();
  options.limits.hook_threads = 1;
  options.limits.calls = 2;
  ServedWaiting served{options};
  const WireClient client = served.client();
  pb::ContactPayloadRequest slow;
  slow.set_id("slow");
  auto busy = std::async(std::launch::async, [&] {
    pb::ContactPayloadResponse response;
    return client.try_to("ContactPayload", slow, response);
  });
  ASSERT_TRUE(served.puppet.wait_for_waiting(1));
  const auto call_for_a_moment = [&](const std::string& rpc) {
    grpc::ClientContext context;
    client.prepare(context);
    context.set_deadline(std::chrono::system_clock::now() + milliseconds{100});
    pb::VersionResponse response;  // empty as any of the requests
    return client.call("/wechaty.Puppet/" + rpc, pb::VersionRequest{}, response, context)
        .error_code();
  };
  EXPECT_EQ(call_for_a_moment("Start"), StatusCode::DEADLINE_EXCEEDED);
  while (call_for_a_moment("Version") == StatusCode::RESOURCE_EXHAUSTED) {
    // The server has not heard yet that the caller of Start has gone.
  }
  served.puppet.let_go();
  EXPECT_TRUE(busy.get().ok());
  // Behind it in the queue of the only thread.
  EXPECT_NO_THROW((void)client.ask<pb::VersionResponse>("Version", pb::VersionRequest{}));
  EXPECT_EQ(served.puppet.state(), puppet::ServiceMixin::State::stopped);
}

TEST(ServerHooks, LimitThatLetsNothingThroughIsRefused) {
  WaitingPuppet puppet;
  for (const auto limit :
       {&ServerLimits::message_bytes, &ServerLimits::connection_bytes, &ServerLimits::calls,
        &ServerLimits::hook_threads, &ServerLimits::event_streams, &ServerLimits::file_streams,
        &ServerLimits::stream_events, &ServerLimits::stream_bytes}) {
    PuppetServerOptions options = test_options();
    options.limits.*limit = 0;
    EXPECT_THROW((PuppetServer{puppet, options}), InvalidArgumentError);
  }
  PuppetServerOptions options = test_options();
  options.limits.health_streams = 0;
  options.limits.journal_events = 0;
  EXPECT_NO_THROW((PuppetServer{puppet, options}));
}

TEST(ServerHooks, EventStreamTooManyIsRefused) {
  PuppetServerOptions options = test_options();
  options.limits.event_streams = 1;
  ServedMock served{options};
  const WireClient client = served.client();
  EventReader first{client};
  ASSERT_TRUE(first.wait_for("1 "));
  EventReader second{client};
  const auto ended = second.wait_for_end();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->error_code(), StatusCode::RESOURCE_EXHAUSTED);
}

TEST(ServerHooks, MessageTooLargeIsRefused) {
  PuppetServerOptions options = test_options();
  options.limits.message_bytes = 10'000;
  ServedMock served{options};
  const WireClient client = served.client();
  pb::DingRequest request;
  request.set_data(std::string(20'000, 'x'));
  pb::DingResponse response;
  EXPECT_EQ(client.try_to("Ding", request, response).error_code(), StatusCode::RESOURCE_EXHAUSTED);
}

TEST(ServerHooks, ClosingEndsStreamsAndCallsUnderWay) {
  ServedWaiting served;
  const WireClient client = served.client();
  served.log_in(client);
  EventReader events{client};
  ASSERT_TRUE(events.wait_for("1 "));
  auto slow = served.send_later(client, seconds{20});
  ASSERT_TRUE(served.puppet.wait_for_waiting(1));
  served.server.stop(milliseconds{10});
  const auto ended = events.wait_for_end();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->error_code(), StatusCode::UNAVAILABLE);
  EXPECT_FALSE(slow.get().ok());
  EXPECT_TRUE(served.puppet.wait_for_given_up(1));
}

TEST(ServerHooks, ClosingDoesNotWaitForPeersThatOnlyStay) {
  ServedWaiting served;
  const WireClient idle = served.client();  // does not even answer gRPC's farewell
  served.log_in(idle);
  grpc::ClientContext context;
  idle.prepare(context);
  const auto watch = idle.read<::grpc::health::v1::HealthCheckResponse>(
      "/grpc.health.v1.Health/Watch", ::grpc::health::v1::HealthCheckRequest{}, context);
  ::grpc::health::v1::HealthCheckResponse health;
  ASSERT_TRUE(watch->Read(&health));
  const auto before = std::chrono::steady_clock::now();
  served.server.stop(seconds{60});
  EXPECT_LT(std::chrono::steady_clock::now() - before, seconds{20});
}

// --- health ----------------------------------------------------------------------------------

using Health = ::grpc::health::v1::HealthCheckResponse;

Health::ServingStatus health(const WireClient& client, const std::string& service = "") {
  grpc::ClientContext context;
  client.prepare(context);
  ::grpc::health::v1::HealthCheckRequest request;
  request.set_service(service);
  Health response;
  const auto status = client.call("/grpc.health.v1.Health/Check", request, response, context);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.status();
}

TEST(ServerHealth, IsByTheAgeOfTheHeartbeatAndNeedsNoToken) {
  PuppetServerOptions options = test_options();
  options.health_timeout = milliseconds{400};
  ServedWaiting served{options};  // beats once, when it starts
  const WireClient stranger{served.server.endpoint(), {.authority = "nobody"}};
  EXPECT_EQ(health(stranger), Health::SERVICE_UNKNOWN);
  served.log_in(served.client());
  EXPECT_EQ(health(stranger, "whatever"), Health::SERVING);
  const auto end = std::chrono::steady_clock::now() + seconds{20};
  while (health(stranger) == Health::SERVING && std::chrono::steady_clock::now() < end) {
  }
  EXPECT_EQ(health(stranger), Health::NOT_SERVING);
}

TEST(ServerHealth, ACheckThatAsksNothingIsEnded) {
  PuppetServerOptions options = test_options();
  options.limits.file_idle = milliseconds{60};
  ServedMock served{options};
  const WireClient stranger{served.server.endpoint(), {.authority = "nobody"}};
  grpc::ClientContext context;
  stranger.prepare(context);
  grpc::health::v1::HealthCheckResponse response;
  const auto silent = stranger.write<grpc::health::v1::HealthCheckRequest>(
      "/grpc.health.v1.Health/Check", response, context);
  EXPECT_EQ(silent->Finish().error_code(), StatusCode::DEADLINE_EXCEEDED);
}

TEST(ServerHealth, ACheckTooManyIsRefused) {
  PuppetServerOptions options = test_options();
  options.limits.health_streams = 1;
  ServedMock served{options};
  const WireClient stranger{served.server.endpoint(), {.authority = "nobody"}};
  grpc::ClientContext context;
  stranger.prepare(context);
  grpc::health::v1::HealthCheckResponse response;
  const auto silent = stranger.write<grpc::health::v1::HealthCheckRequest>(
      "/grpc.health.v1.Health/Check", response, context);
  const auto end = std::chrono::steady_clock::now() + seconds{20};
  auto code = StatusCode::OK;
  while (code == StatusCode::OK && std::chrono::steady_clock::now() < end) {
    grpc::ClientContext another;
    stranger.prepare(another);
    code = stranger
               .call("/grpc.health.v1.Health/Check", ::grpc::health::v1::HealthCheckRequest{},
                     response, another)
               .error_code();
  }
  EXPECT_EQ(code, StatusCode::RESOURCE_EXHAUSTED);
  context.TryCancel();
  (void)silent->Finish();
}

TEST(ServerHealth, WatchTellsChangesOnly) {
  PuppetServerOptions options = test_options();
  options.health_timeout = milliseconds{400};
  options.health_interval = milliseconds{10};
  ServedWaiting served{options};
  const WireClient client = served.client();
  grpc::ClientContext context;
  client.prepare(context);
  const auto watch = client.read<Health>("/grpc.health.v1.Health/Watch",
                                         ::grpc::health::v1::HealthCheckRequest{}, context);
  Health response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), Health::SERVICE_UNKNOWN);
  served.log_in(client);
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), Health::SERVING);
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), Health::NOT_SERVING);
  context.TryCancel();
  while (watch->Read(&response)) {
  }
  EXPECT_EQ(watch->Finish().error_code(), StatusCode::CANCELLED);
}

// --- the pool --------------------------------------------------------------------------------

TEST(HookPool, MakesThreadsForTasksThatWaitBehindBlockedOnes) {
  HookPool pool{{.usual_threads = 1, .max_threads = 8}};
  std::latch all{8};
  for (int i = 0; i < 8; ++i) pool.post([&] { all.arrive_and_wait(); });
  all.wait();
  EXPECT_EQ(pool.threads(), 8U);
}

TEST(HookPool, NeverHasMoreThreadsThanItMay) {
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  std::latch done{50};
  {
    HookPool pool{{.usual_threads = 1, .max_threads = 3, .patience = milliseconds{0}}};
    for (int i = 0; i < 50; ++i) {
      pool.post([&] {
        const int count = ++now;
        int seen = most;
        while (count > seen && !most.compare_exchange_weak(seen, count)) {
        }
        std::this_thread::yield();
        --now;
        done.count_down();
      });
    }
    done.wait();
  }
  EXPECT_LE(most, 3);
}

TEST(HookPool, BearsASystemWithoutThreads) {
  std::atomic<int> refusals = 3;
  HookPool pool{
      {.usual_threads = 1, .max_threads = 2, .make_thread = [&](std::function<void()> run) {
         if (refusals-- > 0) {
           throw std::system_error{std::make_error_code(std::errc::resource_unavailable_try_again)};
         }
         return std::thread{std::move(run)};
       }}};
  std::latch done{1};
  pool.post([&] { done.count_down(); });
  done.wait();
  EXPECT_LT(refusals, 0);
}

TEST(HookPool, ForgetsWhatHasNotBegun) {
  HookPool pool{{.usual_threads = 1, .max_threads = 1}};
  std::latch began{1};
  std::latch go_on{1};
  std::atomic<bool> ran = false;
  const auto first = pool.post([&] {
    began.count_down();
    go_on.wait();
  });
  const auto second = pool.post([&] { ran = true; });
  began.wait();
  EXPECT_TRUE(pool.forget(second));
  EXPECT_FALSE(pool.forget(second));
  EXPECT_FALSE(pool.forget(first));
  std::latch last{1};
  go_on.count_down();
  pool.post([&] { last.count_down(); });
  last.wait();
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace wechaty::puppet_service::test
