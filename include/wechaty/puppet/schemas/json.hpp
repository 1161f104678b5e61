// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "wechaty/puppet/schemas.hpp"

/// JSON of the payloads, with the field names of the contract, for nlohmann::json:
/// `nlohmann::json json = contact;` and `json.get<ContactPayload>()`. Include
/// <nlohmann/json.hpp> where you use it; this header does not drag it in.
///
/// Writing leaves out optionals without a value and optional lists without an element. A number
/// that is not finite throws InvalidArgumentError.
///
/// Reading ignores unknown fields and takes null for a missing key. It throws InvalidArgumentError
/// and leaves the target as it was when the JSON is no payload:
/// `ContactPayload.phone[1]: expected a string, got a number`, `ContactPayload.id: missing`,
/// `ContactPayload.gender: 7 is no ContactGender`. Enums are whole numbers; timestamps are
/// milliseconds, fractions are rounded down.
/// Thread: any.
namespace wechaty::puppet {

void to_json(nlohmann::json& json, ContactGender value);
void to_json(nlohmann::json& json, ContactType value);
void to_json(nlohmann::json& json, DirtyType value);
void to_json(nlohmann::json& json, FriendshipSceneType value);
void to_json(nlohmann::json& json, FriendshipType value);
void to_json(nlohmann::json& json, ImageType value);
void to_json(nlohmann::json& json, MessageType value);
void to_json(nlohmann::json& json, PostType value);
void to_json(nlohmann::json& json, ScanStatus value);
void to_json(nlohmann::json& json, TapType value);

void from_json(const nlohmann::json& json, ContactGender& value);
void from_json(const nlohmann::json& json, ContactType& value);
void from_json(const nlohmann::json& json, DirtyType& value);
void from_json(const nlohmann::json& json, FriendshipSceneType& value);
void from_json(const nlohmann::json& json, FriendshipType& value);
void from_json(const nlohmann::json& json, ImageType& value);
void from_json(const nlohmann::json& json, MessageType& value);
void from_json(const nlohmann::json& json, PostType& value);
void from_json(const nlohmann::json& json, ScanStatus& value);
void from_json(const nlohmann::json& json, TapType& value);

void to_json(nlohmann::json& json, const ContactPayload& payload);
void to_json(nlohmann::json& json, const FriendshipAddOptions& options);
void to_json(nlohmann::json& json, const FriendshipPayload& payload);
void to_json(nlohmann::json& json, const LocationPayload& payload);
void to_json(nlohmann::json& json, const MessagePayload& payload);
void to_json(nlohmann::json& json, const MiniProgramPayload& payload);
void to_json(nlohmann::json& json, const PaginationRequest& request);
void to_json(nlohmann::json& json, const PaginationResponse<std::vector<std::string>>& response);
void to_json(nlohmann::json& json, const PaginationResponse<TapPayload>& response);
void to_json(nlohmann::json& json, const RoomInvitationPayload& payload);
void to_json(nlohmann::json& json, const RoomMemberPayload& payload);
void to_json(nlohmann::json& json, const RoomPayload& payload);
void to_json(nlohmann::json& json, const PostPayload& payload);
void to_json(nlohmann::json& json, const SayablePayload& payload);
void to_json(nlohmann::json& json, const TapPayload& payload);
void to_json(nlohmann::json& json, const UrlLinkPayload& payload);

void from_json(const nlohmann::json& json, ContactPayload& payload);
void from_json(const nlohmann::json& json, FriendshipAddOptions& options);
void from_json(const nlohmann::json& json, FriendshipPayload& payload);
void from_json(const nlohmann::json& json, LocationPayload& payload);
void from_json(const nlohmann::json& json, MessagePayload& payload);
void from_json(const nlohmann::json& json, MiniProgramPayload& payload);
void from_json(const nlohmann::json& json, PaginationRequest& request);
void from_json(const nlohmann::json& json, PaginationResponse<std::vector<std::string>>& response);
void from_json(const nlohmann::json& json, PaginationResponse<TapPayload>& response);
void from_json(const nlohmann::json& json, RoomInvitationPayload& payload);
void from_json(const nlohmann::json& json, RoomMemberPayload& payload);
void from_json(const nlohmann::json& json, RoomPayload& payload);
void from_json(const nlohmann::json& json, PostPayload& payload);
void from_json(const nlohmann::json& json, SayablePayload& payload);
void from_json(const nlohmann::json& json, TapPayload& payload);
void from_json(const nlohmann::json& json, UrlLinkPayload& payload);

}  // namespace wechaty::puppet
