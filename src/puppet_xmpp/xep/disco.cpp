// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/disco.hpp"

#include <array>
#include <utility>

#include "puppet_xmpp/bytes.hpp"
#include "wechaty/puppet/version.hpp"

namespace wechaty::puppet_xmpp {

namespace {

constexpr std::string_view node = "https://github.com/wechaty";
constexpr std::string_view name = "Wechaty Puppet";

/// In the order of bytes, as the hash wants it.
constexpr std::array<std::string_view, 14> features{
    "http://jabber.org/protocol/caps",
    "http://jabber.org/protocol/disco#info",
    "http://jabber.org/protocol/muc",
    "http://jabber.org/protocol/nick+notify",
    "jabber:iq:version",
    "jabber:x:conference",
    "jabber:x:oob",
    "urn:xmpp:avatar:metadata+notify",
    "urn:xmpp:bookmarks:1+notify",
    "urn:xmpp:chat-markers:0",
    "urn:xmpp:message-correct:0",
    "urn:xmpp:message-retract:1",
    "urn:xmpp:ping",
    "urn:xmpp:receipts",
};

/// XEP-0115, section 5.1.
std::string verification() {
  std::string text = "client/bot//" + std::string{name} + "<";
  for (const auto feature : features) text += std::string{feature} + "<";
  return to_base64(digest("SHA1", text));
}

}  // namespace

DiscoInfo Disco::info(std::string_view jid) {
  const Element answer = request(wire_, iq_get(jid).add(Element{"query", ns::disco_info}),
                                 "disco#info of \"" + std::string{jid} + "\"");
  DiscoInfo info;
  if (const Element* const query = answer.child("query", ns::disco_info)) {
    for (const Element& child : query->children) {
      if (child.name == "feature") {
        info.features.emplace(child.attr("var"));
      } else if (child.name == "identity") {
        info.identities.push_back({.category = std::string{child.attr("category")},
                                   .type = std::string{child.attr("type")},
                                   .name = std::string{child.attr("name")}});
      }
    }
    info.query = *query;
  }
  return info;
}

std::vector<std::string> Disco::items(std::string_view jid) {
  const Element answer = request(wire_, iq_get(jid).add(Element{"query", ns::disco_items}),
                                 "disco#items of \"" + std::string{jid} + "\"");
  std::vector<std::string> found;
  if (const Element* const query = answer.child("query", ns::disco_items)) {
    for (const Element& child : query->children) {
      if (child.name == "item" && child.has_attr("jid")) found.emplace_back(child.attr("jid"));
    }
  }
  return found;
}

Element Disco::caps() {
  return Element{"c", ns::caps}.set("hash", "sha-1").set("node", node).set("ver", verification());
}

void Disco::answer(const Element& iq) {
  Element answer = Element{"iq", ns::client}
                       .set("type", "result")
                       .set("id", iq.attr("id"))
                       .set("to", iq.attr("from"));
  const Element* const info = iq.child("query", ns::disco_info);
  if (iq.attr("type") == "get" && info != nullptr &&
      (!info->has_attr("node") || info->attr("node") == std::string{node} + "#" + verification())) {
    Element query = Element{"query", ns::disco_info}.set("node", info->attr("node"));
    query.add(Element{"identity"}.set("category", "client").set("type", "bot").set("name", name));
    for (const auto feature : features) query.add(Element{"feature"}.set("var", feature));
    answer.add(std::move(query));
  } else if (iq.attr("type") == "get" && iq.child("query", ns::version) != nullptr) {
    answer.add(Element{"query", ns::version}
                   .add(Element{"name", {}, name})
                   .add(Element{"version", {}, puppet::version()}));
  } else if (iq.attr("type") != "get" || iq.child("ping", ns::ping) == nullptr) {
    answer.set("type", "error");
    answer.add(Element{"error"}
                   .set("type", "cancel")
                   .add(Element{"service-unavailable", ns::stanza_errors}));
  }
  wire_.send(std::move(answer));
}

}  // namespace wechaty::puppet_xmpp
