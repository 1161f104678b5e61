// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <wechaty/puppet.grpc.pb.h>
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "puppet_service/wire/messages.hpp"

namespace wechaty::puppet_service::test {

/// A server by hand, which does exactly what a test wants, right or wrong. It knows the account
/// "bot"; what is not written here is UNIMPLEMENTED.
class ScriptedServer final : public ::wechaty_wire::Puppet::Service {
 public:
  struct Said {
    pb::EventType type;
    std::string payload;
  };
  template <class T>
  using Writer = grpc::ServerWriter<T>;

  explicit ScriptedServer(int port = 0) : port_{port} { start(); }
  ~ScriptedServer() override { stop(); }

  void start() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port_), credentials_, &port_);
    builder.RegisterService(this);
    {
      const std::lock_guard lock{mutex_};
      stopping_ = false;
    }
    server_ = builder.BuildAndStart();
  }
  /// Cuts every connection at once. A stopped server can be started again on its port.
  void stop() {
    {
      const std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    changed_.notify_all();
    if (!server_) return;
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    server_.reset();
  }
  void restart_with(std::shared_ptr<grpc::ServerCredentials> credentials) {
    stop();
    credentials_ = std::move(credentials);
    start();
  }
  [[nodiscard]] std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }

  // --- what the stream of events says ----------------------------------------------------------

  /// What every stream begins with.
  void greet_with(std::vector<Said> greeting) {
    const std::lock_guard lock{mutex_};
    greeting_ = std::move(greeting);
  }
  /// Say something on the open stream, or on the next one.
  void say(pb::EventType type, std::string payload) {
    {
      const std::lock_guard lock{mutex_};
      to_say_.push_back({type, std::move(payload)});
    }
    changed_.notify_all();
  }
  /// End the open stream, after what is to be said.
  void end_stream(grpc::Status status = grpc::Status::OK) {
    {
      const std::lock_guard lock{mutex_};
      end_ = std::move(status);
    }
    changed_.notify_all();
  }

  // --- what calls are answered by; set them before the client starts ----------------------------

  std::string token = "test_token";
  std::function<grpc::Status()> on_event = [] { return grpc::Status::OK; };
  std::function<grpc::Status()> on_start = [] { return grpc::Status::OK; };
  std::function<grpc::Status()> on_stop = [] { return grpc::Status::OK; };
  std::function<grpc::Status()> on_logout = [] { return grpc::Status::OK; };
  std::function<grpc::Status()> on_version = [] { return grpc::Status::OK; };
  std::function<grpc::Status(const pb::MessageSendTextRequest&, pb::MessageSendTextResponse&)>
      on_send_text;
  std::function<grpc::Status(const pb::MessageFileRequest&, pb::MessageFileResponse&)>
      on_message_file;
  std::function<grpc::Status(Writer<pb::MessageFileStreamResponse>&)> on_message_file_stream;
  std::function<grpc::Status(const pb::ContactAliasRequest&, pb::ContactAliasResponse&)> on_alias;
  std::function<grpc::Status(const pb::FriendshipAddRequest&)> on_friendship_add;
  std::function<grpc::Status(const pb::MessageSendFileRequest&, pb::MessageSendFileResponse&)>
      on_send_file;
  std::function<grpc::Status()> on_contact_payload = [] { return grpc::Status::OK; };
  std::function<std::string(const std::string& id)> contact_name = [](const std::string& id) {
    return "name of " + id;
  };
  std::function<void(const std::string& id, pb::MessagePayloadResponse&)> message;
  bool has_upload = true;

  /// The names of the rpcs that were called, in order.
  [[nodiscard]] std::vector<std::string> calls() const {
    const std::lock_guard lock{mutex_};
    return calls_;
  }
  [[nodiscard]] std::ptrdiff_t count(const std::string& rpc) const {
    const auto all = calls();
    return std::count(all.begin(), all.end(), rpc);
  }
  /// @result false after 20 s
  bool wait_for(const std::string& rpc, std::ptrdiff_t count = 1) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::seconds{20}, [&] {
      return std::count(calls_.begin(), calls_.end(), rpc) >= count;
    });
  }
  /// Contents by their id.
  [[nodiscard]] std::map<std::string, std::string> uploads() const {
    const std::lock_guard lock{mutex_};
    return uploads_;
  }
  void store(const std::string& id, std::string content) {
    const std::lock_guard lock{mutex_};
    uploads_[id] = std::move(content);
  }
  /// What came by MessageSendFileStream: name, content.
  [[nodiscard]] std::map<std::string, std::string> streamed() const {
    const std::lock_guard lock{mutex_};
    return streamed_;
  }

 private:
  using Context = grpc::ServerContext;

  /// Notes the call; refuses a wrong token.
  grpc::Status enter(const Context& context, const std::string& rpc) {
    const auto& metadata = context.client_metadata();
    const auto found = metadata.find("authorization");
    const std::string said =
        found == metadata.end() ? "" : std::string{found->second.data(), found->second.size()};
    {
      const std::lock_guard lock{mutex_};
      calls_.push_back(rpc);
    }
    changed_.notify_all();
    if (said == "Wechaty " + token) return grpc::Status::OK;
    // As the reference says it: with the token.
    return {grpc::StatusCode::UNAUTHENTICATED,
            "Invalid Wechaty TOKEN \"" + said.substr(std::min(said.size(), std::size_t{8})) + "\""};
  }

  grpc::Status Event(Context* context, const pb::EventRequest*,
                     Writer<pb::EventResponse>* writer) override {
    if (auto status = enter(*context, "Event"); !status.ok()) return status;
    if (auto status = on_event(); !status.ok()) return status;
    std::deque<Said> mine;
    {
      const std::lock_guard lock{mutex_};
      mine.assign(greeting_.begin(), greeting_.end());
    }
    while (true) {
      for (; !mine.empty(); mine.pop_front()) {
        pb::EventResponse event;
        event.set_type(mine.front().type);
        event.set_payload(mine.front().payload);
        if (!writer->Write(event)) return grpc::Status::CANCELLED;
      }
      std::unique_lock lock{mutex_};
      changed_.wait_for(lock, std::chrono::milliseconds{20},
                        [&] { return stopping_ || !to_say_.empty() || end_; });
      if (context->IsCancelled() || stopping_) return grpc::Status::CANCELLED;
      mine.swap(to_say_);
      if (mine.empty() && end_) return *std::exchange(end_, std::nullopt);
    }
  }

  grpc::Status Start(Context* context, const pb::StartRequest*, pb::StartResponse*) override {
    if (auto status = enter(*context, "Start"); !status.ok()) return status;
    return on_start();
  }
  grpc::Status Stop(Context* context, const pb::StopRequest*, pb::StopResponse*) override {
    if (auto status = enter(*context, "Stop"); !status.ok()) return status;
    return on_stop();
  }
  grpc::Status Logout(Context* context, const pb::LogoutRequest*, pb::LogoutResponse*) override {
    if (auto status = enter(*context, "Logout"); !status.ok()) return status;
    return on_logout();
  }
  grpc::Status Version(Context* context, const pb::VersionRequest*,
                       pb::VersionResponse* response) override {
    if (auto status = enter(*context, "Version"); !status.ok()) return status;
    response->set_version("1");
    return on_version();
  }
  grpc::Status Ding(Context* context, const pb::DingRequest* request, pb::DingResponse*) override {
    if (auto status = enter(*context, "Ding"); !status.ok()) return status;
    say(pb::EVENT_TYPE_DONG, R"({"data":")" + request->data() + R"("})");
    return grpc::Status::OK;
  }
  grpc::Status DirtyPayload(Context* context, const pb::DirtyPayloadRequest* request,
                            pb::DirtyPayloadResponse*) override {
    if (auto status = enter(*context, "DirtyPayload"); !status.ok()) return status;
    say(pb::EVENT_TYPE_DIRTY, R"({"payloadType":)" + std::to_string(request->type()) +
                                  R"(,"payloadId":")" + request->id() + R"("})");
    return grpc::Status::OK;
  }
  grpc::Status ContactPayload(Context* context, const pb::ContactPayloadRequest* request,
                              pb::ContactPayloadResponse* response) override {
    if (auto status = enter(*context, "ContactPayload"); !status.ok()) return status;
    response->set_id(request->id());
    response->set_name(contact_name(request->id()));
    return on_contact_payload();
  }
  grpc::Status ContactAlias(Context* context, const pb::ContactAliasRequest* request,
                            pb::ContactAliasResponse* response) override {
    if (auto status = enter(*context, "ContactAlias"); !status.ok()) return status;
    return on_alias(*request, *response);
  }
  grpc::Status RoomMemberPayload(Context* context, const pb::RoomMemberPayloadRequest* request,
                                 pb::RoomMemberPayloadResponse* response) override {
    if (auto status = enter(*context, "RoomMemberPayload"); !status.ok()) return status;
    response->set_id(request->member_id());
    return grpc::Status::OK;
  }
  grpc::Status FriendshipAdd(Context* context, const pb::FriendshipAddRequest* request,
                             pb::FriendshipAddResponse*) override {
    if (auto status = enter(*context, "FriendshipAdd"); !status.ok()) return status;
    return on_friendship_add(*request);
  }
  grpc::Status MessagePayload(Context* context, const pb::MessagePayloadRequest* request,
                              pb::MessagePayloadResponse* response) override {
    if (auto status = enter(*context, "MessagePayload"); !status.ok()) return status;
    if (!message) return {grpc::StatusCode::NOT_FOUND, "NotFoundError: no such message"};
    message(request->id(), *response);
    return grpc::Status::OK;
  }
  grpc::Status MessageSendText(Context* context, const pb::MessageSendTextRequest* request,
                               pb::MessageSendTextResponse* response) override {
    if (auto status = enter(*context, "MessageSendText"); !status.ok()) return status;
    return on_send_text(*request, *response);
  }
  grpc::Status MessageFile(Context* context, const pb::MessageFileRequest* request,
                           pb::MessageFileResponse* response) override {
    if (auto status = enter(*context, "MessageFile"); !status.ok()) return status;
    return on_message_file(*request, *response);
  }
  grpc::Status MessageFileStream(Context* context, const pb::MessageFileStreamRequest*,
                                 Writer<pb::MessageFileStreamResponse>* writer) override {
    if (auto status = enter(*context, "MessageFileStream"); !status.ok()) return status;
    return on_message_file_stream(*writer);
  }
  grpc::Status MessageSendFile(Context* context, const pb::MessageSendFileRequest* request,
                               pb::MessageSendFileResponse* response) override {
    if (auto status = enter(*context, "MessageSendFile"); !status.ok()) return status;
    return on_send_file(*request, *response);
  }
  grpc::Status MessageSendFileStream(Context* context,
                                     grpc::ServerReader<pb::MessageSendFileStreamRequest>* reader,
                                     pb::MessageSendFileStreamResponse* response) override {
    if (auto status = enter(*context, "MessageSendFileStream"); !status.ok()) return status;
    pb::MessageSendFileStreamRequest part;
    std::string name;
    std::string content;
    while (reader->Read(&part)) {
      if (part.file_box_chunk().has_name()) name = part.file_box_chunk().name();
      content += part.file_box_chunk().data();
    }
    const std::lock_guard lock{mutex_};
    streamed_[name] = content;
    response->mutable_id_string_value_deprecated()->set_value("streamed-1");
    return grpc::Status::OK;
  }
  grpc::Status Upload(Context* context, grpc::ServerReader<pb::UploadRequest>* reader,
                      pb::UploadResponse* response) override {
    if (auto status = enter(*context, "Upload"); !status.ok()) return status;
    if (!has_upload) return {grpc::StatusCode::UNIMPLEMENTED, "unknown method Upload"};
    pb::UploadRequest part;
    std::string content;
    while (reader->Read(&part)) content += part.chunk();
    const std::lock_guard lock{mutex_};
    const std::string number = std::to_string(100'000 + uploads_.size());
    response->set_id("880c188f-0000-4000-8000-000000" + number);
    uploads_[response->id()] = content;
    return grpc::Status::OK;
  }
  grpc::Status Download(Context* context, const pb::DownloadRequest* request,
                        Writer<pb::DownloadResponse>* writer) override {
    if (auto status = enter(*context, "Download"); !status.ok()) return status;
    const auto all = uploads();
    const auto found = all.find(request->id());
    if (found == all.end()) return {grpc::StatusCode::NOT_FOUND, "NotFoundError: no content"};
    pb::DownloadResponse part;
    for (std::size_t place = 0; place < found->second.size(); place += 65'536) {
      part.set_chunk(found->second.substr(place, 65'536));
      if (!writer->Write(part)) return grpc::Status::CANCELLED;
    }
    return grpc::Status::OK;
  }

  int port_;
  std::shared_ptr<grpc::ServerCredentials> credentials_ = grpc::InsecureServerCredentials();
  std::unique_ptr<grpc::Server> server_;

  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable changed_;
  bool stopping_ = false;
  std::vector<Said> greeting_{{pb::EVENT_TYPE_HEARTBEAT, R"({"data":"hello"})"},
                              {pb::EVENT_TYPE_LOGIN, R"({"contactId":"bot"})"},
                              {pb::EVENT_TYPE_READY, "{}"}};
  std::deque<Said> to_say_;
  std::optional<grpc::Status> end_;
  std::vector<std::string> calls_;
  std::map<std::string, std::string> uploads_;
  std::map<std::string, std::string> streamed_;
};

}  // namespace wechaty::puppet_service::test
