// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/client/link.hpp"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/client_callback.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace wechaty::puppet_service {
namespace {

int milliseconds(std::chrono::milliseconds time) { return static_cast<int>(time.count()); }

grpc::ChannelArguments arguments_of(const Settings& settings) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(
      static_cast<int>(std::min<std::size_t>(settings.options.max_message_bytes, INT32_MAX)));
  arguments.SetMaxSendMessageSize(-1);
  if (settings.tls) {
    arguments.SetSslTargetNameOverride(settings.server_name);
  } else {
    // The only way in which the reference's client says its token without TLS.
    arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, settings.token);
  }
  // Pings notice a peer that is gone. They pause when no data flows, so servers that allow few of
  // them do not mind; the probes of Connection are the data.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, milliseconds(settings.options.connect_timeout));
  // Every connection is a fresh one; who pauses before the next is Connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS,
                   milliseconds(settings.options.connect_timeout));
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // a send must not be repeated behind our back
  return arguments;
}

std::shared_ptr<grpc::Channel> make_channel(const Settings& settings, const std::string& address) {
  auto credentials = grpc::InsecureChannelCredentials();
  if (settings.tls) credentials = grpc::SslCredentials({.pem_root_certs = settings.ca_cert});
  return grpc::CreateCustomChannel(address, credentials, arguments_of(settings));
}

}  // namespace

/// Reads the stream of events. gRPC calls it on its threads, one call at a time.
class Link::Reader final : public grpc::ClientReadReactor<pb::EventResponse> {
 public:
  explicit Reader(Link& link) : link_{link} { link_.prepare(context_, {}); }

  void start() {
    link_.stub_->async()->Event(&context_, &request_, this);
    StartRead(&event_);
    StartCall();
  }
  void cancel() { context_.TryCancel(); }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) return;
    link_.heard();
    if (link_.receiver_.on_event) link_.receiver_.on_event(event_);
    {
      const std::lock_guard lock{link_.mutex_};
      link_.has_event_ = true;
    }
    link_.changed_.notify_all();
    StartRead(&event_);
  }

  void OnDone(const grpc::Status& said) override {
    const grpc::Status status = link_.without_token(said);
    if (link_.receiver_.on_end) link_.receiver_.on_end(status);
    // Under the lock: whoever sees has_ended_ may destroy the link right after.
    const std::lock_guard lock{link_.mutex_};
    link_.end_status_ = status;
    link_.has_ended_ = true;
    link_.changed_.notify_all();
  }

  Link& link_;
  grpc::ClientContext context_;
  pb::EventRequest request_;
  pb::EventResponse event_;
};

Link::Link(const Settings& settings, const std::string& address, std::uint64_t number,
           std::shared_ptr<puppet::Executor> executor, Receiver receiver)
    : number_{number},
      token_{settings.token},
      executor_{std::move(executor)},
      receiver_{std::move(receiver)},
      channel_{make_channel(settings, address)},
      stub_{::wechaty_wire::Puppet::NewStub(channel_)},
      last_heard_{executor_->now()} {}

Link::~Link() { close(); }

void Link::open_stream() {
  auto reader = std::make_unique<Reader>(*this);
  Reader* started = nullptr;
  {
    const std::lock_guard lock{mutex_};
    reader_ = std::move(reader);
    started = reader_.get();
  }
  started->start();
}

std::optional<Link::Stream> Link::wait_for_stream(std::chrono::milliseconds timeout,
                                                  const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, stop, timeout, [this] { return has_event_ || has_ended_; });
  if (has_ended_) return Stream::ended;
  if (has_event_) return Stream::open;
  lock.unlock();
  if (channel_->GetState(/*try_to_connect=*/false) != GRPC_CHANNEL_READY) return std::nullopt;
  return Stream::quiet;
}

grpc::Status Link::without_token(const grpc::Status& status) const {
  constexpr std::string_view instead = "<token>";
  std::string text = status.error_message();
  for (auto at = text.find(token_); at != std::string::npos && !token_.empty();
       at = text.find(token_, at + instead.size())) {
    text.replace(at, token_.size(), instead);
  }
  return {status.error_code(), text};
}

void Link::prepare(grpc::ClientContext& context, std::chrono::milliseconds timeout) const {
  context.AddMetadata("authorization", "Wechaty " + token_);
  if (timeout.count() > 0) context.set_deadline(std::chrono::system_clock::now() + timeout);
}

std::string Link::end_reason() const {
  const std::lock_guard lock{mutex_};
  return end_reason_;
}

void Link::give_up(const std::string& reason) {
  {
    const std::lock_guard lock{mutex_};
    if (end_reason_.empty()) end_reason_ = reason;
  }
  give_up_.request_stop();
}

void Link::close() {
  give_up("the connection was closed");
  std::unique_lock lock{mutex_};
  if (!reader_) return;
  Reader* const reader = reader_.get();
  lock.unlock();
  reader->cancel();
  lock.lock();
  changed_.wait(lock, [this] { return has_ended_; });
  const auto ended = std::move(reader_);
  lock.unlock();
}

grpc::Status Link::end_status() const {
  const std::lock_guard lock{mutex_};
  return end_status_;
}

}  // namespace wechaty::puppet_service
