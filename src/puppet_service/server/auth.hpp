// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/support/status.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace wechaty::puppet_service {

/// What is kept of a token: its SHA-256. Two are compared in a time that does not tell how much of
/// them is equal.
class TokenDigest {
 public:
  explicit TokenDigest(std::string_view token);
  friend bool operator==(const TokenDigest& a, const TokenDigest& b);

 private:
  std::array<unsigned char, 32> bytes_{};
};

/// The token that a caller shows, or the status that it gets instead.
///
/// @param authorization  the first value of the metadata `authorization`; nullopt for none
/// @param authority      the HTTP/2 `:authority`, which stands for the token where there is no
///                       metadata: the only way of npm clients without TLS, and of Go and Python
/// Source: npm wechaty-puppet-service src/auth/auth-impl-token.ts.
/// Differs: no text repeats what the caller sent.
[[nodiscard]] std::variant<std::string_view, grpc::Status> shown_token(
    std::optional<std::string_view> authorization, std::string_view authority);

/// What a caller with another token gets.
[[nodiscard]] grpc::Status wrong_token();

}  // namespace wechaty::puppet_service
