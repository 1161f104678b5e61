// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>

#include "wechaty/puppet/schemas/enum_names.hpp"
#include "wechaty/puppet/schemas/timestamp.hpp"

namespace wechaty::puppet {

enum class FriendshipType : int { unknown = 0, confirm = 1, receive = 2, verify = 3 };

template <>
inline constexpr std::array enum_names<FriendshipType>{
    EnumName{FriendshipType::unknown, "Unknown"},
    EnumName{FriendshipType::confirm, "Confirm"},
    EnumName{FriendshipType::receive, "Receive"},
    EnumName{FriendshipType::verify, "Verify"},
};

/// Where a friend request came from.
enum class FriendshipSceneType : int {
  unknown = 0,
  qq = 1,
  email = 2,
  weixin = 3,
  qqtbd = 12,
  room = 14,
  phone = 15,
  card = 17,
  location = 18,
  bottle = 25,
  shaking = 29,
  qr_code = 30,
};

template <>
inline constexpr std::array enum_names<FriendshipSceneType>{
    EnumName{FriendshipSceneType::unknown, "Unknown"},
    EnumName{FriendshipSceneType::qq, "QQ"},
    EnumName{FriendshipSceneType::email, "Email"},
    EnumName{FriendshipSceneType::weixin, "Weixin"},
    EnumName{FriendshipSceneType::qqtbd, "QQtbd"},
    EnumName{FriendshipSceneType::room, "Room"},
    EnumName{FriendshipSceneType::phone, "Phone"},
    EnumName{FriendshipSceneType::card, "Card"},
    EnumName{FriendshipSceneType::location, "Location"},
    EnumName{FriendshipSceneType::bottle, "Bottle"},
    EnumName{FriendshipSceneType::shaking, "Shaking"},
    EnumName{FriendshipSceneType::qr_code, "QRCode"},
};

/// A friend request: confirmed, received, or to be verified, as `type` says.
///
/// Source: wechaty-puppet schemas/friendship.ts, whose three variants are one struct here.
struct FriendshipPayload {
  std::string id;
  std::string contact_id;
  std::optional<std::string> hello;
  Timestamp timestamp{};  ///< does not travel through the gateway
  FriendshipType type = FriendshipType::unknown;
  std::optional<FriendshipSceneType> scene;  ///< with FriendshipType::receive
  std::optional<std::string> stranger;       ///< with FriendshipType::receive
  std::optional<std::string> ticket;         ///< required with FriendshipType::receive

  friend bool operator==(const FriendshipPayload&, const FriendshipPayload&) = default;
};

/// What goes with a friend request that the bot sends.
///
/// JSON: an object, or a text, which is the `hello` (the form of old bots).
struct FriendshipAddOptions {
  std::optional<std::string> room_id;     ///< the room where the contact was met
  std::optional<std::string> contact_id;  ///< the contact that introduced the two
  std::optional<std::string> hello;

  friend bool operator==(const FriendshipAddOptions&, const FriendshipAddOptions&) = default;
};

}  // namespace wechaty::puppet
