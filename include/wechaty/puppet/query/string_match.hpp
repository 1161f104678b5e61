// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>

#include "wechaty/puppet/query/regex.hpp"

namespace wechaty::puppet {

/// What a text in a query is compared with: a text must be equal, a Regex must be found in it.
using StringMatch = std::variant<std::string, Regex>;

}  // namespace wechaty::puppet
