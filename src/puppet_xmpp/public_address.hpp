// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

namespace wechaty::puppet_xmpp {

/// Whether an address is one of the public Internet (RFC 6890): not of this machine, of a private
/// network or link, of a group, nor reserved; nor one of IPv6 that stands for such one of IPv4.
/// What is neither IPv4 nor IPv6 is not.
[[nodiscard]] bool is_public(const sockaddr& address);

}  // namespace wechaty::puppet_xmpp
