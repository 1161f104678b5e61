// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_service/puppet_server.hpp"

#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <utility>

#include "puppet/engine/default_logger.hpp"
#include "puppet_service/server/gateway_service.hpp"
#include "puppet_service/server/server_certificate.hpp"
#include "puppet_service/server/server_state.hpp"
#include "puppet_service/wire/token.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_service {
namespace {

using std::chrono::milliseconds;

void check(const PuppetServerOptions& options) {
  const auto refuse = [](const char* name, const char* why) {
    throw puppet::InvalidArgumentError{"PuppetServerOptions." + std::string{name} + ": " + why};
  };
  if (options.token.empty()) refuse("token", "must not be empty");
  const auto is_printable = [](char c) { return c > ' ' && c <= '~'; };
  if (!std::all_of(options.token.begin(), options.token.end(), is_printable)) {
    refuse("token", "only printable ASCII without spaces can be sent in a header");
  }
  if (options.endpoint.empty()) refuse("endpoint", "must not be empty");
  if (options.tls.server_cert.empty() != options.tls.server_key.empty()) {
    refuse("tls", "the certificate and its key go together, one of them is missing");
  }
  for (const auto& [name, value] : {std::pair{"heartbeat_interval", options.heartbeat_interval},
                                    std::pair{"start_timeout", options.start_timeout},
                                    std::pair{"health_timeout", options.health_timeout},
                                    std::pair{"health_interval", options.health_interval},
                                    std::pair{"limits.file_idle", options.limits.file_idle}}) {
    if (value <= milliseconds::zero()) refuse(name, "must be positive");
  }
  // Of the others 0 is a choice: no uploads, no health service, nothing kept.
  const ServerLimits& limits = options.limits;
  for (const auto& [name, value] : {std::pair{"limits.message_bytes", limits.message_bytes},
                                    std::pair{"limits.connection_bytes", limits.connection_bytes},
                                    std::pair{"limits.calls", limits.calls},
                                    std::pair{"limits.hook_threads", limits.hook_threads},
                                    std::pair{"limits.event_streams", limits.event_streams},
                                    std::pair{"limits.file_streams", limits.file_streams},
                                    std::pair{"limits.stream_events", limits.stream_events},
                                    std::pair{"limits.stream_bytes", limits.stream_bytes}}) {
    if (value == 0) refuse(name, "must be positive");
  }
}

/// How often the clock looks at heartbeats and silent streams.
milliseconds tick_of(const PuppetServerOptions& options) {
  const auto shortest = std::min(options.heartbeat_interval, options.limits.file_idle);
  return std::clamp(shortest / 8, milliseconds{5}, milliseconds{1'000});
}

std::string with_port(const std::string& endpoint, int port) {
  const auto colon = endpoint.rfind(':');
  if (endpoint.starts_with("unix:") || colon == std::string::npos) return endpoint;
  return endpoint.substr(0, colon + 1) + std::to_string(port);
}

}  // namespace

struct PuppetServer::Impl {
  Impl(puppet::Puppet& puppet, const PuppetServerOptions& options)
      : state{options}, logger{options.logger ? options.logger : puppet::default_logger()} {
    state.accounts.add(std::make_shared<Account>(puppet, state.options));
    tick_later();
  }

  ~Impl() {
    stop(milliseconds::zero());
    state.timers.reset();  // no tick is under way from here on
  }

  void start();
  void stop(milliseconds grace);
  std::shared_ptr<grpc::ServerCredentials> credentials();
  void tick_later();

  ServerState state;
  const std::shared_ptr<spdlog::logger> logger;

  std::mutex life_mutex;  // held over start and stop, which exclude each other; guards service
  std::unique_ptr<GatewayService> service;  // gRPC wants a new one for each server

  mutable std::mutex mutex;  // guards everything below
  std::unique_ptr<grpc::Server> server;
  int port = 0;
  std::string ca;
  std::string ca_file;
};

void PuppetServer::Impl::tick_later() {
  state.timers->call_at(puppet::Executor::Clock::now() + tick_of(state.options), [this] {
    for (const auto& account : state.accounts.all()) account->events().tick();
    state.watched_calls.end_idle(state.options.limits.file_idle);
    tick_later();
  });
}

std::shared_ptr<grpc::ServerCredentials> PuppetServer::Impl::credentials() {
  const ServerTlsOptions& tls = state.options.tls;
  if (tls.disable) return grpc::InsecureServerCredentials();
  CertificatePair pair{tls.server_cert, tls.server_key};
  if (pair.certificate.empty()) {
    OwnCertificate own =
        own_certificate(tls.state_folder.empty() ? default_state_folder() : tls.state_folder,
                        certificate_names(state.options.token));
    pair = std::move(own.pair);
    const std::lock_guard lock{mutex};
    ca = std::move(own.ca);
    ca_file = std::move(own.ca_file);
  }
  check_pair(pair);
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({pair.key, pair.certificate});
  return grpc::SslServerCredentials(options);
}

void PuppetServer::Impl::start() {
  const std::lock_guard life{life_mutex};
  {
    const std::lock_guard lock{mutex};
    if (server) return;
  }
  state.closing = false;
  const ServerLimits& limits = state.options.limits;
  service = std::make_unique<GatewayService>(state);
  grpc::ServerBuilder builder;
  int bound = 0;
  builder.AddListeningPort(state.options.endpoint, credentials(), &bound);
  builder.RegisterCallbackGenericService(service.get());
  builder.SetMaxReceiveMessageSize(static_cast<int>(
      std::min<std::size_t>(limits.message_bytes, std::numeric_limits<int>::max())));
  builder.SetMaxSendMessageSize(-1);
  builder.SetResourceQuota(grpc::ResourceQuota{"wechaty"}.Resize(limits.connection_bytes));
  // Two gateways on one port would share its clients by chance.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, static_cast<int>(1'024));
  // A peer that is gone is noticed within a minute, and its place is free; clients may do the same.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  std::unique_ptr<grpc::Server> started = builder.BuildAndStart();
  const bool is_unix = state.options.endpoint.starts_with("unix:");
  if (!started || (bound == 0 && !is_unix)) {
    if (started) started->Shutdown();
    throw puppet::NetworkError{"cannot listen on " + state.options.endpoint +
                               ": is the address right, and the port free?"};
  }
  logger->info("PuppetServer: listening on {}", with_port(state.options.endpoint, bound));
  const std::lock_guard lock{mutex};
  server = std::move(started);
  port = is_unix ? 0 : bound;
}

void PuppetServer::Impl::stop(milliseconds grace) {
  const std::lock_guard life{life_mutex};
  std::unique_ptr<grpc::Server> stopping;
  {
    const std::lock_guard lock{mutex};
    stopping = std::move(server);
    port = 0;
  }
  if (!stopping) return;
  state.closing = true;
  for (const auto& account : state.accounts.all()) {
    account->events().finish_all({grpc::StatusCode::UNAVAILABLE, "the gateway is shutting down"});
  }
  state.under_way.wait_for_none(grace);
  stopping->Shutdown(std::chrono::system_clock::now());
  stopping->Wait();
  logger->info("PuppetServer: stopped");
}

PuppetServer::PuppetServer(puppet::Puppet& puppet, PuppetServerOptions options) {
  check(options);
  impl_ = std::make_unique<Impl>(puppet, options);
}

PuppetServer::~PuppetServer() = default;

void PuppetServer::start() { impl_->start(); }
void PuppetServer::stop(milliseconds grace) { impl_->stop(grace); }

std::string PuppetServer::endpoint() const {
  const std::lock_guard lock{impl_->mutex};
  const std::string& wanted = impl_->state.options.endpoint;
  return impl_->port == 0 ? wanted : with_port(wanted, impl_->port);
}

std::uint16_t PuppetServer::port() const {
  const std::lock_guard lock{impl_->mutex};
  return static_cast<std::uint16_t>(impl_->port);
}

std::string PuppetServer::ca_certificate() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->ca;
}

std::string PuppetServer::ca_file() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->ca_file;
}

std::string PuppetServer::server_name() const {
  if (ca_certificate().empty()) return {};
  return server_name_of(impl_->state.options.token).empty() ? "localhost" : "";
}

}  // namespace wechaty::puppet_service
