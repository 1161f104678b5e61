// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace wechaty::puppet_url {

/// Whether an IP address belongs to the public internet: not to this machine, its link, a private
/// or shared network, multicast, or anything else that is reserved. Addresses that carry an IPv4
/// address (mapped, NAT64) are judged by that one; other translations and tunnels are not public.
///
/// @param address  `192.0.2.1` or `2001:db8::1`, without a zone; anything else is not public
/// Thread: any.
/// Source: IANA's registries of special-purpose addresses (RFC 6890), RFC 4291, RFC 6052.
[[nodiscard]] bool is_public_address(std::string_view address);

/// Says yes to every address.
[[nodiscard]] inline bool any_address(std::string_view /*address*/) { return true; }

}  // namespace wechaty::puppet_url
