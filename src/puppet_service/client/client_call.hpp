// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

#include "puppet_service/client/link.hpp"

namespace wechaty::puppet_service {

/// What a status says, for people: "UNAVAILABLE: ...".
[[nodiscard]] std::string reason_of(const grpc::Status& status);

/// Throw what a call that failed stands for: see error_of(). @param status  not OK
[[noreturn]] void throw_failure(const grpc::Status& status, std::string_view what);

/// One call on a connection: its context, ended by its deadline, by `stop`, or when the connection
/// is given up.
///
/// Thread: one at a time.
class ClientCall {
 public:
  ClientCall(const Link& link, std::chrono::milliseconds timeout, std::stop_token stop)
      : link_{link},
        stop_{std::move(stop)},
        on_stop_{stop_, Cancel{context_}},
        on_given_up_{link.given_up(), Cancel{context_}} {
    link.prepare(context_, timeout);
  }
  ClientCall(const ClientCall&) = delete;
  ClientCall& operator=(const ClientCall&) = delete;

  [[nodiscard]] grpc::ClientContext& context() { return context_; }
  void cancel() { context_.TryCancel(); }

  /// @param what  the name of the rpc
  /// @throws CancelledError when `stop` ended it, NetworkError when the connection was given up,
  /// else
  ///         as throw_failure()
  void finish(const grpc::Status& status, std::string_view what) const;

 private:
  struct Cancel {
    grpc::ClientContext& context;
    void operator()() const { context.TryCancel(); }
  };

  const Link& link_;
  const std::stop_token stop_;
  grpc::ClientContext context_;
  const std::stop_callback<Cancel> on_stop_;
  const std::stop_callback<Cancel> on_given_up_;
};

}  // namespace wechaty::puppet_service
