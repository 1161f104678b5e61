// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

/// The events about messages, posts and friends. Each carries an id; the payload behind it is
/// asked of the puppet. Source of all of them: wechaty-puppet schemas/event.ts.
namespace wechaty::puppet {

/// `message`: a message came in, or one of our own went out.
struct EventMessagePayload {
  std::string message_id;

  friend bool operator==(const EventMessagePayload&, const EventMessagePayload&) = default;
};

/// `post`: somebody published a post.
struct EventPostPayload {
  std::string post_id;

  friend bool operator==(const EventPostPayload&, const EventPostPayload&) = default;
};

/// `friendship`: a friend request came in or was answered.
struct EventFriendshipPayload {
  std::string friendship_id;

  friend bool operator==(const EventFriendshipPayload&, const EventFriendshipPayload&) = default;
};

}  // namespace wechaty::puppet
