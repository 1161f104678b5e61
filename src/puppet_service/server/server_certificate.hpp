// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace wechaty::puppet_service {

/// A server's certificate with its key, as PEM texts.
struct CertificatePair {
  std::string certificate;  ///< the chain, the server's own first
  std::string key;
};

/// @throws InvalidArgumentError when one of them is none, or they do not belong together
/// Thread: any.
void check_pair(const CertificatePair& pair);

/// The certificate that a server makes itself: its own authority, and a pair issued by it.
struct OwnCertificate {
  CertificatePair pair;
  std::string ca;       ///< PEM text of the authority, which clients have to trust
  std::string ca_file;  ///< where it stands
};

/// Whom an own certificate is for: `localhost`, the machine's name, `insecure`, the token's prefix
/// (what npm clients ask for by SNI), and the loopback addresses. Thread: any.
[[nodiscard]] std::vector<std::string> certificate_names(std::string_view token);

/// The own certificate in a folder; made at the first time, and again when the pair is about to
/// expire or is not for all `names`. The authority stays: clients trust it.
///
/// @param folder  made if there is none, for its owner only; files are 0600
/// @param names   DNS names and IP addresses
/// @throws StorageError when it cannot be read or written, naming the file
/// Thread: any; several processes may use the same folder.
[[nodiscard]] OwnCertificate own_certificate(const std::string& folder,
                                             const std::vector<std::string>& names);

/// `wechaty-puppet/gateway` in $XDG_STATE_HOME, else in ~/.local/state.
/// @throws StorageError when neither XDG_STATE_HOME nor HOME is set
[[nodiscard]] std::string default_state_folder();

}  // namespace wechaty::puppet_service
