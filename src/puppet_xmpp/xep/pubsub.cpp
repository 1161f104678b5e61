// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/pubsub.hpp"

#include "puppet_xmpp/stream/negotiation.hpp"
#include "puppet_xmpp/xep/forms.hpp"

namespace wechaty::puppet_xmpp {

std::vector<PubsubItem> pubsub_items(Wire& wire, std::string_view owner, std::string_view node,
                                     int max_items) {
  Element items = Element{"items"}.set("node", node);
  if (max_items > 0) items.set("max_items", std::to_string(max_items));
  const Element answer =
      wire.ask(iq_get(owner).add(Element{"pubsub", ns::pubsub}.add(std::move(items))));
  if (answer.attr("type") == "error") {
    const Element* const error = answer.child("error");
    if (error != nullptr && error_condition(*error) == "item-not-found") return {};
    throw_stanza_error(answer, std::string{node} + " of \"" + std::string{owner} + "\"");
  }
  std::vector<PubsubItem> found;
  const Element* const pubsub = answer.child("pubsub", ns::pubsub);
  const Element* const list = pubsub ? pubsub->child("items") : nullptr;
  if (list == nullptr) return found;
  for (const Element& item : list->children) {
    if (item.name == "item" && !item.children.empty()) {
      found.push_back({.id = std::string{item.attr("id")}, .payload = item.children[0]});
    }
  }
  return found;
}

void pubsub_publish(Wire& wire, std::string_view node, const PubsubItem& item,
                    const std::vector<std::pair<std::string_view, std::string>>& options) {
  Element pubsub{"pubsub", ns::pubsub};
  pubsub.add(Element{"publish"}
                 .set("node", node)
                 .add(Element{"item"}.set("id", item.id).add(item.payload)));
  if (!options.empty()) {
    pubsub.add(Element{"publish-options"}.add(
        submit_form("http://jabber.org/protocol/pubsub#publish-options", options)));
  }
  static_cast<void>(request(wire, iq_set().add(std::move(pubsub)), node));
}

void pubsub_retract(Wire& wire, std::string_view node, std::string_view item_id) {
  static_cast<void>(request(
      wire,
      iq_set().add(Element{"pubsub", ns::pubsub}.add(Element{"retract"}
                                                         .set("node", node)
                                                         .set("notify", "true")
                                                         .add(Element{"item"}.set("id", item_id)))),
      node));
}

}  // namespace wechaty::puppet_xmpp
