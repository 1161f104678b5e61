// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/auth.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

namespace wechaty::puppet_service {

TokenDigest::TokenDigest(std::string_view token) {
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), bytes_.data());
}

bool operator==(const TokenDigest& a, const TokenDigest& b) {
  return CRYPTO_memcmp(a.bytes_.data(), b.bytes_.data(), a.bytes_.size()) == 0;
}

std::variant<std::string_view, grpc::Status> shown_token(
    std::optional<std::string_view> authorization, std::string_view authority) {
  constexpr std::string_view scheme = "Wechaty ";
  if (!authorization) {
    if (authority.empty()) {
      return grpc::Status{grpc::StatusCode::UNAUTHENTICATED, "No Authorization found."};
    }
    return authority;
  }
  if (!authorization->starts_with(scheme)) {
    return grpc::Status{grpc::StatusCode::UNAUTHENTICATED, "Invalid authorization type"};
  }
  return authorization->substr(scheme.size());
}

grpc::Status wrong_token() { return {grpc::StatusCode::UNAUTHENTICATED, "Invalid Wechaty TOKEN"}; }

}  // namespace wechaty::puppet_service
