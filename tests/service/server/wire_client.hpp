// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/rpc_method.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/sync_stream.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "puppet_service/wire/messages.hpp"

namespace wechaty::puppet_service::test {

inline constexpr const char* test_token = "insecure_3b1bd3a5-2d5a-4c0e-9a31-111111111111";

/// How a client presents itself.
struct Presenting {
  std::optional<std::string> authority = test_token;  ///< the HTTP/2 :authority
  std::optional<std::string> authorization{};         ///< the metadata
  std::string ca{};                                   ///< PEM text: with TLS
  std::string server_name{};                          ///< with TLS: whom to expect
};

/// A client that speaks the messages of the wire and does nothing by itself.
class WireClient {
 public:
  explicit WireClient(const std::string& endpoint, Presenting presenting = {})
      : presenting_{std::move(presenting)} {
    grpc::ChannelArguments arguments;
    if (presenting_.authority) {
      arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, *presenting_.authority);
    }
    if (!presenting_.server_name.empty()) {
      arguments.SetSslTargetNameOverride(presenting_.server_name);
    }
    arguments.SetMaxReceiveMessageSize(-1);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);            // who does not read is felt at once
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 20);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
    auto credentials = grpc::InsecureChannelCredentials();
    if (!presenting_.ca.empty()) {
      grpc::SslCredentialsOptions options;
      options.pem_root_certs = presenting_.ca;
      credentials = grpc::SslCredentials(options);
    }
    channel_ = grpc::CreateCustomChannel(endpoint, credentials, arguments);
  }

  void prepare(grpc::ClientContext& context,
               std::chrono::milliseconds timeout = std::chrono::seconds{20}) const {
    if (presenting_.authorization) {
      context.AddMetadata("authorization", *presenting_.authorization);
    }
    context.set_deadline(std::chrono::system_clock::now() + timeout);
    context.set_wait_for_ready(true);
  }

  template <class Request, class Response>
  grpc::Status call(const std::string& path, const Request& request, Response& response,
                    grpc::ClientContext& context) const {
    const grpc::internal::RpcMethod method{path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC};
    return grpc::internal::BlockingUnaryCall<Request, Response>(channel_.get(), method, &context,
                                                                request, &response);
  }

  /// A call of wechaty.Puppet that must succeed; throws with the status when it does not.
  template <class Response, class Request>
  Response ask(const std::string& rpc, const Request& request) const {
    Response response;
    const grpc::Status status = try_to(rpc, request, response);
    if (!status.ok()) {
      throw std::runtime_error{rpc + ": " + std::to_string(status.error_code()) + " " +
                               status.error_message()};
    }
    return response;
  }
  template <class Request, class Response>
  grpc::Status try_to(const std::string& rpc, const Request& request, Response& response,
                      std::chrono::milliseconds timeout = std::chrono::seconds{20}) const {
    grpc::ClientContext context;
    prepare(context, timeout);
    return call("/wechaty.Puppet/" + rpc, request, response, context);
  }

  template <class Response, class Request>
  std::unique_ptr<grpc::ClientReader<Response>> read(const std::string& path,
                                                     const Request& request,
                                                     grpc::ClientContext& context) const {
    const grpc::internal::RpcMethod method{path.c_str(),
                                           grpc::internal::RpcMethod::SERVER_STREAMING};
    return std::unique_ptr<grpc::ClientReader<Response>>{
        grpc::internal::ClientReaderFactory<Response>::Create(channel_.get(), method, &context,
                                                              request)};
  }
  template <class Request, class Response>
  std::unique_ptr<grpc::ClientWriter<Request>> write(const std::string& path, Response& response,
                                                     grpc::ClientContext& context) const {
    const grpc::internal::RpcMethod method{path.c_str(),
                                           grpc::internal::RpcMethod::CLIENT_STREAMING};
    return std::unique_ptr<grpc::ClientWriter<Request>>{
        grpc::internal::ClientWriterFactory<Request>::Create(channel_.get(), method, &context,
                                                             &response)};
  }

  [[nodiscard]] grpc::Channel& channel() const { return *channel_; }

 private:
  const Presenting presenting_;
  std::shared_ptr<grpc::Channel> channel_;
};

/// An open Event stream, read by a thread of its own into lines such as `25 {"contactId":"bot"}`.
class EventReader {
 public:
  explicit EventReader(const WireClient& client) {
    client.prepare(context_, std::chrono::minutes{2});
    reader_ = client.read<pb::EventResponse>("/wechaty.Puppet/Event", pb::EventRequest{}, context_);
    thread_ = std::thread{[this] { run(); }};
  }
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;
  ~EventReader() {
    cancel();
    thread_.join();
  }

  void cancel() { context_.TryCancel(); }

  [[nodiscard]] std::vector<std::string> all() const {
    const std::lock_guard lock{mutex_};
    return lines_;
  }
  [[nodiscard]] std::ptrdiff_t count(const std::string& beginning) const {
    const std::lock_guard lock{mutex_};
    return count_locked(beginning);
  }
  /// Wait for `count` lines that begin so; false after 20 s.
  [[nodiscard]] bool wait_for(const std::string& beginning, std::ptrdiff_t count = 1) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::seconds{20},
                             [&] { return count_locked(beginning) >= count; });
  }
  /// Wait for the end of the stream; nullopt after 20 s.
  [[nodiscard]] std::optional<grpc::Status> wait_for_end() {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, std::chrono::seconds{20}, [&] { return status_.has_value(); });
    return status_;
  }

 private:
  void run() {
    pb::EventResponse event;
    while (reader_->Read(&event)) {
      {
        const std::lock_guard lock{mutex_};
        lines_.push_back(std::to_string(static_cast<int>(event.type())) + " " + event.payload());
      }
      changed_.notify_all();
    }
    const grpc::Status status = reader_->Finish();
    {
      const std::lock_guard lock{mutex_};
      status_ = status;
    }
    changed_.notify_all();
  }
  [[nodiscard]] std::ptrdiff_t count_locked(const std::string& beginning) const {
    return std::count_if(lines_.begin(), lines_.end(),
                         [&](const auto& line) { return line.starts_with(beginning); });
  }

  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<pb::EventResponse>> reader_;
  mutable std::mutex mutex_;  // guards lines_, status_
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  std::optional<grpc::Status> status_;
  std::thread thread_;
};

}  // namespace wechaty::puppet_service::test
