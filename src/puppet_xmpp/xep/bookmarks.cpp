// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/bookmarks.hpp"

#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/xep/pubsub.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

std::vector<Bookmark> Bookmarks::load() {
  std::vector<Bookmark> found;
  for (const PubsubItem& item : pubsub_items(wire_, {}, ns::bookmarks)) {
    if (auto bookmark = read(item.id, item.payload)) found.push_back(*std::move(bookmark));
  }
  return found;
}

std::optional<Bookmark> Bookmarks::read(std::string_view id, const Element& payload) {
  const std::string room = bare_jid(id);
  if (room.empty() || !payload.is("conference", ns::bookmarks)) return std::nullopt;
  const std::string_view autojoin = payload.attr("autojoin");
  return Bookmark{.room = room,
                  .name = std::string{payload.attr("name")},
                  .nick = std::string{payload.child_text("nick")},
                  .autojoin = autojoin == "true" || autojoin == "1"};
}

void Bookmarks::put(const Bookmark& bookmark) {
  Element conference = Element{"conference", ns::bookmarks}
                           .set("name", bookmark.name)
                           .set("autojoin", bookmark.autojoin ? "true" : "false");
  if (!bookmark.nick.empty()) conference.add(Element{"nick", {}, bookmark.nick});
  pubsub_publish(wire_, ns::bookmarks, {.id = bookmark.room, .payload = std::move(conference)},
                 {{"pubsub#persist_items", "true"},
                  {"pubsub#max_items", "max"},
                  {"pubsub#send_last_published_item", "never"},
                  {"pubsub#access_model", "whitelist"}});
}

void Bookmarks::remove(std::string_view room) {
  try {
    pubsub_retract(wire_, ns::bookmarks, room);
  } catch (const puppet::NotFoundError&) {  // it was not there
  }
}

}  // namespace wechaty::puppet_xmpp
