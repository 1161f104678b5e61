// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "wechaty/puppet/file_box/file_box_resolver.hpp"
#include "wechaty/puppet_url/public_address.hpp"

namespace wechaty::puppet_url {

struct UrlResolverOptions {
  std::chrono::milliseconds connect_timeout{std::chrono::seconds{10}};  ///< with DNS and TLS
  /// How long the server may keep us waiting; also the time over which its speed is measured. The
  /// time that a reader takes between two reads does not count.
  std::chrono::milliseconds stall_timeout{std::chrono::seconds{30}};
  std::uint64_t least_bytes_per_second = 64;
  std::uint64_t max_bytes = std::uint64_t{1} << 30U;  ///< of one content
  int max_redirects = 6;
  std::string ca_file{};  ///< PEM with the certificates to trust; "": the system's
  /// Asked for each address just before it is connected to, after DNS and after each redirect, so
  /// that a URL from somebody else does not reach into our network. any_address lifts that.
  std::function<bool(std::string_view address)> may_connect = is_public_address;
};

/// Fetches http and https URLs with libcurl: HTTP/1.1, TLS verified, no proxy, no cookies, nothing
/// from `.netrc`. Redirects are followed within http and https; `Authorization` and `Cookie` do not
/// go along to another host, other headers do.
///
/// What it throws names the URL without user, password and query.
/// Thread: any; several at once. May block for as long as the time-outs say.
/// Source: RFC 9110, RFC 6266.
class UrlResolver final : public puppet::FileBoxResolver {
 public:
  /// @throws InvalidArgumentError when a limit is not positive or `may_connect` is empty
  explicit UrlResolver(UrlResolverOptions options = {});

  /// GET. Returns when the first bytes are there; the rest comes while it is read, with at most
  /// 256 KiB in memory.
  ///
  /// Opening and reading throw: NotFoundError for 404 and 410; TimeoutError; TooLargeError;
  /// InvalidArgumentError for a URL or a header that cannot be, an address that may not be
  /// connected to, a redirect to another protocol; NetworkError for all other failures, also a
  /// content that ends too early.
  std::unique_ptr<puppet::ByteSource> open_url(
      const std::string& url, const std::map<std::string, std::string>& headers) override;
  /// HEAD, and where the server does not like that the beginning of GET.
  /// @throws as open_url()
  puppet::UrlDetails describe_url(const std::string& url,
                                  const std::map<std::string, std::string>& headers) override;

 private:
  const UrlResolverOptions options_;
};

}  // namespace wechaty::puppet_url
