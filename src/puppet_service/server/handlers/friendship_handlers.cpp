// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "puppet_service/server/methods.hpp"
#include "puppet_service/wire/payloads.hpp"
#include "puppet_service/wire/text.hpp"
#include "puppet_service/wire/twins.hpp"
#include "wechaty/puppet/schemas/json.hpp"

namespace wechaty::puppet_service {
namespace {

/// With a payload it is a setter.
/// Differs: the reference ignores the payload.
void friendship_payload(const Incoming& incoming, const pb::FriendshipPayloadRequest& request,
                        pb::FriendshipPayloadResponse& response) {
  const std::string& json =
      setter_json(request.payload(), request.payload_string_value_deprecated());
  if (!json.empty()) {
    auto payload =
        parse_json(json, "FriendshipPayloadRequest.payload").get<puppet::FriendshipPayload>();
    payload.id = request.id();
    incoming.puppet().set_friendship_payload(std::move(payload));
    return;
  }
  write(incoming.puppet().friendship_payload(request.id()), response);
}

template <class Response>
void write_found(const std::optional<std::string>& contact_id, Response& response) {
  if (!contact_id) return;
  response.set_contact_id(utf8(*contact_id));
  response.mutable_contact_id_string_value_deprecated()->set_value(utf8(*contact_id));
}

void friendship_search_phone(const Incoming& incoming,
                             const pb::FriendshipSearchPhoneRequest& request,
                             pb::FriendshipSearchPhoneResponse& response) {
  write_found(incoming.puppet().friendship_search_phone(request.phone()), response);
}

void friendship_search_handle(const Incoming& incoming,
                              const pb::FriendshipSearchHandleRequest& request,
                              pb::FriendshipSearchHandleResponse& response) {
  write_found(incoming.puppet().friendship_search_handle(request.weixin()), response);
}

void friendship_add(const Incoming& incoming, const pb::FriendshipAddRequest& request,
                    pb::FriendshipAddResponse&) {
  const auto first = [](const std::string& one, const std::string& other) {
    const std::string& text = one.empty() ? other : one;
    return text.empty() ? std::nullopt : std::optional{text};
  };
  incoming.puppet().friendship_add(
      request.contact_id(),
      {.room_id = first(request.source_room_id_string_value_deprecated().value(),
                        request.referrer().room_id()),
       .contact_id = first(request.source_contact_id_string_value_deprecated().value(),
                           request.referrer().contact_id()),
       .hello = first(request.hello(), "")});
}

void friendship_accept(const Incoming& incoming, const pb::FriendshipAcceptRequest& request,
                       pb::FriendshipAcceptResponse&) {
  incoming.puppet().friendship_accept(request.id());
}

}  // namespace

void add_friendship_methods(UnaryMethods& methods) {
  methods["FriendshipPayload"] = method<&friendship_payload>();
  methods["FriendshipSearchPhone"] = method<&friendship_search_phone>();
  methods["FriendshipSearchHandle"] = method<&friendship_search_handle>();
  methods["FriendshipSearchWeixin"] = method<&friendship_search_handle>();
  methods["FriendshipAdd"] = method<&friendship_add>();
  methods["FriendshipAccept"] = method<&friendship_accept>();
  methods["FrendshipAccept"] = method<&friendship_accept>();  // its name in the first protocol
}

}  // namespace wechaty::puppet_service
