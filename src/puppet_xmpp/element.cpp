// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/element.hpp"

#include <algorithm>
#include <cstdint>

namespace wechaty::puppet_xmpp {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

/// The code point at `offset` and its length in bytes; length 0 where there is no valid UTF-8.
struct CodePoint {
  std::uint32_t value = 0;
  std::size_t length = 0;
};

CodePoint code_point_at(std::string_view text, std::size_t offset) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(offset);
  if (first < 0x80U) return {first, 1};
  const std::size_t length = first >= 0xF0U ? 4 : first >= 0xE0U ? 3 : first >= 0xC2U ? 2 : 0;
  if (length == 0 || first > 0xF4U || text.size() - offset < length) return {};
  std::uint32_t value = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(offset + i) & 0xC0U) != 0x80U) return {};
    value = (value << 6U) | (byte(offset + i) & 0x3FU);
  }
  const std::uint32_t least = length == 2 ? 0x80U : length == 3 ? 0x800U : 0x10000U;
  if (value < least || value > 0x10FFFFU || (value >= 0xD800U && value <= 0xDFFFU)) return {};
  return {value, length};
}

bool is_xml(std::uint32_t c) {
  return c >= 0x20U ? c != 0xFFFEU && c != 0xFFFFU : c == '\t' || c == '\n' || c == '\r';
}

void append_escaped(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto [value, length] = code_point_at(text, i);
    if (length == 0 || !is_xml(value)) {
      out += replacement;
      i += length == 0 ? 1 : length;
      continue;
    }
    switch (value) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\r': out += "&#13;"; break;  // a bare one would be read as a line feed
      default: out += text.substr(i, length);
    }
    i += length;
  }
}

void append_xml(std::string& out, const Element& element, std::string_view parent_xmlns) {
  const std::string_view xmlns = element.xmlns.empty() ? parent_xmlns : element.xmlns;
  out += '<';
  out += element.name;
  const auto attribute = [&](std::string_view key, std::string_view value) {
    out += ' ';
    out += key;
    out += "=\"";
    append_escaped(out, value);
    out += '"';
  };
  if (xmlns != parent_xmlns) attribute("xmlns", xmlns);
  for (const auto& [key, value] : element.attributes) attribute(key, value);
  if (element.text.empty() && element.children.empty()) {
    out += "/>";
    return;
  }
  out += '>';
  append_escaped(out, element.text);
  for (const Element& child : element.children) append_xml(out, child, xmlns);
  out += "</";
  out += element.name;
  out += '>';
}

}  // namespace

std::string_view Element::attr(std::string_view key) const {
  for (const auto& [name_of, value] : attributes) {
    if (name_of == key) return value;
  }
  return {};
}

bool Element::has_attr(std::string_view key) const {
  return std::any_of(attributes.begin(), attributes.end(),
                     [&](const auto& attribute) { return attribute.first == key; });
}

const Element* Element::child(std::string_view child_name, std::string_view child_xmlns) const {
  for (const Element& candidate : children) {
    if (candidate.name != child_name) continue;
    if (child_xmlns.empty() ? candidate.xmlns.empty() || candidate.xmlns == xmlns
                            : candidate.xmlns == child_xmlns) {
      return &candidate;
    }
  }
  return nullptr;
}

std::string_view Element::child_text(std::string_view child_name,
                                     std::string_view child_xmlns) const {
  const Element* const found = child(child_name, child_xmlns);
  return found == nullptr ? std::string_view{} : found->text;
}

std::size_t Element::footprint() const {
  std::size_t bytes = sizeof(Element) + name.capacity() + xmlns.capacity() + text.capacity();
  for (const auto& attribute : attributes) {
    bytes += sizeof attribute + attribute.first.capacity() + attribute.second.capacity();
  }
  for (const Element& child : children) bytes += child.footprint();
  return bytes;
}

Element& Element::set(std::string_view key, std::string_view value) & {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const auto& attribute) { return attribute.first == key; });
  if (value.empty()) {
    if (found != attributes.end()) attributes.erase(found);
  } else if (found != attributes.end()) {
    found->second = value;
  } else {
    attributes.emplace_back(key, value);
  }
  return *this;
}

Element& Element::add(Element child) & {
  children.push_back(std::move(child));
  return *this;
}

std::string Element::to_xml(std::string_view parent_xmlns) const {
  std::string out;
  append_xml(out, *this, parent_xmlns);
  return out;
}

bool is_xml_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto [value, length] = code_point_at(text, i);
    if (length == 0 || !is_xml(value)) return false;
    i += length;
  }
  return true;
}

std::string escape_xml(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

std::size_t code_points_before(std::string_view text, std::size_t offset) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < std::min(offset, text.size()); ++count) {
    i += std::max<std::size_t>(1, code_point_at(text, i).length);
  }
  return count;
}

std::size_t offset_of_code_point(std::string_view text, std::size_t code_point) {
  std::size_t i = 0;
  while (code_point-- > 0 && i < text.size()) {
    i += std::max<std::size_t>(1, code_point_at(text, i).length);
  }
  return std::min(i, text.size());
}

}  // namespace wechaty::puppet_xmpp
