// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_xmpp/wire.hpp"

namespace wechaty::puppet_xmpp {

/// One entry of the account's list of contacts.
struct RosterItem {
  std::string jid;
  std::string name;                   ///< the alias that we gave it
  std::string subscription = "none";  ///< none, to, from, both
  bool asked = false;                 ///< our request for a subscription waits for an answer
  std::vector<std::string> groups;

  [[nodiscard]] bool is_friend() const { return subscription == "to" || subscription == "both"; }
  friend bool operator==(const RosterItem&, const RosterItem&) = default;
};

/// The list of contacts, kept by the server (RFC 6121, section 2).
///
/// Thread: any; handle() is called on the loop's thread.
class Roster {
 public:
  /// What others changed, after it has; without a lock, on the thread of load() or handle().
  /// nullopt: not on the list.
  using OnChange = std::function<void(const std::string& jid, const std::optional<RosterItem>& was,
                                      const std::optional<RosterItem>& is)>;
  Roster(Wire& wire, OnChange on_change) : wire_{wire}, on_change_{std::move(on_change)} {}

  /// Ask for the whole list; the second time, what has changed meanwhile is told. Blocks.
  void load();
  /// A push of the server; others' are not heard (RFC 6121, 2.1.6).
  /// @result whether it was for the roster
  bool handle(const Element& iq);

  [[nodiscard]] std::optional<RosterItem> find(std::string_view jid) const;
  [[nodiscard]] std::vector<RosterItem> items() const;

  /// Change an entry, or make it, keeping what `change` leaves alone. Blocks.
  void change(std::string_view jid, const std::function<void(RosterItem&)>& change);
  /// Take an entry off the list, with the subscriptions in both directions. Blocks.
  void remove(std::string_view jid);

 private:
  void put(RosterItem item);

  Wire& wire_;
  const OnChange on_change_;
  mutable std::mutex mutex_;                          // guards everything below
  std::multiset<std::string, std::less<>> changing_;  // by us; their pushes are no news
  std::map<std::string, RosterItem, std::less<>> items_;
  bool loaded_ = false;
};

}  // namespace wechaty::puppet_xmpp
