// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string_view>
#include <utility>

#include "puppet_service/client/client_call.hpp"
#include "puppet_service/client/connection.hpp"
#include "puppet_service/client/link.hpp"

namespace wechaty::puppet_service {

/// Where the calls of a client go: to the connection of its present start, if there is one. Shared
/// with the files that the client has given out, which may outlive it.
///
/// Thread: any. Calls block for a round trip.
class Line {
 public:
  /// A connection, and who ends the calls on it.
  struct Place {
    std::shared_ptr<Link> link;
    std::stop_token stop;
  };

  explicit Line(PuppetServiceOptions options) : options_{std::move(options)} {}

  void connect(std::shared_ptr<Connection> connection, std::stop_token stop) {
    const std::lock_guard lock{mutex_};
    connection_ = std::move(connection);
    stop_ = std::move(stop);
  }
  /// @result what was connected
  std::shared_ptr<Connection> disconnect() {
    const std::lock_guard lock{mutex_};
    return std::exchange(connection_, nullptr);
  }

  /// @throws NetworkError while there is no connection
  [[nodiscard]] Place place() const;
  [[nodiscard]] const PuppetServiceOptions& options() const { return options_; }

  template <class Request, class Response>
  using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Response*);

  /// One call. @param what  the name of the rpc, for errors
  /// @throws as PuppetService says
  template <class Request, class Response>
  Response call(std::string_view what, Method<Request, Response> method, const Request& request) {
    Response response;
    const Place here = place();
    ClientCall call{*here.link, options_.call_timeout, here.stop};
    call.finish((here.link->stub().*method)(&call.context(), request, &response), what);
    return response;
  }

 private:
  const PuppetServiceOptions options_;
  mutable std::mutex mutex_;  // guards everything below
  std::shared_ptr<Connection> connection_;
  std::stop_token stop_;
};

}  // namespace wechaty::puppet_service
