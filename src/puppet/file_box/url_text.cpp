// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/file_box/url_text.hpp"

#include <algorithm>

namespace wechaty::puppet {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string url_without_secrets(std::string_view url) {
  constexpr std::size_t longest = 200;
  url = url.substr(0, url.find_first_of("?#"));
  std::string result;
  if (const std::size_t slashes = url.find("://"); slashes != std::string_view::npos) {
    result = url.substr(0, slashes + 3);
    url.remove_prefix(slashes + 3);
    const std::size_t path = std::min(url.find_first_of("/\\"), url.size());
    if (const std::size_t at = url.substr(0, path).rfind('@'); at != std::string_view::npos) {
      url.remove_prefix(at + 1);
    }
  }
  result += url;
  if (result.size() > longest) {
    result.resize(longest - 3);
    result += "...";
  }
  for (char& c : result) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '_';
  }
  return result;
}

std::string name_in_url(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  if (const std::size_t slashes = url.find("://"); slashes != std::string_view::npos) {
    url.remove_prefix(slashes + 3);
  }
  const std::size_t slash = url.rfind('/');
  return slash == std::string_view::npos ? "" : std::string{url.substr(slash + 1)};
}

std::string percent_decoded(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size();
    const int high = escape ? hex_value(text[i + 1]) : -1;
    const int low = escape ? hex_value(text[i + 2]) : -1;
    if (high >= 0 && low >= 0) {
      bytes += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      bytes += text[i];
    }
  }
  return bytes;
}

}  // namespace wechaty::puppet
