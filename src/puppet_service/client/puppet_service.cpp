// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_service/puppet_service.hpp"

#include <spdlog/logger.h>

#include <utility>

#include "puppet_service/client/client.hpp"
#include "wechaty/puppet/events/error_event.hpp"

namespace wechaty::puppet_service {

namespace {

/// The base and the client use the same executor.
puppet::PuppetOptions with_executor(puppet::PuppetOptions options) {
  options.executor = options.executor_or_new();
  return options;
}

}  // namespace

PuppetService::PuppetService(puppet::PuppetOptions options, PuppetServiceOptions service)
    : Puppet{with_executor(std::move(options))},
      client_{std::make_unique<Client>(*this, settle(Puppet::options(), service))} {}

PuppetService::~PuppetService() { stop(); }

ConnectionStatus PuppetService::connection() const { return client_->status(); }

std::shared_ptr<void> PuppetService::on_connection(
    std::function<void(const ConnectionStatus&)> listener) {
  return client_->on_connection(std::move(listener));
}

void PuppetService::do_start() { client_->start(stop_token()); }
void PuppetService::do_stop() { client_->stop(); }
void PuppetService::do_logout(std::string_view) { client_->log_out(); }

void PuppetService::do_ding(std::string_view data) {
  pb::DingRequest request;
  request.set_data(std::string{data});
  client_->call("Ding", &Stub::Ding, request);
}

void PuppetService::do_dirty_payload(puppet::DirtyType type, std::string_view id) {
  pb::DirtyPayloadRequest request;
  request.set_type(static_cast<pb::PayloadType>(static_cast<int>(type)));
  request.set_id(std::string{id});
  try {
    client_->call("DirtyPayload", &Stub::DirtyPayload, request);  // its echo is a DIRTY event
  } catch (...) {
    log().debug("{}: {}", name(), puppet::error_info(std::current_exception()).message);
    report(puppet::EventDirtyPayload{.payload_type = type, .payload_id = std::string{id}});
  }
}

}  // namespace wechaty::puppet_service
