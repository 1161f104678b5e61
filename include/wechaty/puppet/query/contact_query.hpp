// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "wechaty/puppet/query/string_match.hpp"
#include "wechaty/puppet/schemas/contact.hpp"

namespace wechaty::puppet {

/// Which contacts are wanted. Exactly one key must be given.
///
/// Source: wechaty-puppet schemas/contact.ts. Differs: `handle` can be searched too.
struct ContactQueryFilter {
  std::optional<StringMatch> alias;
  std::optional<std::string> id;
  std::optional<StringMatch> name;
  std::optional<std::string> handle;
  std::optional<std::string> weixin;  ///< deprecated name of `handle`

  friend bool operator==(const ContactQueryFilter&, const ContactQueryFilter&) = default;
};

/// @throws InvalidArgumentError unless exactly one key is given and its value is not empty
/// Thread: any.
/// Source: wechaty-puppet contact-mixin contactQueryFilterFactory().
void validate(const ContactQueryFilter& filter);

/// Whether a contact has every key of the filter. A contact without the field never matches.
/// `handle` and `weixin` are one field with two names.
/// Thread: any. Does not validate().
[[nodiscard]] bool matches(const ContactQueryFilter& filter, const ContactPayload& contact);

}  // namespace wechaty::puppet
