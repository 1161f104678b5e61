// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/timestamp.hpp"
#include "puppet_xmpp/xep/archive.hpp"
#include "puppet_xmpp/xep/forms.hpp"
#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {

/// Archives as a server has them (XEP-0313), for what Archive asks.
class FakeArchives {
 public:
  struct Message {
    std::string owner;
    std::string id;
    puppet::Timestamp stamp;
    Element message;
  };

  /// Play the server for the next questions on this wire.
  void serve(FakeWire& wire, Archive& archive, int questions = 50) {
    for (int i = 0; i < questions; ++i) {
      wire.answers.push_back([this, &archive](const Element& iq) { return answer(archive, iq); });
    }
  }

  std::vector<Message> messages;  ///< oldest first
  bool knows_ids = true;          ///< urn:xmpp:mam:2#extended
  bool ignores_unknown_fields = false;
  std::size_t page = 50;
  int asked = 0;

 private:
  static Element refusal(const Element& iq, std::string_view condition) {
    return FakeWire::result(iq)
        .set("type", "error")
        .add(Element{"error", ns::client}
                 .set("type", "cancel")
                 .add(Element{condition, ns::stanza_errors}));
  }
  static bool is_with(const Message& one, const std::string& with) {
    return bare_jid(one.message.attr("from")) == with || bare_jid(one.message.attr("to")) == with;
  }

  Element answer(Archive& archive, const Element& iq) {
    ++asked;
    const Element& query = *iq.child("query", ns::mam);
    const std::string owner = iq.has_attr("to") ? std::string{iq.attr("to")} : "bot@localhost";
    std::vector<Message> found;
    std::copy_if(messages.begin(), messages.end(), std::back_inserter(found),
                 [&](const Message& one) { return one.owner == owner; });
    const auto place_of = [&](std::string_view id) {
      return std::find_if(found.begin(), found.end(),
                          [&](const auto& one) { return one.id == id; });
    };
    if (const auto id = form_field(query, "ids"); id && knows_ids) {
      const auto place = place_of(*id);
      if (place == found.end()) return refusal(iq, "item-not-found");
      found = {*place};
    } else if (id && !ignores_unknown_fields) {
      return refusal(iq, "feature-not-implemented");
    }
    bool complete = true;
    const Element* const set = query.child("set", ns::rsm);
    if (set != nullptr && !set->child_text("after").empty()) {
      const auto place = place_of(set->child_text("after"));
      if (place == found.end()) return refusal(iq, "item-not-found");
      found.erase(found.begin(), place + 1);
    }
    const bool backwards = set != nullptr && set->child("before") != nullptr;
    if (backwards && !set->child_text("before").empty()) {
      const auto place = place_of(set->child_text("before"));
      if (place == found.end()) return refusal(iq, "item-not-found");
      found.erase(place, found.end());
    }
    std::erase_if(found, [&](const Message& one) {
      const auto with = form_field(query, "with");
      const auto start = form_field(query, "start");
      const auto end = form_field(query, "end");
      return (with && !is_with(one, *with)) || (start && one.stamp < *parse_timestamp(*start)) ||
             (end && one.stamp > *parse_timestamp(*end));
    });
    std::size_t most = page;
    if (set != nullptr && !set->child_text("max").empty()) {
      most = std::min<std::size_t>(most, std::stoul(std::string{set->child_text("max")}));
    }
    if (found.size() > most) {
      complete = false;
      if (backwards) {
        found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(most));
      } else {
        found.resize(most);
      }
    }
    for (const Message& one : found) {
      Element forwarded = Element{"forwarded", ns::forward}.add(
          Element{"delay", ns::delay}.set("stamp", to_text(one.stamp)));
      forwarded.add(one.message);
      archive.handle(stanza("message", owner)
                         .add(Element{"result", ns::mam}
                                  .set("queryid", query.attr("queryid"))
                                  .set("id", one.id)
                                  .add(std::move(forwarded))));
    }
    return FakeWire::result(iq).add(
        Element{"fin", ns::mam}.set("complete", complete ? "true" : ""));
  }
};

}  // namespace wechaty::puppet_xmpp::test
