// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace wechaty::puppet {

/// Whom to look for outside of one's contacts. Exactly one key must be given.
///
/// Source: wechaty-puppet schemas/friendship.ts.
struct FriendshipSearchQueryFilter {
  std::optional<std::string> phone;
  std::optional<std::string> handle;
  std::optional<std::string> weixin;  ///< deprecated name of `handle`

  friend bool operator==(const FriendshipSearchQueryFilter&,
                         const FriendshipSearchQueryFilter&) = default;
};

/// @throws InvalidArgumentError unless exactly one key is given and its value is not empty
/// Thread: any.
/// Source: wechaty-puppet friendship-mixin friendshipSearch().
void validate(const FriendshipSearchQueryFilter& filter);

}  // namespace wechaty::puppet
