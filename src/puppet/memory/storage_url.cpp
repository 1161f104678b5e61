// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/memory/storage_url.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace wechaty::puppet {
namespace {

std::string decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    unsigned value = 0;
    const char* digits = text.data() + i + 1;
    if (text.size() - i < 3 || std::from_chars(digits, digits + 2, value, 16).ptr != digits + 2) {
      throw InvalidArgumentError{"storage URL: '%' without two hexadecimal digits"};
    }
    if (value == 0) throw InvalidArgumentError{"storage URL: %00 is not allowed"};
    result += static_cast<char>(value);
    i += 2;
  }
  return result;
}

std::string scheme_of(std::string_view text) {
  std::string scheme;
  for (const char c : text) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool fits = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') ||
                      lower == '+' || lower == '-' || lower == '.';
    if (!fits) return {};
    scheme += lower;
  }
  return scheme;
}

/// Cuts `text` at the first `mark`; what is behind it is the result, empty when there is none.
std::string_view cut(std::string_view& text, char mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return {};
  const auto behind = text.substr(at + 1);
  text = text.substr(0, at);
  return behind;
}

}  // namespace

StorageUrl StorageUrl::parse(std::string_view url) {
  StorageUrl result;
  const auto colon = url.find(':');
  if (colon != std::string_view::npos) result.scheme = scheme_of(url.substr(0, colon));
  if (result.scheme.empty()) {
    throw InvalidArgumentError{
        "storage URL: it has to begin with a scheme, as in file:bot or redis://host/bot"};
  }
  std::string_view rest = url.substr(colon + 1);
  std::string_view query = cut(rest, '?');
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    const auto slash = std::min(rest.find('/'), rest.size());
    std::string_view authority = rest.substr(0, slash);
    rest.remove_prefix(slash);
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
      const auto user = authority.substr(0, at);
      if (user.find(':') != std::string_view::npos) {
        throw InvalidArgumentError{"storage URL (" + result.scheme +
                                   "): a password does not belong in a URL; give it by the "
                                   "environment, see docs/memory-card.md"};
      }
      result.user = decoded(user);
      authority.remove_prefix(at + 1);
    }
    result.authority = decoded(authority);
  } else if (rest.find("://") != std::string_view::npos) {
    // Half of two URLs: what stands before a host in the second one would become a name.
    throw InvalidArgumentError{"storage URL (" + result.scheme +
                               "): '://' comes behind the path; is the scheme written twice?"};
  }
  result.path = decoded(rest);
  while (!query.empty()) {
    const auto next = cut(query, '&');
    std::string_view name = query;
    const auto value = cut(name, '=');
    if (!name.empty()) result.query.insert_or_assign(decoded(name), decoded(value));
    query = next;
  }
  return result;
}

std::optional<std::string> StorageUrl::take(const std::string& name) {
  auto node = query.extract(name);
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped());
}

void StorageUrl::require_no_more() const {
  if (query.empty()) return;
  // Quoted only where it can be a name: it may be half of another URL, with a password in it.
  const std::string& name = query.begin()->first;
  const bool is_name = name.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                           "0123456789_-.") == std::string::npos;
  throw InvalidArgumentError{"storage URL (" + scheme + "): unknown parameter" +
                             (is_name ? " '" + name + "'" : ", whose name has odd characters")};
}

}  // namespace wechaty::puppet
