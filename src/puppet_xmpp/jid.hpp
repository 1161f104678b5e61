// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wechaty::puppet_xmpp {

/// An XMPP address: `local@domain/resource`.
///
/// The practical subset of RFC 7622: ASCII is folded to lower case in local part and domain, so
/// that an address is a key; other characters are taken as they are, as servers send them prepared.
struct Jid {
  std::string local;
  std::string domain;
  std::string resource;

  /// nullopt for what is no address: no domain, a part above 1,023 bytes, characters that the local
  /// part must not have, control characters, no UTF-8.
  [[nodiscard]] static std::optional<Jid> parse(std::string_view text);

  [[nodiscard]] std::string bare() const { return local.empty() ? domain : local + "@" + domain; }
  [[nodiscard]] std::string full() const {
    return resource.empty() ? bare() : bare() + "/" + resource;
  }

  friend bool operator==(const Jid&, const Jid&) = default;
};

/// The bare form of an address in text, folded; "" for what is no address.
[[nodiscard]] std::string bare_jid(std::string_view text);
/// What stands after the first slash, as it is.
[[nodiscard]] std::string_view resource_of(std::string_view text);

}  // namespace wechaty::puppet_xmpp
