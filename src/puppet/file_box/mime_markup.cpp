// SPDX-License-Identifier: Apache-2.0
#include "puppet/file_box/mime_markup.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace wechaty::puppet {

namespace {

constexpr std::string_view blanks = " \t\r\n\f";

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
}

/// Removes up to and with `end`; all when it is not there.
void skip_past(std::string_view& text, std::string_view end) {
  const std::size_t at = text.find(end);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
}

bool is_name_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte >= 0x80 || c == '_' || c == '-' || c == '.' ||
         c == ':';
}

std::string_view take_name(std::string_view& text) {
  const auto* const end = std::find_if_not(text.begin(), text.end(), is_name_character);
  const std::string_view name = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(name.size());
  const bool good = !name.empty() && name.front() != '-' && name.front() != '.' &&
                    (name.front() < '0' || name.front() > '9');
  return good ? name : std::string_view{};
}

/// Without a name space, in lower case.
std::string local(std::string_view name) {
  std::string result{name.substr(name.rfind(':') + 1)};
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

/// Elements that a piece of HTML without <html> begins with.
bool is_html_element(std::string_view name) {
  static constexpr auto names = std::to_array<std::string_view>(
      {"a",      "article",  "aside",    "b",       "base",   "blockquote", "body",     "br",
       "button", "center",   "code",     "details", "dialog", "div",        "dl",       "em",
       "embed",  "fieldset", "figure",   "font",    "footer", "form",       "h1",       "h2",
       "h3",     "h4",       "h5",       "h6",      "head",   "header",     "hr",       "html",
       "i",      "iframe",   "img",      "input",   "label",  "li",         "link",     "main",
       "meta",   "nav",      "noscript", "ol",      "p",      "picture",    "pre",      "s",
       "script", "section",  "select",   "small",   "span",   "strong",     "style",    "sub",
       "sup",    "svg",      "table",    "tbody",   "td",     "template",   "textarea", "th",
       "thead",  "title",    "tr",       "u",       "ul",     "video"});
  return std::find(names.begin(), names.end(), name) != names.end();
}

enum class Tag { wrong, cut_off, open, closed };

/// Takes the rest of a start tag, behind its name.
Tag take_attributes(std::string_view& text) {
  while (true) {
    skip_blanks(text);
    if (text.empty()) return Tag::cut_off;
    if (text.front() == '>') {
      text.remove_prefix(1);
      return Tag::open;
    }
    if (text.front() == '/') {
      text.remove_prefix(1);
      if (text.empty()) return Tag::cut_off;
      const bool good = text.front() == '>';
      text.remove_prefix(1);
      return good ? Tag::closed : Tag::wrong;
    }
    if (take_name(text).empty()) return Tag::wrong;
    skip_blanks(text);
    if (text.empty()) return Tag::cut_off;
    if (text.front() != '=') return Tag::wrong;
    text.remove_prefix(1);
    skip_blanks(text);
    if (text.empty()) return Tag::cut_off;
    const char quote = text.front();
    if (quote != '"' && quote != '\'') return Tag::wrong;
    text.remove_prefix(1);
    if (text.find(quote) == std::string_view::npos) return Tag::cut_off;
    skip_past(text, std::string_view{&quote, 1});
  }
}

/// Whether the rest of the text, behind the start tag of `root`, is an XML document's.
bool ends_like_xml(std::string_view rest, std::string_view root, Tag tag, bool whole) {
  if (tag == Tag::wrong || (tag == Tag::cut_off && whole)) return false;
  if (!whole) return true;
  if (tag == Tag::closed) {
    skip_blanks(rest);
    return rest.empty() || rest.starts_with("<!--");
  }
  const std::size_t close = rest.rfind("</");
  if (close == std::string_view::npos) return false;
  rest.remove_prefix(close + 2);
  if (!rest.starts_with(root)) return false;
  rest.remove_prefix(root.size());
  skip_blanks(rest);
  if (!rest.starts_with('>')) return false;
  rest.remove_prefix(1);
  skip_blanks(rest);
  return rest.empty();
}

}  // namespace

std::optional<std::string_view> markup_type(std::string_view text, bool whole) {
  bool is_xml = false;
  while (true) {
    skip_blanks(text);
    if (text.starts_with("<?xml")) is_xml = true;
    if (text.starts_with("<?")) {
      if (!is_xml) return std::nullopt;  // <?php
      skip_past(text, "?>");
    } else if (text.starts_with("<!--")) {
      skip_past(text, "-->");
    } else if (text.starts_with("<!")) {
      text.remove_prefix(2);
      if (local(take_name(text)) != "doctype") return std::nullopt;
      skip_blanks(text);
      const std::string document = local(take_name(text));
      if (document == "html" && !is_xml) return "text/html";
      if (document == "svg") return "image/svg+xml";
      if (document.empty()) return std::nullopt;
      is_xml = true;
      const std::size_t end = text.find_first_of("[>");
      if (end != std::string_view::npos && text[end] == '[') skip_past(text, "]");
      skip_past(text, ">");
    } else {
      break;
    }
  }
  if (text.empty() && is_xml) return "application/xml";
  if (!text.starts_with('<')) return std::nullopt;
  text.remove_prefix(1);
  const std::string_view root = take_name(text);
  const std::string element = local(root);
  if (root.empty()) return is_xml ? std::optional{"application/xml"} : std::nullopt;
  if (element == "html") return is_xml ? "application/xhtml+xml" : "text/html";
  if (is_xml) return element == "svg" ? "image/svg+xml" : "application/xml";
  const Tag tag = take_attributes(text);
  if (element == "svg") {
    if (tag == Tag::wrong) return std::nullopt;
    return "image/svg+xml";
  }
  if (is_html_element(element)) return std::nullopt;
  if (!ends_like_xml(text, root, tag, whole)) return std::nullopt;
  return "application/xml";
}

}  // namespace wechaty::puppet
