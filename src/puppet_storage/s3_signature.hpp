// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace wechaty::puppet_storage {

struct S3Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token{};
};

/// What is signed of a request: path and query as they are sent, percent-encoded.
struct S3Request {
  std::string method;
  std::string path;                            ///< "/key", encoded by encode_path()
  std::map<std::string, std::string> query{};  ///< decoded
  std::map<std::string, std::string> headers;  ///< names in lower case; with host
};

/// RFC 3986: everything but letters, digits and -._~ is escaped; encode_path() keeps slashes.
[[nodiscard]] std::string encode(std::string_view text);
[[nodiscard]] std::string encode_path(std::string_view path);
/// Sorted and encoded, "a=1&b="; what has to be sent, too.
[[nodiscard]] std::string encode_query(const std::map<std::string, std::string>& query);

[[nodiscard]] std::string sha256_hex(std::string_view data);

/// The value of the Authorization header.
///
/// @param time  "20130524T000000Z", also in the header x-amz-date
/// The header x-amz-content-sha256 has to be there. Source: AWS Signature Version 4, S3's form, in
/// which the path is encoded once only.
[[nodiscard]] std::string authorization(const S3Request& request, const S3Credentials& credentials,
                                        std::string_view region, std::string_view time);

}  // namespace wechaty::puppet_storage
