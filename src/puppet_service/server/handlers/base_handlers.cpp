// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/methods.hpp"
#include "puppet_service/wire/messages.hpp"
#include "puppet_service/wire/text.hpp"

namespace wechaty::puppet_service {
namespace {

void start(const Incoming& incoming, const pb::StartRequest&, pb::StartResponse&) {
  incoming.puppet().start();
  incoming.account.events().beat();  // so that the watchdogs of clients are armed
}

/// Ends the caller's own streams first, as the reference does with its only one: the caller does
/// not want to hear of the logout that it causes. Others do.
void stop(const Incoming& incoming, const pb::StopRequest&, pb::StopResponse&) {
  incoming.account.events().finish_streams_of(incoming.peer, grpc::Status::OK);
  incoming.puppet().stop();
}

void logout(const Incoming& incoming, const pb::LogoutRequest&, pb::LogoutResponse&) {
  if (incoming.account.events().is_echo_of_logout(incoming.peer)) return;
  incoming.puppet().logout();
}

void ding(const Incoming& incoming, const pb::DingRequest& request, pb::DingResponse&) {
  incoming.puppet().ding(request.data());
}

void version(const Incoming& incoming, const pb::VersionRequest&, pb::VersionResponse& response) {
  response.set_version(utf8(incoming.puppet().version()));
}

void dirty_payload(const Incoming& incoming, const pb::DirtyPayloadRequest& request,
                   pb::DirtyPayloadResponse&) {
  const auto type = puppet::enum_from_number<puppet::DirtyType>(static_cast<int>(request.type()));
  if (!type) {
    throw puppet::InvalidArgumentError{"DirtyPayloadRequest.type: unknown number " +
                                       std::to_string(static_cast<int>(request.type()))};
  }
  incoming.puppet().dirty_payload(*type, request.id());
}

}  // namespace

void add_base_methods(UnaryMethods& methods) {
  methods["Start"] = method<&start>();
  methods["Start"].goes_on_alone = true;
  methods["Stop"] = method<&stop>();
  methods["Stop"].goes_on_alone = true;
  methods["Stop"].begins_alone = true;
  methods["Stop"].with_peer = true;
  methods["Logout"] = method<&logout>();
  methods["Logout"].with_peer = true;
  methods["Ding"] = method<&ding>();
  methods["Version"] = method<&version>();
  methods["DirtyPayload"] = method<&dirty_payload>();
}

}  // namespace wechaty::puppet_service
