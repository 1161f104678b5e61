// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "wechaty/puppet/schemas/post_type.hpp"
#include "wechaty/puppet/schemas/tap.hpp"

namespace wechaty::puppet {

struct PostPayload;

/// In a PostQueryFilter: the post must not have this field.
struct Absent {
  friend bool operator==(const Absent&, const Absent&) = default;
};

/// Which posts are wanted: those that have all of the keys.
///
/// `parent_id` and `root_id`: not given = any, Absent{} = the post must have none, a text = equal.
/// So `{.parent_id = Absent{}}` finds originals, and `{.root_id = Absent{}, .parent_id = "p"}` the
/// reposts of p. In JSON the absence is asked for with null.
///
/// Source: wechaty-puppet schemas/post.ts, where it is a key with the value undefined.
struct PostQueryFilter {
  std::optional<std::string> contact_id;
  std::optional<std::string> id;
  std::optional<std::string> order_by;  ///< up to the puppet; matches() does not look at it
  std::optional<std::variant<std::string, Absent>> parent_id;
  std::optional<std::variant<std::string, Absent>> root_id;
  std::optional<PostType> type;

  friend bool operator==(const PostQueryFilter&, const PostQueryFilter&) = default;
};

/// Whether a post has every key of the filter; no key at all finds every post.
/// Thread: any.
[[nodiscard]] bool matches(const PostQueryFilter& filter, const PostPayload& post);

/// Which taps of a post are wanted. Source: wechaty-puppet schemas/tap.ts.
struct TapQueryFilter {
  std::optional<std::string> contact_id;
  std::optional<TapType> type;  ///< TapType::unspecified = any

  friend bool operator==(const TapQueryFilter&, const TapQueryFilter&) = default;
};

/// Whether a tap of this type by this contact is wanted.
/// Thread: any.
[[nodiscard]] bool matches(const TapQueryFilter& filter, TapType type, std::string_view contact_id);

}  // namespace wechaty::puppet
