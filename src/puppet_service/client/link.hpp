// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <wechaty/puppet.grpc.pb.h>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "puppet_service/client/settings.hpp"
#include "puppet_service/wire/messages.hpp"
#include "wechaty/puppet/events/executor.hpp"

namespace wechaty::puppet_service {

using Stub = ::wechaty_wire::Puppet::Stub;

/// One connection to a server: a channel of its own and the stream of events. When it breaks it is
/// thrown away and another is made.
///
/// Thread: any, but open_stream() and close() on one thread at a time.
class Link {
 public:
  /// What comes over the stream. Runs on gRPC's threads, one call at a time; must not block.
  struct Receiver {
    std::function<void(const pb::EventResponse&)> on_event;
    std::function<void(const grpc::Status&)> on_end;  ///< once; also when it never came about
  };

  /// @param address  host:port
  Link(const Settings& settings, const std::string& address, std::uint64_t number,
       std::shared_ptr<puppet::Executor> executor, Receiver receiver);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link();

  /// Open the stream of events. @throws nothing: a failure is what on_end gets
  void open_stream();
  enum class Stream { open, quiet, ended };
  /// Wait until the first event has come, the stream has ended, `stop` or the timeout. `quiet`: the
  /// channel is up, but nothing was said.
  /// @result nullopt when the channel is not even up
  [[nodiscard]] std::optional<Stream> wait_for_stream(std::chrono::milliseconds timeout,
                                                      const std::stop_token& stop);

  /// What a call ended with, without our token: servers repeat it in what they say to us.
  [[nodiscard]] grpc::Status without_token(const grpc::Status& status) const;

  /// Get a context ready for a call on this connection: token, deadline.
  void prepare(grpc::ClientContext& context, std::chrono::milliseconds timeout) const;
  [[nodiscard]] Stub& stub() { return *stub_; }

  /// Stop is requested when the connection is given up: calls under way end then.
  [[nodiscard]] std::stop_token given_up() const { return give_up_.get_token(); }
  /// Why, for those whose calls were ended.
  [[nodiscard]] std::string end_reason() const;
  /// End the calls under way, for this reason.
  void give_up(const std::string& reason);

  /// End the stream. When this returns the receiver is not running and will not run again. Not from
  /// within the receiver.
  void close();

  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  /// When something was last heard, on the executor's clock.
  [[nodiscard]] puppet::Executor::Clock::time_point last_heard() const { return last_heard_; }
  void heard() { last_heard_ = executor_->now(); }
  /// What the stream ended with; OK while it has not.
  [[nodiscard]] grpc::Status end_status() const;

 private:
  class Reader;

  const std::uint64_t number_;
  const std::string token_;
  const std::shared_ptr<puppet::Executor> executor_;
  const Receiver receiver_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Stub> stub_;
  std::atomic<puppet::Executor::Clock::time_point> last_heard_;
  std::stop_source give_up_;

  mutable std::mutex mutex_;  // guards everything below; never held while calling out
  std::condition_variable_any changed_;
  std::unique_ptr<Reader> reader_;
  bool has_event_ = false;
  bool has_ended_ = false;
  grpc::Status end_status_;
  std::string end_reason_;
};

}  // namespace wechaty::puppet_service
