// SPDX-License-Identifier: Apache-2.0
#include "puppet_storage/environment.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace wechaty::puppet_storage {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

int number_in_url(std::string_view scheme, std::string_view what, std::string_view text, int least,
                  int most) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != end || number < least ||
      number > most) {
    throw puppet::InvalidArgumentError{"storage URL (" + std::string{scheme} +
                                       "): " + std::string{what} + " has to be a number from " +
                                       std::to_string(least) + " to " + std::to_string(most)};
  }
  return number;
}

void take_timeout(puppet::StorageUrl& url, RemoteOptions& options) {
  const auto text = url.take("timeout");
  if (!text) return;
  options.request_timeout =
      std::chrono::milliseconds{number_in_url(url.scheme, "timeout", *text, 1, 600'000)};
  options.connect_timeout = std::min(options.connect_timeout, options.request_timeout);
}

std::string version_name(const std::string& version) {
  return version.empty() ? std::string{"no document"} : "version " + version;
}

}  // namespace wechaty::puppet_storage
