// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/roster.hpp"

#include <algorithm>
#include <utility>

#include "puppet_xmpp/jid.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

namespace {

RosterItem read_item(const Element& element) {
  RosterItem item;
  item.jid = bare_jid(element.attr("jid"));
  item.name = element.attr("name");
  if (element.has_attr("subscription")) item.subscription = element.attr("subscription");
  item.asked = element.attr("ask") == "subscribe";
  for (const Element& group : element.children) {
    if (group.name == "group" && !group.text.empty()) item.groups.push_back(group.text);
  }
  std::sort(item.groups.begin(), item.groups.end());  // servers keep no order of them
  return item;
}

}  // namespace

void Roster::load() {
  const Element answer = request(wire_, iq_get().add(Element{"query", ns::roster}), "roster");
  std::map<std::string, RosterItem, std::less<>> items;
  if (const Element* const query = answer.child("query", ns::roster)) {
    for (const Element& element : query->children) {
      RosterItem item = read_item(element);
      if (!item.jid.empty()) items.insert_or_assign(item.jid, std::move(item));
    }
  }
  struct Change {
    std::string jid;
    std::optional<RosterItem> was, is;
  };
  std::vector<Change> changes;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& [jid, is] : items) {
      const auto found = items_.find(jid);
      if (found == items_.end()) {
        changes.push_back({.jid = jid, .was = {}, .is = is});
      } else if (found->second != is) {
        changes.push_back({.jid = jid, .was = found->second, .is = is});
      }
    }
    for (const auto& [jid, was] : items_) {
      if (!items.contains(jid)) changes.push_back({.jid = jid, .was = was, .is = {}});
    }
    std::erase_if(changes, [this](const Change& change) { return changing_.contains(change.jid); });
    items_ = std::move(items);
    if (!std::exchange(loaded_, true)) return;
  }
  for (const auto& [jid, was, is] : changes) on_change_(jid, was, is);
}

bool Roster::handle(const Element& iq) {
  const Element* const query = iq.child("query", ns::roster);
  if (query == nullptr || iq.attr("type") != "set") return false;
  const std::string_view from = iq.attr("from");
  if (!from.empty() && from != wire_.self()) return false;
  for (const Element& element : query->children) {
    RosterItem item = read_item(element);
    if (element.name != "item" || item.jid.empty()) continue;
    if (item.subscription != "remove") {
      put(std::move(item));
      continue;
    }
    std::optional<RosterItem> was;
    {
      const std::lock_guard lock{mutex_};
      if (const auto found = items_.find(item.jid); found != items_.end()) {
        was = std::move(found->second);
        items_.erase(found);
      }
    }
    on_change_(item.jid, was, std::nullopt);
  }
  wire_.send(Element{"iq", ns::client}.set("type", "result").set("id", iq.attr("id")));
  return true;
}

void Roster::put(RosterItem item) {
  std::optional<RosterItem> was;
  {
    const std::lock_guard lock{mutex_};
    if (const auto found = items_.find(item.jid); found != items_.end()) was = found->second;
    if (was == item) return;  // told already by who changed it
    items_.insert_or_assign(item.jid, item);
    const bool same_state =
        was && was->subscription == item.subscription && was->asked == item.asked;
    if (changing_.contains(item.jid) && (same_state || !was)) return;
  }
  const std::string jid = item.jid;
  on_change_(jid, was, std::move(item));
}

std::optional<RosterItem> Roster::find(std::string_view jid) const {
  const std::lock_guard lock{mutex_};
  const auto found = items_.find(jid);
  return found == items_.end() ? std::nullopt : std::optional{found->second};
}

std::vector<RosterItem> Roster::items() const {
  const std::lock_guard lock{mutex_};
  std::vector<RosterItem> all;
  for (const auto& [jid, item] : items_) all.push_back(item);
  return all;
}

void Roster::change(std::string_view jid, const std::function<void(RosterItem&)>& change) {
  RosterItem item = find(jid).value_or(RosterItem{.jid = std::string{jid}});
  change(item);
  std::sort(item.groups.begin(), item.groups.end());
  // A set replaces the entry, so name and all groups go with it.
  Element element = Element{"item"}.set("jid", item.jid).set("name", item.name);
  for (const auto& group : item.groups) element.add(Element{"group", {}, group});
  struct Changing {
    Roster& roster;
    const std::string& jid;
    Changing(Roster& of, const std::string& jid_of) : roster{of}, jid{jid_of} {
      const std::lock_guard lock{roster.mutex_};
      roster.changing_.insert(jid);
    }
    ~Changing() {
      const std::lock_guard lock{roster.mutex_};
      roster.changing_.erase(roster.changing_.find(jid));
    }
  };
  const Changing changing{*this, item.jid};
  static_cast<void>(request(wire_,
                            iq_set().add(Element{"query", ns::roster}.add(std::move(element))),
                            "roster entry of \"" + item.jid + "\""));
  // Whether the push comes before the answer or after it is the server's business.
  const std::lock_guard lock{mutex_};
  RosterItem& stored = items_[item.jid];
  stored.jid = item.jid;
  stored.name = item.name;
  stored.groups = item.groups;
}

void Roster::remove(std::string_view jid) {
  static_cast<void>(request(wire_,
                            iq_set().add(Element{"query", ns::roster}.add(
                                Element{"item"}.set("jid", jid).set("subscription", "remove"))),
                            "roster entry of \"" + std::string{jid} + "\""));
  const std::lock_guard lock{mutex_};
  if (const auto found = items_.find(jid); found != items_.end()) items_.erase(found);
}

}  // namespace wechaty::puppet_xmpp
