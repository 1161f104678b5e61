// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "wechaty/puppet/query/contact_query.hpp"
#include "wechaty/puppet/query/friendship_query.hpp"
#include "wechaty/puppet/query/message_query.hpp"
#include "wechaty/puppet/query/post_query.hpp"
#include "wechaty/puppet/query/room_query.hpp"

/// JSON of the queries, with the field names of the contract. Rules and errors: schemas/json.hpp.
///
/// A Regex is `{"source": "^A", "flags": "i"}`, the two properties of a RegExp in JavaScript;
/// the flags `g` and `y` (state of a search) and `u` change nothing, `m` and `s` are refused.
namespace wechaty::puppet {

void to_json(nlohmann::json& json, const ContactQueryFilter& filter);
void to_json(nlohmann::json& json, const FriendshipSearchQueryFilter& filter);
void to_json(nlohmann::json& json, const MessageQueryFilter& filter);
void to_json(nlohmann::json& json, const PostQueryFilter& filter);
void to_json(nlohmann::json& json, const Regex& regex);
void to_json(nlohmann::json& json, const RoomMemberQueryFilter& filter);
void to_json(nlohmann::json& json, const RoomQueryFilter& filter);
void to_json(nlohmann::json& json, const TapQueryFilter& filter);

void from_json(const nlohmann::json& json, ContactQueryFilter& filter);
void from_json(const nlohmann::json& json, FriendshipSearchQueryFilter& filter);
void from_json(const nlohmann::json& json, MessageQueryFilter& filter);
void from_json(const nlohmann::json& json, PostQueryFilter& filter);
void from_json(const nlohmann::json& json, Regex& regex);
void from_json(const nlohmann::json& json, RoomMemberQueryFilter& filter);
void from_json(const nlohmann::json& json, RoomQueryFilter& filter);
void from_json(const nlohmann::json& json, TapQueryFilter& filter);

}  // namespace wechaty::puppet
