// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/http.hpp"

namespace wechaty::puppet_xmpp {

std::string percent_decoded(std::string_view text) {
  std::string out;
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 &&
        digit(text[i + 2]) >= 0) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

UrlParts parse_url(std::string_view url) {
  UrlParts parts;
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return {};
  parts.scheme = url.substr(0, scheme_end);
  for (char& c : parts.scheme) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (parts.scheme != "http" && parts.scheme != "https") return {};
  std::string_view rest = url.substr(scheme_end + 3);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  if (host.empty() || host.find_first_of("@ \\") != std::string_view::npos) return {};
  parts.host = host;
  rest.remove_prefix(host.size());
  rest = rest.substr(0, rest.find_first_of("?#"));
  if (const auto slash = rest.rfind('/'); slash != std::string_view::npos) {
    parts.name = percent_decoded(rest.substr(slash + 1));
  }
  return parts;
}

std::string origin_of(std::string_view url) {
  UrlParts parts = parse_url(url);
  if (parts.host.empty()) return {};
  for (char& c : parts.host) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  const std::string_view usual = parts.scheme == "https" ? ":443" : ":80";
  if (parts.host.ends_with(usual)) parts.host.resize(parts.host.size() - usual.size());
  return parts.scheme + "://" + parts.host;
}

}  // namespace wechaty::puppet_xmpp
