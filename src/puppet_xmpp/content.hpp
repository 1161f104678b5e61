// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_xmpp/element.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"
#include "wechaty/puppet/schemas.hpp"

namespace wechaty::puppet_xmpp {

/// What a message says.
struct Content {
  struct File {
    std::string url;
    std::string name;  ///< as the sender says, else from the URL
    std::string media_type;

    friend bool operator==(const File&, const File&) = default;
  };

  puppet::MessageType type = puppet::MessageType::unknown;
  std::string text;
  std::vector<std::string> mentions;  ///< JIDs, bare or of a room's occupant
  std::optional<File> file;
  std::optional<puppet::UrlLinkPayload> link;
  std::optional<puppet::LocationPayload> location;
  std::string contact;  ///< the JID on a contact card
};

/// nullopt for a message that says nothing: markers, receipts, chat states.
///
/// A file is an OOB URL (XEP-0066) that is the whole body, or the source that XEP-0447 or XEP-0385
/// name, with what they tell of it; an OOB URL beside another body is a link. XEP-0080 and a body
/// that is a `geo:` URI are a location; XEP-0144 and a body that is somebody's `xmpp:` URI a
/// contact card. The text is the body without what a reply (XEP-0461) quotes; a reaction (XEP-0444)
/// and what stands in for it say nothing.
[[nodiscard]] std::optional<Content> read_content(const Element& message);

/// A contact that a text mentions: as it is called there, and where it is reached.
struct Mention {
  std::string name;
  std::string jid;
};

/// `geo:48.1,11.5` (RFC 5870).
[[nodiscard]] std::string geo_uri(const puppet::LocationPayload& location);

// What goes into a <message/>; whoever knows none of the extensions still has the body.
void write_text(Element& message, std::string_view text, const std::vector<Mention>& mentions);
void write_file(Element& message, const puppet::FileBox& file, const std::string& url,
                std::uint64_t size);
void write_link(Element& message, const puppet::UrlLinkPayload& link);
void write_location(Element& message, const puppet::LocationPayload& location);
void write_contact(Element& message, std::string_view jid, std::string_view name);
/// The content of another message. @result whether it has any: one that was taken back has none
[[nodiscard]] bool copy_content(Element& message, const Element& original);
/// A retraction (XEP-0424), in the form of today and the older one.
void write_retraction(Element& message, std::string_view id);

/// The id that a retraction names; "" for other messages.
[[nodiscard]] std::string retracted_id(const Element& message);
/// The id that a correction (XEP-0308) replaces; "" for other messages.
[[nodiscard]] std::string corrected_id(const Element& message);

}  // namespace wechaty::puppet_xmpp
