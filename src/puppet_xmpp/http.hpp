// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wechaty/puppet/file_box/byte_source.hpp"

namespace wechaty::puppet_xmpp {

struct HttpLimits {
  std::string ca_file;  ///< to trust besides the system's certificates
  std::chrono::milliseconds stall{std::chrono::seconds{30}};  ///< without a byte
  std::uint64_t max_bytes = 0;
};

struct HttpFile {
  std::string bytes;
  std::string media_type;
  std::string name;  ///< what the server calls it; empty: nothing
};

/// Fetch a file. Follows redirects to https only, at most three.
///
/// @throws NotFoundError on 404 and 410; InvalidArgumentError above max_bytes; TimeoutError,
///         CancelledError, Error
[[nodiscard]] HttpFile http_get(const std::string& url, const HttpLimits& limits,
                                const std::stop_token& stop);

/// Store a file of exactly `size` bytes.
/// @throws as http_get()
void http_put(const std::string& url,
              const std::vector<std::pair<std::string, std::string>>& headers,
              puppet::ByteSource& content, std::uint64_t size, const HttpLimits& limits,
              const std::stop_token& stop);

/// `https`, host with port, and the last segment of the path, percent-decoded; empty strings for
/// what is no URL of http or https.
struct UrlParts {
  std::string scheme, host, name;
};
[[nodiscard]] UrlParts parse_url(std::string_view url);
/// `%41` becomes `A` (RFC 3986).
[[nodiscard]] std::string percent_decoded(std::string_view text);

}  // namespace wechaty::puppet_xmpp
