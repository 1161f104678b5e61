// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

/// What logs in again without the password, until the password changes. As good as the password at
/// this one server, so the memory card is a secret.
struct ScramKeys {
  std::string mechanism;  ///< SCRAM-SHA-256 or SCRAM-SHA-1
  std::string salt;       ///< bytes
  std::uint32_t iterations = 0;
  std::string client_key;  ///< bytes
  std::string server_key;  ///< bytes

  friend bool operator==(const ScramKeys&, const ScramKeys&) = default;
};

/// The keys do not fit (any more): the server wants another salt, and there is no password.
class PasswordNeededError : public puppet::Error {
 public:
  using Error::Error;
};

/// One SCRAM exchange (RFC 5802, RFC 7677), without channel binding.
///
/// Thread: one at a time.
class Scram {
 public:
  [[nodiscard]] static bool knows(std::string_view mechanism);

  /// @param nonce  random printable ASCII without commas
  /// @throws InvalidArgumentError on a mechanism that it does not know
  Scram(std::string_view mechanism, std::string_view user, std::optional<std::string> password,
        std::optional<ScramKeys> keys, std::string nonce);

  [[nodiscard]] std::string client_first() const;
  /// The answer to the server's first message.
  /// @throws PasswordNeededError; Error when the message is not as it must be
  [[nodiscard]] std::string client_final(std::string_view server_first);
  /// Whether the server has proven that it knows the account, too; after client_final().
  [[nodiscard]] bool verify(std::string_view server_final) const;
  /// After client_final().
  [[nodiscard]] const ScramKeys& keys() const { return keys_; }

 private:
  [[nodiscard]] std::string bare_first() const;

  const std::string user_;
  const std::optional<std::string> password_;
  const std::optional<ScramKeys> known_;
  const std::string nonce_;
  ScramKeys keys_;
  std::string server_signature_;
};

}  // namespace wechaty::puppet_xmpp
