// SPDX-License-Identifier: Apache-2.0
// What the bot says, as XML.
#include <algorithm>
#include <array>
#include <iterator>
#include <locale>
#include <sstream>
#include <utility>

#include "puppet_xmpp/content.hpp"
#include "puppet_xmpp/http.hpp"
#include "puppet_xmpp/mention.hpp"

namespace wechaty::puppet_xmpp {

namespace {

constexpr std::string_view uri_scheme = "xmpp:";
constexpr std::string_view retraction_body =
    "This person attempted to retract a previous message, but your client does not support it.";

/// What of a message is its content, for copies.
constexpr std::array<std::string_view, 6> content_namespaces{
    ns::oob, ns::file_sharing, ns::url_data, ns::geoloc, ns::roster_exchange, ns::reference};

std::string number_text(double number) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out.precision(10);
  out << number;
  return out.str();
}

void body(Element& message, std::string_view text) {
  message.add(Element{"body", ns::client, text});
}

/// An address as it stands in a URI (RFC 5122): nicks may hold blanks and question marks.
std::string percent_encoded(std::string_view jid) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view plain = "-._~@/";
  std::string out;
  for (const char c : jid) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                          (c >= 'a' && c <= 'z') || plain.find(c) != std::string_view::npos;
    if (is_plain) {
      out += c;
    } else {
      out += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return out;
}

}  // namespace

std::string geo_uri(const puppet::LocationPayload& location) {
  return "geo:" + number_text(location.latitude) + "," + number_text(location.longitude);
}

void write_text(Element& message, std::string_view text, const std::vector<Mention>& mentions) {
  body(message, text);
  for (const Mention& mention : mentions) {
    Element reference = Element{"reference", ns::reference}
                            .set("type", "mention")
                            .set("uri", std::string{uri_scheme} + percent_encoded(mention.jid));
    if (const auto place = find_mention(text, mention.name); place != std::string_view::npos) {
      const auto end = place + 1 + mention.name.size();
      reference.set("begin", std::to_string(code_points_before(text, place)));
      reference.set("end", std::to_string(code_points_before(text, end)));
    }
    message.add(std::move(reference));
  }
}

void write_file(Element& message, const puppet::FileBox& file, const std::string& url,
                std::uint64_t size) {
  body(message, url);
  message.add(Element{"x", ns::oob}.add(Element{"url", {}, url}));
  Element metadata = Element{"file", ns::file_metadata}
                         .add(Element{"media-type", {}, file.media_type()})
                         .add(Element{"name", {}, file.name()})
                         .add(Element{"size", {}, std::to_string(size)});
  Element sources = Element{"sources"}.add(Element{"url-data", ns::url_data}.set("target", url));
  message.add(Element{"file-sharing", ns::file_sharing}
                  .set("disposition", "inline")
                  .add(std::move(metadata))
                  .add(std::move(sources)));
}

void write_link(Element& message, const puppet::UrlLinkPayload& link) {
  std::string text = link.title;
  if (link.description && !link.description->empty()) text += "\n" + *link.description;
  if (text.empty()) text = parse_url(link.url).host;  // the URL alone would be a file
  body(message, text + (text.empty() ? "" : "\n") + link.url);
  Element oob = Element{"x", ns::oob}.add(Element{"url", {}, link.url});
  if (!link.title.empty()) oob.add(Element{"desc", {}, link.title});
  message.add(std::move(oob));
}

void write_location(Element& message, const puppet::LocationPayload& location) {
  body(message, geo_uri(location));
  Element place{"geoloc", ns::geoloc};
  place.add(Element{"lat", {}, number_text(location.latitude)});
  place.add(Element{"lon", {}, number_text(location.longitude)});
  if (location.accuracy > 0) place.add(Element{"accuracy", {}, number_text(location.accuracy)});
  if (!location.name.empty()) place.add(Element{"description", {}, location.name});
  if (!location.address.empty()) place.add(Element{"text", {}, location.address});
  message.add(std::move(place));
}

void write_contact(Element& message, std::string_view jid, std::string_view name) {
  body(message, std::string{uri_scheme} + std::string{jid});
  message.add(Element{"x", ns::roster_exchange}.add(
      Element{"item"}.set("action", "add").set("jid", jid).set("name", name)));
}

bool copy_content(Element& message, const Element& original) {
  const auto content = read_content(original);
  if (!content) return false;
  body(message, content->text);
  std::copy_if(original.children.begin(), original.children.end(),
               std::back_inserter(message.children), [](const Element& child) {
                 return std::find(content_namespaces.begin(), content_namespaces.end(),
                                  child.xmlns) != content_namespaces.end();
               });
  return true;
}

void write_retraction(Element& message, std::string_view id) {
  message.add(Element{"retract", ns::retract}.set("id", id));
  message.add(
      Element{"apply-to", ns::fasten}.set("id", id).add(Element{"retract", ns::retract_old}));
  message.add(Element{"fallback", ns::fallback}.set("for", ns::retract));
  message.add(Element{"store", ns::hints});
  body(message, retraction_body);
}

}  // namespace wechaty::puppet_xmpp
