// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "wechaty/puppet/schemas/enum_names.hpp"

namespace wechaty::puppet {

/// Where a post is published. Source: wechaty-puppet schemas/post.ts.
enum class PostType : int { unspecified = 0, moment = 1, channel = 2, message = 3 };

template <>
inline constexpr std::array enum_names<PostType>{
    EnumName{PostType::unspecified, "Unspecified"},
    EnumName{PostType::moment, "Moment"},
    EnumName{PostType::channel, "Channel"},
    EnumName{PostType::message, "Message"},
};

}  // namespace wechaty::puppet
