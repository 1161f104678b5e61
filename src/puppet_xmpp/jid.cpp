// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/jid.hpp"

#include <algorithm>

#include "puppet_xmpp/element.hpp"

namespace wechaty::puppet_xmpp {

namespace {

constexpr std::size_t longest_part = 1'023;
constexpr std::string_view forbidden_in_local = "\"&'/:<>@ ";
constexpr std::string_view forbidden_in_domain = "\"&'/<>@ ";  // [::1] has colons

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20U || byte == 0x7FU;
  });
}

std::string folded(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

}  // namespace

std::optional<Jid> Jid::parse(std::string_view text) {
  Jid jid;
  const auto slash = text.find('/');  // a resource may hold '@' and more slashes
  if (slash != std::string_view::npos) {
    jid.resource = text.substr(slash + 1);
    if (jid.resource.empty()) return std::nullopt;
    text = text.substr(0, slash);
  }
  const auto at = text.find('@');
  if (at != std::string_view::npos) {
    if (at == 0) return std::nullopt;
    jid.local = folded(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  if (!text.empty() && text.back() == '.') text.remove_suffix(1);
  jid.domain = folded(text);
  if (jid.domain.empty() || jid.domain.find_first_of(forbidden_in_domain) != std::string::npos ||
      jid.local.find_first_of(forbidden_in_local) != std::string::npos) {
    return std::nullopt;
  }
  for (const std::string* part : {&jid.local, &jid.domain, &jid.resource}) {
    if (part->size() > longest_part || has_control(*part) || !is_xml_text(*part))
      return std::nullopt;
  }
  return jid;
}

std::string bare_jid(std::string_view text) {
  const auto jid = Jid::parse(text);
  return jid ? jid->bare() : std::string{};
}

std::string_view resource_of(std::string_view text) {
  const auto slash = text.find('/');
  return slash == std::string_view::npos ? std::string_view{} : text.substr(slash + 1);
}

}  // namespace wechaty::puppet_xmpp
