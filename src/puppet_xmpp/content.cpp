// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/content.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <locale>
#include <sstream>
#include <utility>

#include "puppet_xmpp/http.hpp"
#include "puppet_xmpp/jid.hpp"
#include "wechaty/puppet/file_box/mime.hpp"

namespace wechaty::puppet_xmpp {

using puppet::MessageType;

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

/// As XML Schema writes a decimal, whatever the locale; 0 for anything else.
double number_of(std::string_view text) {
  std::istringstream in{std::string{text}};
  in.imbue(std::locale::classic());
  double number = 0;
  in >> number;
  return in && std::isfinite(number) ? number : 0;
}

MessageType type_of(std::string_view media_type) {
  if (media_type.starts_with("image/")) return MessageType::image;
  if (media_type.starts_with("audio/")) return MessageType::audio;
  if (media_type.starts_with("video/")) return MessageType::video;
  return MessageType::attachment;
}

/// The address in `xmpp:alice@example.org?query`.
std::string jid_of_uri(std::string_view uri) {
  if (!uri.starts_with(uri_scheme)) return {};
  uri.remove_prefix(uri_scheme.size());
  const auto jid = Jid::parse(uri.substr(0, uri.find_first_of("?;#")));
  return jid ? jid->full() : std::string{};
}

std::optional<Content::File> read_file(const Element& message, std::string_view body) {
  const Element* const sharing = message.child("file-sharing", ns::file_sharing);
  const Element* const metadata = sharing ? sharing->child("file", ns::file_metadata) : nullptr;
  const Element* const sources = sharing ? sharing->child("sources") : nullptr;
  const Element* const source = sources ? sources->child("url-data", ns::url_data) : nullptr;
  const Element* const oob = message.child("x", ns::oob);
  Content::File file;
  if (oob != nullptr && !oob->child_text("url").empty() && oob->child_text("url") == body) {
    file.url = oob->child_text("url");
  } else if (source != nullptr) {
    file.url = source->attr("target");
  }
  if (parse_url(file.url).host.empty()) return std::nullopt;
  if (metadata != nullptr) {
    file.name = metadata->child_text("name");
    file.media_type = metadata->child_text("media-type");
  }
  if (file.name.empty()) file.name = parse_url(file.url).name;
  if (file.media_type.empty()) {
    file.media_type = puppet::type_of_name(file.name).value_or(puppet::octet_stream);
  }
  return file;
}

std::optional<puppet::UrlLinkPayload> read_link(const Element& message, std::string_view body) {
  const Element* const oob = message.child("x", ns::oob);
  if (oob == nullptr || oob->child_text("url").empty()) return std::nullopt;
  puppet::UrlLinkPayload link;
  link.url = oob->child_text("url");
  link.title = oob->child_text("desc");
  std::string description;
  while (!body.empty()) {
    const auto end = body.find('\n');
    const std::string_view line = body.substr(0, end);
    if (line != link.url && link.title.empty()) {
      link.title = line;
    } else if (line != link.url && line != link.title) {
      description += (description.empty() ? "" : "\n") + std::string{line};
    }
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
  }
  if (!description.empty()) link.description = description;
  return link;
}

std::optional<puppet::LocationPayload> read_location(const Element& message) {
  const Element* const place = message.child("geoloc", ns::geoloc);
  if (place == nullptr || place->child("lat") == nullptr || place->child("lon") == nullptr) {
    return std::nullopt;
  }
  return puppet::LocationPayload{.accuracy = number_of(place->child_text("accuracy")),
                                 .address = std::string{place->child_text("text")},
                                 .latitude = number_of(place->child_text("lat")),
                                 .longitude = number_of(place->child_text("lon")),
                                 .name = std::string{place->child_text("description")}};
}

std::string read_contact(const Element& message) {
  const Element* const exchange = message.child("x", ns::roster_exchange);
  if (exchange == nullptr) return {};
  for (const Element& item : exchange->children) {
    if (item.name == "item" && (!item.has_attr("action") || item.attr("action") == "add")) {
      return bare_jid(item.attr("jid"));
    }
  }
  return {};
}

void body(Element& message, std::string_view text) {
  message.add(Element{"body", ns::client, text});
}

}  // namespace

std::optional<Content> read_content(const Element& message) {
  Content content;
  const Element* const body_of = message.child("body");
  content.text = body_of ? body_of->text : std::string{};
  if ((content.location = read_location(message))) {
    content.type = MessageType::location;
  } else if (content.contact = read_contact(message); !content.contact.empty()) {
    content.type = MessageType::contact;
  } else if ((content.file = read_file(message, content.text))) {
    content.type = type_of(content.file->media_type);
  } else if ((content.link = read_link(message, content.text))) {
    content.type = MessageType::url;
  } else if (body_of != nullptr && !content.text.empty()) {
    content.type = MessageType::text;
  } else {
    return std::nullopt;
  }
  for (const Element& reference : message.children) {
    if (!reference.is("reference", ns::reference) || reference.attr("type") != "mention") continue;
    const std::string jid = jid_of_uri(reference.attr("uri"));
    if (!jid.empty()) content.mentions.push_back(jid);
  }
  return content;
}

void write_text(Element& message, std::string_view text, const std::vector<Mention>& mentions) {
  body(message, text);
  for (const Mention& mention : mentions) {
    Element reference = Element{"reference", ns::reference}
                            .set("type", "mention")
                            .set("uri", std::string{uri_scheme} + mention.jid);
    const std::string name = "@" + mention.name;
    const auto place = mention.name.empty() ? std::string_view::npos : text.find(name);
    if (place != std::string_view::npos) {
      reference.set("begin", std::to_string(code_points_before(text, place)));
      reference.set("end", std::to_string(code_points_before(text, place + name.size())));
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
  body(message, text + (text.empty() ? "" : "\n") + link.url);
  Element oob = Element{"x", ns::oob}.add(Element{"url", {}, link.url});
  if (!link.title.empty()) oob.add(Element{"desc", {}, link.title});
  message.add(std::move(oob));
}

void write_location(Element& message, const puppet::LocationPayload& location) {
  const std::string latitude = number_text(location.latitude);
  const std::string longitude = number_text(location.longitude);
  body(message, "geo:" + latitude + "," + longitude);
  Element place{"geoloc", ns::geoloc};
  place.add(Element{"lat", {}, latitude}).add(Element{"lon", {}, longitude});
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

void copy_content(Element& message, const Element& original) {
  for (const Element& child : original.children) {
    const bool is_body =
        child.name == "body" && (child.xmlns.empty() || child.xmlns == original.xmlns);
    if (is_body || std::find(content_namespaces.begin(), content_namespaces.end(), child.xmlns) !=
                       content_namespaces.end()) {
      message.add(child);
    }
  }
}

void write_retraction(Element& message, std::string_view id) {
  message.add(Element{"retract", ns::retract}.set("id", id));
  message.add(
      Element{"apply-to", ns::fasten}.set("id", id).add(Element{"retract", ns::retract_old}));
  message.add(Element{"fallback", ns::fallback}.set("for", ns::retract));
  message.add(Element{"store", ns::hints});
  body(message, retraction_body);
}

std::string retracted_id(const Element& message) {
  if (const Element* const retract = message.child("retract", ns::retract)) {
    return std::string{retract->attr("id")};
  }
  const Element* const fastening = message.child("apply-to", ns::fasten);
  if (fastening != nullptr && fastening->child("retract", ns::retract_old) != nullptr) {
    return std::string{fastening->attr("id")};
  }
  return {};
}

std::string corrected_id(const Element& message) {
  const Element* const replace = message.child("replace", ns::correct);
  return replace == nullptr ? std::string{} : std::string{replace->attr("id")};
}

}  // namespace wechaty::puppet_xmpp
