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
  std::chrono::milliseconds total{std::chrono::minutes{10}};  ///< for a download and its redirects
  std::uint64_t max_bytes = 0;
};

struct HttpFile {
  std::string bytes;
  std::string media_type;
  std::string name;  ///< what the server calls it; empty: nothing
};

/// Fetch a file whose URL somebody has sent. By https, from an address of the public Internet,
/// through at most five redirects, each to https. Proxies of the environment are not used: of what
/// is behind them the address cannot be checked.
///
/// @param own  the origin of the account's own storage, as origin_of() says: it may be without TLS,
///        and at any address; empty: none
/// @throws InvalidArgumentError where it is not fetched from; NotFoundError on 404 and 410;
///         TooLargeError above max_bytes, as soon as that is known; TimeoutError, CancelledError,
///         NetworkError
[[nodiscard]] HttpFile http_get(const std::string& url, const std::string& own,
                                const HttpLimits& limits, const std::stop_token& stop);

/// Store a file of exactly `size` bytes where the own server says.
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
/// `https://example.org:8443`: scheme, host and port in one form (RFC 6454); "" for what is no URL.
[[nodiscard]] std::string origin_of(std::string_view url);
/// `%41` becomes `A` (RFC 3986).
[[nodiscard]] std::string percent_decoded(std::string_view text);

}  // namespace wechaty::puppet_xmpp
