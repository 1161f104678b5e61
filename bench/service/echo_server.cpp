// SPDX-License-Identifier: Apache-2.0
// The least that answers the same rpcs with the same messages: gRPC's callback API and nothing
// behind it.
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <wechaty/puppet.grpc.pb.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>

#include "commands.hpp"

namespace {

namespace pb = ::wechaty_wire::puppet;

constexpr std::size_t chunk_bytes = 256 * 1024;  // as ours
const std::string chunk(chunk_bytes, 'x');

/// The one stream of events, with buffer hints as ours: not at the first, 16 KiB at most.
class Events final : public grpc::ServerWriteReactor<pb::EventResponse> {
 public:
  explicit Events(pb::EventType type, std::string payload) { push(type, std::move(payload)); }

  void push(pb::EventType type, std::string payload) {
    pb::EventResponse event;
    event.set_type(type);
    event.set_payload(std::move(payload));
    const std::lock_guard lock{mutex_};
    queue_.push_back(std::move(event));
    if (!is_writing_) write_next();
  }

 private:
  void write_next() {
    current_ = std::move(queue_.front());
    queue_.pop_front();
    is_writing_ = true;
    grpc::WriteOptions options;
    const bool may_wait = has_begun_ && !queue_.empty() && hinted_ < 16 * 1024;
    if (may_wait) options.set_buffer_hint();
    hinted_ = may_wait ? hinted_ + current_.payload().size() : 0;
    has_begun_ = true;
    StartWrite(&current_, options);
  }
  void OnWriteDone(bool ok) override {
    const std::lock_guard lock{mutex_};
    is_writing_ = false;
    if (ok && !queue_.empty()) write_next();
  }
  void OnCancel() override { Finish(grpc::Status::CANCELLED); }
  void OnDone() override {}  // kept by the service

  std::mutex mutex_;  // guards everything below
  std::deque<pb::EventResponse> queue_;
  pb::EventResponse current_;
  bool is_writing_ = false;
  bool has_begun_ = false;
  std::size_t hinted_ = 0;
};

class Download final : public grpc::ServerWriteReactor<pb::DownloadResponse> {
 public:
  explicit Download(std::size_t bytes) : left_{bytes} { next(); }

 private:
  void next() {
    if (left_ == 0) {
      Finish(grpc::Status::OK);
      return;
    }
    const std::size_t size = std::min(left_, chunk_bytes);
    left_ -= size;
    response_.set_chunk(chunk.data(), size);
    StartWrite(&response_);
  }
  void OnWriteDone(bool ok) override {
    if (ok) next();
  }
  void OnCancel() override { Finish(grpc::Status::CANCELLED); }
  void OnDone() override { delete this; }  // NOLINT: gRPC's way

  std::size_t left_;
  pb::DownloadResponse response_;
};

class Upload final : public grpc::ServerReadReactor<pb::UploadRequest> {
 public:
  explicit Upload(pb::UploadResponse& response) : response_{response} { StartRead(&request_); }

 private:
  void OnReadDone(bool ok) override {
    if (ok) {
      bytes_ += request_.chunk().size();
      StartRead(&request_);
      return;
    }
    response_.set_id(std::to_string(bytes_));
    Finish(grpc::Status::OK);
  }
  void OnDone() override { delete this; }  // NOLINT: gRPC's way

  pb::UploadResponse& response_;
  pb::UploadRequest request_;
  std::size_t bytes_ = 0;
};

class Echo final : public ::wechaty_wire::Puppet::CallbackService {
 public:
  void event(pb::EventType type, std::string payload) {
    std::shared_ptr<Events> events;
    {
      const std::lock_guard lock{mutex_};
      if (!streams_.empty()) events = streams_.back();
    }
    if (events) events->push(type, std::move(payload));
  }

 private:
  static grpc::ServerUnaryReactor* done(grpc::CallbackServerContext* context) {
    auto* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
  grpc::ServerUnaryReactor* Start(grpc::CallbackServerContext* context, const pb::StartRequest*,
                                  pb::StartResponse*) override {
    event(pb::EVENT_TYPE_READY, R"({"data":"ready"})");
    return done(context);
  }
  grpc::ServerUnaryReactor* ContactPayload(grpc::CallbackServerContext* context,
                                           const pb::ContactPayloadRequest* request,
                                           pb::ContactPayloadResponse* response) override {
    response->set_id(request->id());
    response->set_name("Alice");
    response->set_type(pb::CONTACT_TYPE_PERSONAL);
    return done(context);
  }
  grpc::ServerUnaryReactor* MessageSendText(grpc::CallbackServerContext* context,
                                            const pb::MessageSendTextRequest*,
                                            pb::MessageSendTextResponse* response) override {
    const std::string id = "message-" + std::to_string(++messages_);
    response->set_id(id);
    response->mutable_id_string_value_deprecated()->set_value(id);
    event(pb::EVENT_TYPE_MESSAGE, "{\"messageId\":\"" + id + "\"}");
    return done(context);
  }
  grpc::ServerWriteReactor<pb::EventResponse>* Event(grpc::CallbackServerContext*,
                                                     const pb::EventRequest*) override {
    auto events = std::make_shared<Events>(pb::EVENT_TYPE_HEARTBEAT, R"({"data":"connected"})");
    const std::lock_guard lock{mutex_};
    streams_.push_back(events);
    return events.get();
  }
  grpc::ServerWriteReactor<pb::DownloadResponse>* Download(
      grpc::CallbackServerContext*, const pb::DownloadRequest* request) override {
    return new ::Download{std::stoul(request->id())};
  }
  grpc::ServerReadReactor<pb::UploadRequest>* Upload(grpc::CallbackServerContext*,
                                                     pb::UploadResponse* response) override {
    return new ::Upload{*response};
  }

  std::atomic<std::int64_t> messages_{0};
  std::mutex mutex_;  // guards streams_
  std::vector<std::shared_ptr<Events>> streams_;
};

}  // namespace

int main() {
  Echo echo;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&echo);
  builder.SetMaxSendMessageSize(-1);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 1'024);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  const auto server = builder.BuildAndStart();
  std::cout << bench_service::greeting << "127.0.0.1:" << port << std::endl;
  bench_service::obey(
      [&](std::int64_t number) {
        echo.event(pb::EVENT_TYPE_MESSAGE,
                   "{\"messageId\":\"message-" + std::to_string(number) + "\"}");
      },
      [&](const std::string& data) {
        echo.event(pb::EVENT_TYPE_DONG, "{\"data\":\"" + data + "\"}");
      });
  server->Shutdown(std::chrono::system_clock::now());
}
