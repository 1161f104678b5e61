// SPDX-License-Identifier: Apache-2.0
#include "load.hpp"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <wechaty/puppet.grpc.pb.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "commands.hpp"

namespace bench_service {

namespace pb = ::wechaty_wire::puppet;

namespace {

constexpr std::chrono::seconds patience{60};
constexpr std::size_t upload_chunk = 64 * 1024;

void authorize(grpc::ClientContext& context) {
  context.AddMetadata("authorization", std::string{"Wechaty "} + token);
}

void check(const grpc::Status& status, const char* what) {
  if (!status.ok()) throw std::runtime_error{std::string{what} + ": " + status.error_message()};
}

/// One of the calls in flight: begins again when it has ended.
template <class Request, class Response>
struct Chain {
  using Begin = std::function<void(grpc::ClientContext*, const Request*, Response*,
                                   std::function<void(grpc::Status)>)>;

  Request request;
  Response response;
  std::unique_ptr<grpc::ClientContext> context;
};

}  // namespace

struct Load::Impl {
  explicit Impl(const std::string& endpoint)
      : channel{grpc::CreateCustomChannel(endpoint, grpc::InsecureChannelCredentials(),
                                          arguments())},
        stub{::wechaty_wire::Puppet::NewStub(channel)} {
    authorize(event_context);
    reader = stub->Event(&event_context, {});
    listener = std::thread{[this] { listen(); }};
  }
  ~Impl() {
    event_context.TryCancel();
    listener.join();
  }

  static grpc::ChannelArguments arguments() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetMaxReceiveMessageSize(-1);
    return arguments;
  }

  void listen() {
    pb::EventResponse event;
    while (reader->Read(&event)) {
      const std::int64_t now = monotonic_ns();
      const std::lock_guard lock{mutex};
      is_open = true;
      switch (event.type()) {
        case pb::EVENT_TYPE_READY: ready = true; break;
        case pb::EVENT_TYPE_MESSAGE: ++messages; break;
        case pb::EVENT_TYPE_DONG: {
          const std::string& text = event.payload();
          const auto digit = text.find_first_of("0123456789");
          dongs.push_back(static_cast<double>(now - std::stoll(text.substr(digit))));
          break;
        }
        default: break;
      }
      if (wanted && wanted()) changed.notify_all();
    }
  }

  /// Wait for what listen() has heard.
  void wait(const std::function<bool()>& condition) {
    std::unique_lock lock{mutex};
    wanted = condition;  // not woken by each of thousands
    const bool came = changed.wait_for(lock, patience, condition);
    wanted = nullptr;
    if (!came) throw std::runtime_error{"events do not come"};
  }

  template <class Request, class Response>
  void run(std::size_t calls, std::size_t in_flight, const Request& request,
           const typename Chain<Request, Response>::Begin& begin) {
    std::atomic<std::size_t> begun{0};
    std::size_t running = in_flight;  // under done_mutex
    std::string failure;              // under done_mutex
    std::mutex done_mutex;
    std::condition_variable done;
    std::vector<Chain<Request, Response>> chains(in_flight);
    std::function<void(Chain<Request, Response>&)> next = [&](Chain<Request, Response>& chain) {
      if (begun.fetch_add(1) >= calls) {
        const std::lock_guard lock{done_mutex};
        if (--running == 0) done.notify_one();
        return;
      }
      chain.context = std::make_unique<grpc::ClientContext>();
      authorize(*chain.context);
      begin(chain.context.get(), &chain.request, &chain.response, [&](const grpc::Status& status) {
        if (!status.ok()) {
          const std::lock_guard lock{done_mutex};
          failure = status.error_message();
          begun = calls;
        }
        next(chain);
      });
    };
    for (auto& chain : chains) {
      chain.request = request;
      next(chain);
    }
    std::unique_lock lock{done_mutex};
    done.wait(lock, [&] { return running == 0; });
    if (!failure.empty()) throw std::runtime_error{failure};
  }

  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<::wechaty_wire::Puppet::Stub> stub;
  grpc::ClientContext event_context;
  std::unique_ptr<grpc::ClientReader<pb::EventResponse>> reader;

  std::mutex mutex;  // guards everything below but listener
  std::condition_variable changed;
  std::function<bool()> wanted;
  bool is_open = false;
  bool ready = false;
  std::size_t messages = 0;
  std::vector<double> dongs;

  std::thread listener;
};

Load::Load(const std::string& endpoint) : impl_{std::make_unique<Impl>(endpoint)} {}
Load::~Load() = default;

void Load::start() {
  // A server that keeps no events for later has none for a stream that it has not seen yet.
  impl_->wait([this] { return impl_->is_open; });
  grpc::ClientContext context;
  authorize(context);
  pb::StartResponse response;
  check(impl_->stub->Start(&context, {}, &response), "Start");
  impl_->wait([this] { return impl_->ready; });
}

void Load::contact_payloads(std::size_t calls, std::size_t in_flight) {
  pb::ContactPayloadRequest request;
  request.set_id("alice");
  impl_->run<pb::ContactPayloadRequest, pb::ContactPayloadResponse>(
      calls, in_flight, request, [this](auto* context, const auto* in, auto* out, auto done) {
        impl_->stub->async()->ContactPayload(context, in, out, std::move(done));
      });
}

void Load::send_texts(std::size_t calls, std::size_t in_flight) {
  pb::MessageSendTextRequest request;
  request.set_conversation_id("alice");
  request.set_text("hello");
  impl_->run<pb::MessageSendTextRequest, pb::MessageSendTextResponse>(
      calls, in_flight, request, [this](auto* context, const auto* in, auto* out, auto done) {
        impl_->stub->async()->MessageSendText(context, in, out, std::move(done));
      });
  wait_for_messages(calls);
}

void Load::wait_for_messages(std::size_t count) {
  impl_->wait([this, count] { return impl_->messages >= count; });
  const std::lock_guard lock{impl_->mutex};
  impl_->messages -= count;
}

std::vector<double> Load::wait_for_dongs(std::size_t count) {
  impl_->wait([this, count] { return impl_->dongs.size() >= count; });
  const std::lock_guard lock{impl_->mutex};
  return std::exchange(impl_->dongs, {});
}

std::string Load::upload(std::size_t bytes) {
  grpc::ClientContext context;
  authorize(context);
  pb::UploadResponse response;
  const auto writer = impl_->stub->Upload(&context, &response);
  pb::UploadRequest request;
  request.set_chunk(std::string(upload_chunk, 'x'));
  for (std::size_t sent = 0; sent < bytes; sent += upload_chunk) {
    if (bytes - sent < upload_chunk) request.mutable_chunk()->resize(bytes - sent);
    if (!writer->Write(request)) break;
  }
  writer->WritesDone();
  check(writer->Finish(), "Upload");
  return response.id();
}

void Load::download(const std::string& id, std::size_t bytes) {
  grpc::ClientContext context;
  authorize(context);
  pb::DownloadRequest request;
  request.set_id(id);
  const auto reader = impl_->stub->Download(&context, request);
  pb::DownloadResponse response;
  std::size_t came = 0;
  while (reader->Read(&response)) came += response.chunk().size();
  check(reader->Finish(), "Download");
  if (came != bytes) throw std::runtime_error{"Download: " + std::to_string(came) + " bytes"};
}

}  // namespace bench_service
