// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace wechaty::puppet_service {

/// The community's root certificate, PEM: subject `wechaty-root-ca`, RSA 4096, until 2031-08-07. It
/// has signed the certificate for `insecure` that npm servers present by default, the private key
/// of which everybody has: such a connection is encrypted, but not proof against a server in
/// between.
///
/// Source: npm wechaty-puppet-service src/auth/ca.ts (Apache-2.0), "all the polyglot SDKs should
/// trust it by default".
extern const char* const community_root;

}  // namespace wechaty::puppet_service
