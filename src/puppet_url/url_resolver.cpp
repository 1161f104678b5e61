// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_url/url_resolver.hpp"

#include <utility>

#include "puppet_url/transfer.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_url {

UrlResolver::UrlResolver(UrlResolverOptions options) : options_{std::move(options)} {
  constexpr std::chrono::milliseconds none{0};
  if (options_.connect_timeout <= none || options_.stall_timeout <= none ||
      options_.max_bytes == 0 || options_.max_redirects < 0 || !options_.may_connect) {
    throw puppet::InvalidArgumentError{
        "UrlResolver: time-outs and max_bytes have to be positive, and may_connect a function"};
  }
}

std::unique_ptr<puppet::ByteSource> UrlResolver::open_url(
    const std::string& url, const std::map<std::string, std::string>& headers) {
  auto transfer = std::make_unique<Transfer>(url, headers, Method::get, options_);
  transfer->await_content();
  return transfer;
}

puppet::UrlDetails UrlResolver::describe_url(const std::string& url,
                                             const std::map<std::string, std::string>& headers) {
  Transfer head{url, headers, Method::head, options_};
  constexpr long first_other = 300;
  if (head.await_status() < first_other) return head.details();
  // Signed URLs, for example, are often good for GET alone.
  Transfer get{url, headers, Method::get, options_};
  get.await_content();
  return get.details();
}

}  // namespace wechaty::puppet_url
