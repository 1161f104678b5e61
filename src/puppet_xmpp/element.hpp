// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wechaty::puppet_xmpp {

/// One XML element: what stanzas are made of on our side of the border to libstrophe.
///
/// A value. Text between child elements is gathered in one string; XMPP means nothing by its place.
/// Building: `Element{"iq"}.set("type", "get").add(Element{"ping", ns::ping})`.
struct Element {
  std::string name;
  std::string xmlns;  ///< empty: the parent's
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string text;
  std::vector<Element> children;

  Element() = default;
  explicit Element(std::string_view element_name, std::string_view element_xmlns = {},
                   std::string_view element_text = {})
      : name{element_name}, xmlns{element_xmlns}, text{element_text} {}

  [[nodiscard]] bool is(std::string_view element_name, std::string_view element_xmlns) const {
    return name == element_name && xmlns == element_xmlns;
  }
  /// "" for an attribute that is not there.
  [[nodiscard]] std::string_view attr(std::string_view key) const;
  [[nodiscard]] bool has_attr(std::string_view key) const;
  /// The first child of that name, in the element's own namespace or the one given.
  [[nodiscard]] const Element* child(std::string_view child_name,
                                     std::string_view child_xmlns = {}) const;
  /// The text of that child; "" when it is not there.
  [[nodiscard]] std::string_view child_text(std::string_view child_name,
                                            std::string_view child_xmlns = {}) const;

  /// The memory that it takes, in bytes, about.
  [[nodiscard]] std::size_t footprint() const;

  /// Sets an attribute; an empty value removes it.
  Element& set(std::string_view key, std::string_view value) &;
  Element&& set(std::string_view key, std::string_view value) && {
    return std::move(set(key, value));
  }
  Element& add(Element child) &;
  Element&& add(Element child) && { return std::move(add(std::move(child))); }

  /// The XML. What XML 1.0 cannot carry (control characters, surrogates, bytes that are no UTF-8)
  /// becomes U+FFFD, or the server would end the stream.
  [[nodiscard]] std::string to_xml(std::string_view parent_xmlns = {}) const;

  friend bool operator==(const Element&, const Element&) = default;
};

/// Whether a text is UTF-8 without anything that XML 1.0 cannot carry.
[[nodiscard]] bool is_xml_text(std::string_view text);

/// Text as it stands in XML, inside elements and inside attributes in double quotes.
[[nodiscard]] std::string escape_xml(std::string_view text);

/// The number of code points before byte `offset`; the inverse is offset_of_code_point().
/// Both count a byte that is no UTF-8 as one.
[[nodiscard]] std::size_t code_points_before(std::string_view text, std::size_t offset);
[[nodiscard]] std::size_t offset_of_code_point(std::string_view text, std::size_t code_point);

namespace ns {
inline constexpr std::string_view client = "jabber:client";
inline constexpr std::string_view stream = "http://etherx.jabber.org/streams";
inline constexpr std::string_view tls = "urn:ietf:params:xml:ns:xmpp-tls";
inline constexpr std::string_view sasl = "urn:ietf:params:xml:ns:xmpp-sasl";
inline constexpr std::string_view bind = "urn:ietf:params:xml:ns:xmpp-bind";
inline constexpr std::string_view stanza_errors = "urn:ietf:params:xml:ns:xmpp-stanzas";
inline constexpr std::string_view stream_errors = "urn:ietf:params:xml:ns:xmpp-streams";
inline constexpr std::string_view sm = "urn:xmpp:sm:3";
inline constexpr std::string_view ping = "urn:xmpp:ping";
inline constexpr std::string_view version = "jabber:iq:version";
inline constexpr std::string_view roster = "jabber:iq:roster";
inline constexpr std::string_view disco_info = "http://jabber.org/protocol/disco#info";
inline constexpr std::string_view disco_items = "http://jabber.org/protocol/disco#items";
inline constexpr std::string_view caps = "http://jabber.org/protocol/caps";
inline constexpr std::string_view nick = "http://jabber.org/protocol/nick";
inline constexpr std::string_view carbons = "urn:xmpp:carbons:2";
inline constexpr std::string_view forward = "urn:xmpp:forward:0";
inline constexpr std::string_view delay = "urn:xmpp:delay";
inline constexpr std::string_view mam = "urn:xmpp:mam:2";
inline constexpr std::string_view rsm = "http://jabber.org/protocol/rsm";
inline constexpr std::string_view forms = "jabber:x:data";
inline constexpr std::string_view stanza_id = "urn:xmpp:sid:0";
inline constexpr std::string_view occupant_id = "urn:xmpp:occupant-id:0";
inline constexpr std::string_view muc = "http://jabber.org/protocol/muc";
inline constexpr std::string_view muc_user = "http://jabber.org/protocol/muc#user";
inline constexpr std::string_view muc_admin = "http://jabber.org/protocol/muc#admin";
inline constexpr std::string_view muc_owner = "http://jabber.org/protocol/muc#owner";
inline constexpr std::string_view conference = "jabber:x:conference";
inline constexpr std::string_view in_band_register = "jabber:iq:register";
inline constexpr std::string_view pubsub = "http://jabber.org/protocol/pubsub";
inline constexpr std::string_view pubsub_event = "http://jabber.org/protocol/pubsub#event";
inline constexpr std::string_view bookmarks = "urn:xmpp:bookmarks:1";
inline constexpr std::string_view private_storage = "jabber:iq:private";
inline constexpr std::string_view roster_notes = "storage:rosternotes";
inline constexpr std::string_view vcard = "vcard-temp";
inline constexpr std::string_view vcard_update = "vcard-temp:x:update";
inline constexpr std::string_view avatar_data = "urn:xmpp:avatar:data";
inline constexpr std::string_view avatar_metadata = "urn:xmpp:avatar:metadata";
inline constexpr std::string_view upload = "urn:xmpp:http:upload:0";
inline constexpr std::string_view oob = "jabber:x:oob";
inline constexpr std::string_view file_sharing = "urn:xmpp:sfs:0";
inline constexpr std::string_view file_metadata = "urn:xmpp:file:metadata:0";
inline constexpr std::string_view url_data = "http://jabber.org/protocol/url-data";
inline constexpr std::string_view media_sharing = "urn:xmpp:sims:1";
inline constexpr std::string_view jingle_file = "urn:xmpp:jingle:apps:file-transfer:5";
inline constexpr std::string_view geoloc = "http://jabber.org/protocol/geoloc";
inline constexpr std::string_view roster_exchange = "http://jabber.org/protocol/rosterx";
inline constexpr std::string_view reference = "urn:xmpp:reference:0";
inline constexpr std::string_view receipts = "urn:xmpp:receipts";
inline constexpr std::string_view markers = "urn:xmpp:chat-markers:0";
inline constexpr std::string_view hints = "urn:xmpp:hints";
inline constexpr std::string_view retract = "urn:xmpp:message-retract:1";
inline constexpr std::string_view retract_old = "urn:xmpp:message-retract:0";
inline constexpr std::string_view fasten = "urn:xmpp:fasten:0";
inline constexpr std::string_view correct = "urn:xmpp:message-correct:0";
inline constexpr std::string_view fallback = "urn:xmpp:fallback:0";
inline constexpr std::string_view reply = "urn:xmpp:reply:0";
inline constexpr std::string_view reactions = "urn:xmpp:reactions:0";
}  // namespace ns

}  // namespace wechaty::puppet_xmpp
