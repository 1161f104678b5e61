// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/schemas/json.hpp"

#include <nlohmann/json.hpp>

#include "puppet/schemas/payload_fields.hpp"

namespace wechaty::puppet {

using nlohmann::json;

void to_json(json& out, ContactGender value) { out = detail::written(value); }
void to_json(json& out, ContactType value) { out = detail::written(value); }
void to_json(json& out, DirtyType value) { out = detail::written(value); }
void to_json(json& out, FriendshipSceneType value) { out = detail::written(value); }
void to_json(json& out, FriendshipType value) { out = detail::written(value); }
void to_json(json& out, ImageType value) { out = detail::written(value); }
void to_json(json& out, MessageType value) { out = detail::written(value); }
void to_json(json& out, PostType value) { out = detail::written(value); }
void to_json(json& out, ScanStatus value) { out = detail::written(value); }
void to_json(json& out, TapType value) { out = detail::written(value); }

void from_json(const json& in, ContactGender& value) {
  detail::read_document("ContactGender", in, value);
}
void from_json(const json& in, ContactType& value) {
  detail::read_document("ContactType", in, value);
}
void from_json(const json& in, DirtyType& value) { detail::read_document("DirtyType", in, value); }
void from_json(const json& in, FriendshipSceneType& value) {
  detail::read_document("FriendshipSceneType", in, value);
}
void from_json(const json& in, FriendshipType& value) {
  detail::read_document("FriendshipType", in, value);
}
void from_json(const json& in, ImageType& value) { detail::read_document("ImageType", in, value); }
void from_json(const json& in, MessageType& value) {
  detail::read_document("MessageType", in, value);
}
void from_json(const json& in, PostType& value) { detail::read_document("PostType", in, value); }
void from_json(const json& in, ScanStatus& value) {
  detail::read_document("ScanStatus", in, value);
}
void from_json(const json& in, TapType& value) { detail::read_document("TapType", in, value); }

void to_json(json& out, const ContactPayload& payload) { out = detail::written(payload); }
void to_json(json& out, const FriendshipPayload& payload) { out = detail::written(payload); }
void to_json(json& out, const LocationPayload& payload) { out = detail::written(payload); }
void to_json(json& out, const MessagePayload& payload) { out = detail::written(payload); }
void to_json(json& out, const MiniProgramPayload& payload) { out = detail::written(payload); }
void to_json(json& out, const PaginationRequest& request) { out = detail::written(request); }
void to_json(json& out, const RoomInvitationPayload& payload) { out = detail::written(payload); }
void to_json(json& out, const RoomMemberPayload& payload) { out = detail::written(payload); }
void to_json(json& out, const RoomPayload& payload) { out = detail::written(payload); }
void to_json(json& out, const UrlLinkPayload& payload) { out = detail::written(payload); }
void to_json(json& out, const PaginationResponse<std::vector<std::string>>& response) {
  out = detail::written(response);
}
void to_json(json& out, const PaginationResponse<TapPayload>& response) {
  out = detail::written(response);
}
void to_json(json& out, const TapPayload& payload) { out = detail::written(payload.taps); }
void to_json(json& out, const FriendshipAddOptions& options) { out = detail::written(options); }

void from_json(const json& in, ContactPayload& payload) {
  detail::read_document("ContactPayload", in, payload);
}
void from_json(const json& in, FriendshipPayload& payload) {
  detail::read_document("FriendshipPayload", in, payload);
}
void from_json(const json& in, LocationPayload& payload) {
  detail::read_document("LocationPayload", in, payload);
}
void from_json(const json& in, MessagePayload& payload) {
  detail::read_document("MessagePayload", in, payload);
}
void from_json(const json& in, MiniProgramPayload& payload) {
  detail::read_document("MiniProgramPayload", in, payload);
}
void from_json(const json& in, PaginationRequest& request) {
  detail::read_document("PaginationRequest", in, request);
}
void from_json(const json& in, RoomInvitationPayload& payload) {
  detail::read_document("RoomInvitationPayload", in, payload);
}
void from_json(const json& in, RoomMemberPayload& payload) {
  detail::read_document("RoomMemberPayload", in, payload);
}
void from_json(const json& in, RoomPayload& payload) {
  detail::read_document("RoomPayload", in, payload);
}
void from_json(const json& in, UrlLinkPayload& payload) {
  detail::read_document("UrlLinkPayload", in, payload);
}
void from_json(const json& in, PaginationResponse<std::vector<std::string>>& response) {
  detail::read_document("PaginationResponse", in, response);
}
void from_json(const json& in, PaginationResponse<TapPayload>& response) {
  detail::read_document("PaginationResponse", in, response);
}
void from_json(const json& in, TapPayload& payload) {
  detail::read_document("TapPayload", in, payload.taps);
}
void from_json(const json& in, FriendshipAddOptions& options) {
  if (in.is_string()) {  // the form of old bots
    options = {.hello = in.get<std::string>()};
  } else {
    detail::read_document("FriendshipAddOptions", in, options);
  }
}

}  // namespace wechaty::puppet
