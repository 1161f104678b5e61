// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wechaty/puppet/schemas/timestamp.hpp"

namespace wechaty::puppet_xmpp {

/// `2026-11-25T08:42:02.123Z`, also with an offset instead of the Z (XEP-0082); nullopt for
/// anything else.
[[nodiscard]] std::optional<puppet::Timestamp> parse_timestamp(std::string_view text);
[[nodiscard]] std::string to_text(puppet::Timestamp time);
/// The system's time, now.
[[nodiscard]] puppet::Timestamp now();

}  // namespace wechaty::puppet_xmpp
