// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/content.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "puppet_xmpp/http.hpp"
#include "puppet_xmpp/jid.hpp"
#include "wechaty/puppet/file_box/mime.hpp"

namespace wechaty::puppet_xmpp {

using puppet::LocationPayload;
using puppet::MessageType;

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

/// As XML Schema writes a decimal, whatever the locale.
std::optional<double> number_of(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

MessageType type_of(std::string_view media_type) {
  if (media_type.starts_with("image/")) return MessageType::image;
  if (media_type.starts_with("audio/")) return MessageType::audio;
  if (media_type.starts_with("video/")) return MessageType::video;
  return MessageType::attachment;
}

/// `xmpp:alice@example.org?query` (RFC 5122); no address for anything else.
struct XmppUri {
  std::optional<Jid> jid;
  std::string_view query;
};

XmppUri parse_xmpp_uri(std::string_view uri) {
  constexpr std::string_view scheme = "xmpp:";
  if (!uri.starts_with(scheme)) return {};
  uri.remove_prefix(scheme.size());
  const auto end = uri.find_first_of("?;#");
  return {.jid = Jid::parse(percent_decoded(uri.substr(0, end))),
          .query = end == std::string_view::npos ? std::string_view{} : uri.substr(end + 1)};
}

// --- the body ------------------------------------------------------------------------------------

/// Takes out of a body what stands there for those who do not know the element that it is `of`
/// (XEP-0428), and is not of interest beside it: the message that a reply answers, for one.
void remove_fallback(const Element& message, std::string_view of, std::string& body) {
  const auto found =
      std::find_if(message.children.begin(), message.children.end(), [&](const Element& child) {
        return child.is("fallback", ns::fallback) && child.attr("for") == of;
      });
  if (found == message.children.end()) return;
  std::size_t begin = 0;
  std::size_t end = std::string::npos;
  if (const Element* const range = found->child("body")) {
    const auto offset = [&](std::string_view key, std::size_t& value) {
      const std::string_view text = range->attr(key);
      std::size_t count = 0;
      const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), count);
      if (error == std::errc{}) value = offset_of_code_point(body, count);
    };
    offset("start", begin);
    offset("end", end);
  }
  if (begin < std::min(end, body.size())) body.erase(begin, end - begin);
}

std::string text_of(const Element& message) {
  const std::string whole{message.child_text("body")};
  std::string text = whole;
  if (message.child("reactions", ns::reactions) != nullptr) {
    remove_fallback(message, ns::reactions, text);
    return text;
  }
  if (message.child("reply", ns::reply) != nullptr) remove_fallback(message, ns::reply, text);
  return trimmed(text).empty() ? whole : text;
}

// --- files and links -----------------------------------------------------------------------------

/// What a client tells of a file, in whichever way.
struct Shared {
  const Element* metadata = nullptr;
  std::string url;
};

/// Stateless file sharing (XEP-0447).
Shared shared_file(const Element& sharing) {
  Shared shared{.metadata = sharing.child("file", ns::file_metadata), .url = {}};
  if (const Element* const sources = sharing.child("sources")) {
    if (const Element* const source = sources->child("url-data", ns::url_data)) {
      shared.url = source->attr("target");
    }
  }
  return shared;
}

/// The older media sharing (XEP-0385), which is a reference.
Shared shared_media(const Element& reference) {
  const Element* const sharing = reference.child("media-sharing", ns::media_sharing);
  if (sharing == nullptr) return {};
  Shared shared{.metadata = sharing->child("file", ns::jingle_file), .url = {}};
  const Element* const sources = sharing->child("sources");
  if (sources == nullptr) return shared;
  for (const Element& source : sources->children) {
    if (!source.is("reference", ns::reference) || parse_url(source.attr("uri")).host.empty()) {
      continue;
    }
    shared.url = source.attr("uri");
    break;
  }
  return shared;
}

Shared shared_in(const Element& message) {
  if (const Element* const sharing = message.child("file-sharing", ns::file_sharing)) {
    return shared_file(*sharing);
  }
  for (const Element& child : message.children) {
    if (!child.is("reference", ns::reference)) continue;
    if (Shared shared = shared_media(child); !shared.url.empty()) return shared;
  }
  return {};
}

std::string_view oob_url(const Element& message) {
  const Element* const oob = message.child("x", ns::oob);
  return oob ? trimmed(oob->child_text("url")) : std::string_view{};
}

std::optional<Content::File> read_file(const Element& message, std::string_view body) {
  const Shared shared = shared_in(message);
  const std::string_view url = oob_url(message);
  Content::File file;
  file.url = !url.empty() && url == trimmed(body) ? url : shared.url;
  if (parse_url(file.url).host.empty()) return std::nullopt;
  if (shared.metadata != nullptr) {
    file.name = shared.metadata->child_text("name");
    file.media_type = shared.metadata->child_text("media-type");
  }
  if (file.name.empty()) file.name = parse_url(file.url).name;
  if (file.media_type.empty()) {
    file.media_type = puppet::type_of_name(file.name).value_or(puppet::octet_stream);
  }
  return file;
}

std::optional<puppet::UrlLinkPayload> read_link(const Element& message, std::string_view body) {
  puppet::UrlLinkPayload link;
  link.url = oob_url(message);
  if (link.url.empty() || link.url == trimmed(body)) return std::nullopt;
  link.title = message.child("x", ns::oob)->child_text("desc");
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

// --- places and people ---------------------------------------------------------------------------

bool is_on_earth(double latitude, double longitude) {
  return std::abs(latitude) <= 90 && std::abs(longitude) <= 180;
}

/// A body that is a `geo:` URI and nothing else (RFC 5870): what Conversations sends.
std::optional<LocationPayload> read_geo_uri(std::string_view body) {
  constexpr std::string_view scheme = "geo:";
  body = trimmed(body);
  if (!body.starts_with(scheme)) return std::nullopt;
  body.remove_prefix(scheme.size());
  const auto place_end = std::min(body.find_first_of(";?"), body.size());
  const std::string_view place = body.substr(0, place_end);
  const auto comma = place.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const std::string_view second = place.substr(comma + 1);
  const auto latitude = number_of(place.substr(0, comma));
  const auto longitude = number_of(second.substr(0, second.find(',')));  // an altitude may follow
  if (!latitude || !longitude || !is_on_earth(*latitude, *longitude)) return std::nullopt;
  LocationPayload location{.latitude = *latitude, .longitude = *longitude};
  constexpr std::string_view uncertainty = ";u=";
  if (const auto mark = body.find(uncertainty, place_end); mark != std::string_view::npos) {
    const std::string_view value = body.substr(mark + uncertainty.size());
    location.accuracy = number_of(value.substr(0, value.find_first_of(";?"))).value_or(0);
  }
  return location;
}

std::optional<LocationPayload> read_location(const Element& message, std::string_view body) {
  const Element* const place = message.child("geoloc", ns::geoloc);
  if (place == nullptr) return read_geo_uri(body);
  const auto latitude = number_of(place->child_text("lat"));
  const auto longitude = number_of(place->child_text("lon"));
  if (!latitude || !longitude || !is_on_earth(*latitude, *longitude)) return std::nullopt;
  return LocationPayload{.accuracy = number_of(place->child_text("accuracy")).value_or(0),
                         .address = std::string{place->child_text("text")},
                         .latitude = *latitude,
                         .longitude = *longitude,
                         .name = std::string{place->child_text("description")}};
}

/// A roster item, or a body that is the address of somebody and nothing else: what Conversations
/// sends, and no room's, whose query is `join`.
std::string read_contact(const Element& message, std::string_view body) {
  if (const Element* const exchange = message.child("x", ns::roster_exchange)) {
    for (const Element& item : exchange->children) {
      if (item.name == "item" && (!item.has_attr("action") || item.attr("action") == "add")) {
        return bare_jid(item.attr("jid"));
      }
    }
    return {};
  }
  const auto [jid, query] = parse_xmpp_uri(trimmed(body));
  if (!jid || jid->local.empty() || !jid->resource.empty()) return {};
  constexpr std::array<std::string_view, 4> of_people{"roster", "subscribe", "add", "omemo-"};
  const bool is_person =
      query.empty() || std::any_of(of_people.begin(), of_people.end(),
                                   [&](std::string_view word) { return query.starts_with(word); });
  return is_person ? jid->bare() : std::string{};
}

/// What stands in the body of a message that has none, as our own would have it.
std::string body_for(const Content& content) {
  if (content.location) return geo_uri(*content.location);
  if (content.file) return content.file->url;
  if (content.link) return content.link->url;
  return "xmpp:" + content.contact;
}

}  // namespace

std::optional<Content> read_content(const Element& message) {
  Content content;
  content.text = text_of(message);
  if ((content.location = read_location(message, content.text))) {
    content.type = MessageType::location;
  } else if (content.contact = read_contact(message, content.text); !content.contact.empty()) {
    content.type = MessageType::contact;
  } else if ((content.file = read_file(message, content.text))) {
    content.type = type_of(content.file->media_type);
  } else if ((content.link = read_link(message, content.text))) {
    content.type = MessageType::url;
  } else if (!content.text.empty()) {
    content.type = MessageType::text;
  } else {
    return std::nullopt;
  }
  if (content.text.empty()) content.text = body_for(content);
  for (const Element& reference : message.children) {
    if (!reference.is("reference", ns::reference) || reference.attr("type") != "mention") continue;
    const auto jid = parse_xmpp_uri(reference.attr("uri")).jid;
    if (jid) content.mentions.push_back(jid->full());
  }
  return content;
}

std::string retracted_id(const Element& message) {
  if (const Element* const retract = message.child("retract", ns::retract)) {
    return std::string{retract->attr("id")};
  }
  const Element* const fastening = message.child("apply-to", ns::fasten);
  if (fastening == nullptr) return {};
  const bool retracts = fastening->child("retract", ns::retract_old) != nullptr ||
                        fastening->child("retract", ns::retract) != nullptr;
  return retracts ? std::string{fastening->attr("id")} : std::string{};
}

std::string corrected_id(const Element& message) {
  const Element* const replace = message.child("replace", ns::correct);
  return replace == nullptr ? std::string{} : std::string{replace->attr("id")};
}

}  // namespace wechaty::puppet_xmpp
