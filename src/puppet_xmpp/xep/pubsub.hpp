// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "puppet_xmpp/wire.hpp"

namespace wechaty::puppet_xmpp {

/// Personal eventing (XEP-0163): items that an account publishes about itself.
struct PubsubItem {
  std::string id;
  Element payload;
};

/// The items of a node; none where there is no such node.
/// @param owner  bare JID; empty: the own account
/// @throws Error when the owner does not show it
[[nodiscard]] std::vector<PubsubItem> pubsub_items(Wire& wire, std::string_view owner,
                                                   std::string_view node, int max_items = 0);
void pubsub_publish(Wire& wire, std::string_view node, const PubsubItem& item,
                    const std::vector<std::pair<std::string_view, std::string>>& options = {});
void pubsub_retract(Wire& wire, std::string_view node, std::string_view item_id);

}  // namespace wechaty::puppet_xmpp
