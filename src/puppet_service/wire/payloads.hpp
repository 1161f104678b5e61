// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "puppet_service/wire/messages.hpp"
#include "wechaty/puppet/schemas.hpp"

/// Payloads to and from the messages of the wire, field by field as the reference maps them.
///
/// Writing: what is absent is an empty text, false, 0 or an empty list. Reading: an empty text is
/// an absent optional; a number that the contract does not know is `unknown`. What the wire does
/// not carry stays as a payload has it by default: FriendshipPayload::timestamp,
/// RoomPayload::external. Thread: any.
namespace wechaty::puppet_service {

void write(const puppet::ContactPayload& payload, pb::ContactPayloadResponse& message);
void write(const puppet::FriendshipPayload& payload, pb::FriendshipPayloadResponse& message);
void write(const puppet::MessagePayload& payload, pb::MessagePayloadResponse& message);
void write(const puppet::RoomPayload& payload, pb::RoomPayloadResponse& message);
void write(const puppet::RoomMemberPayload& payload, pb::RoomMemberPayloadResponse& message);
void write(const puppet::RoomInvitationPayload& payload,
           pb::RoomInvitationPayloadResponse& message);
void write(const puppet::LocationPayload& payload, pb::LocationPayload& message);
void write(const puppet::MiniProgramPayload& payload, pb::MiniProgramPayload& message);
void write(const puppet::UrlLinkPayload& payload, pb::UrlLinkPayload& message);

[[nodiscard]] puppet::ContactPayload read(const pb::ContactPayloadResponse& message);
[[nodiscard]] puppet::FriendshipPayload read(const pb::FriendshipPayloadResponse& message);
[[nodiscard]] puppet::MessagePayload read(const pb::MessagePayloadResponse& message);
[[nodiscard]] puppet::RoomPayload read(const pb::RoomPayloadResponse& message);
[[nodiscard]] puppet::RoomMemberPayload read(const pb::RoomMemberPayloadResponse& message);
[[nodiscard]] puppet::RoomInvitationPayload read(const pb::RoomInvitationPayloadResponse& message);
[[nodiscard]] puppet::LocationPayload read(const pb::LocationPayload& message);
[[nodiscard]] puppet::MiniProgramPayload read(const pb::MiniProgramPayload& message);
[[nodiscard]] puppet::UrlLinkPayload read(const pb::UrlLinkPayload& message);

/// The deprecated JSON forms that travel beside the messages.
///
/// @throws InvalidArgumentError on what is no JSON of such a payload; a link without title or URL
///         gets the reference's NOTITLE and NOURL. The URL alone is taken for a link as well
[[nodiscard]] puppet::MiniProgramPayload read_mini_program_json(std::string_view text);
[[nodiscard]] puppet::UrlLinkPayload read_url_link_json(std::string_view text);
[[nodiscard]] std::string json_text(const puppet::MiniProgramPayload& payload);
[[nodiscard]] std::string json_text(const puppet::UrlLinkPayload& payload);

}  // namespace wechaty::puppet_service
