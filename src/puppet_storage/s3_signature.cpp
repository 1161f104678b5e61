// SPDX-License-Identifier: Apache-2.0
#include "puppet_storage/s3_signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_storage {
namespace {

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += "0123456789abcdef"[byte >> 4U];
    text += "0123456789abcdef"[byte & 0xfU];
  }
  return text;
}

std::string sha256(std::string_view data) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  unsigned length = 0;
  if (EVP_Digest(data.data(), data.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
    throw puppet::StorageError{"OpenSSL cannot compute a SHA-256"};
  }
  return {reinterpret_cast<const char*>(digest.data()), length};
}

std::string hmac_sha256(std::string_view key, std::string_view data) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  unsigned length = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(data.data()), data.size(), digest.data(),
           &length) == nullptr) {
    throw puppet::StorageError{"OpenSSL cannot compute an HMAC"};
  }
  return {reinterpret_cast<const char*>(digest.data()), length};
}

std::string encode_except(std::string_view text, std::string_view kept) {
  std::string result;
  for (const char c : text) {
    const bool unreserved = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved || kept.find(c) != std::string_view::npos) {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += '%';
      result += "0123456789ABCDEF"[byte >> 4U];
      result += "0123456789ABCDEF"[byte & 0xfU];
    }
  }
  return result;
}

}  // namespace

std::string encode(std::string_view text) { return encode_except(text, ""); }
std::string encode_path(std::string_view path) { return encode_except(path, "/"); }

std::string encode_query(const std::map<std::string, std::string>& query) {
  // Sorted by encoded name, which is not the order of the names where one is escaped.
  std::map<std::string, std::string> encoded;
  for (const auto& [name, value] : query) encoded.emplace(encode(name), encode(value));
  std::string text;
  for (const auto& [name, value] : encoded) {
    if (!text.empty()) text += '&';
    text += name + '=' + value;
  }
  return text;
}

std::string sha256_hex(std::string_view data) { return hex(sha256(data)); }

std::string authorization(const S3Request& request, const S3Credentials& credentials,
                          std::string_view region, std::string_view time) {
  std::string headers;
  std::string names;
  for (const auto& [name, value] : request.headers) {
    headers += name + ':' + value + '\n';
    if (!names.empty()) names += ';';
    names += name;
  }
  const std::string canonical = request.method + '\n' + request.path + '\n' +
                                encode_query(request.query) + '\n' + headers + '\n' + names + '\n' +
                                request.headers.at("x-amz-content-sha256");
  const std::string date{time.substr(0, 8)};
  const std::string scope = date + '/' + std::string{region} + "/s3/aws4_request";
  const std::string to_sign =
      "AWS4-HMAC-SHA256\n" + std::string{time} + '\n' + scope + '\n' + sha256_hex(canonical);
  std::string key = hmac_sha256("AWS4" + credentials.secret_access_key, date);
  key = hmac_sha256(hmac_sha256(hmac_sha256(key, region), "s3"), "aws4_request");
  return "AWS4-HMAC-SHA256 Credential=" + credentials.access_key_id + '/' + scope +
         ",SignedHeaders=" + names + ",Signature=" + hex(hmac_sha256(key, to_sign));
}

}  // namespace wechaty::puppet_storage
