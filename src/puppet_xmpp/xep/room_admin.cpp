// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/room_admin.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/xep/forms.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

namespace {

constexpr std::string_view config_form = "http://jabber.org/protocol/muc#roomconfig";

std::string about(std::string_view room) { return "room \"" + std::string{room} + "\""; }

}  // namespace

std::string RoomAdmin::service() {
  const auto own = Jid::parse(wire_.self());
  const std::string domain = own ? own->domain : std::string{};
  for (const auto& jid : disco_.items(domain)) {
    try {
      const DiscoInfo info = disco_.info(jid);
      const bool is_text_conference =
          std::any_of(info.identities.begin(), info.identities.end(), [](const auto& identity) {
            return identity.category == "conference" && identity.type == "text";
          });
      if (info.has(ns::muc) && is_text_conference) return jid;
    } catch (const puppet::TimeoutError&) {
      throw;
    } catch (const puppet::CancelledError&) {
      throw;
    } catch (const puppet::Error&) {  // a component that is down
    }
  }
  throw puppet::UnsupportedError{"the server \"" + domain + "\" has no rooms (XEP-0045)"};
}

RoomInfo RoomAdmin::info(std::string_view room) {
  const DiscoInfo info = disco_.info(room);
  if (!info.has(ns::muc)) throw puppet::NotFoundError{about(room) + ": this is no room"};
  RoomInfo found;
  if (!info.identities.empty()) found.name = info.identities.front().name;
  if (const auto name = form_field(info.query, "muc#roomconfig_roomname"); name && !name->empty()) {
    found.name = *name;
  }
  found.description = form_field(info.query, "muc#roominfo_description").value_or("");
  const std::string count = form_field(info.query, "muc#roominfo_occupants").value_or("");
  std::from_chars(count.data(), count.data() + count.size(), found.occupants);
  found.members_only = info.has("muc_membersonly");
  found.non_anonymous = info.has("muc_nonanonymous");
  found.archived = info.has(ns::mam);
  found.has_occupant_ids = info.has(ns::occupant_id);
  found.gives_stanza_ids = info.gives_stanza_ids();
  return found;
}

std::map<std::string, std::string, std::less<>> RoomAdmin::affiliations(std::string_view room) {
  std::map<std::string, std::string, std::less<>> all;
  for (const std::string_view affiliation : {"owner", "admin", "member"}) {
    const Element answer = wire_.ask(iq_get(room).add(
        Element{"query", ns::muc_admin}.add(Element{"item"}.set("affiliation", affiliation))));
    const Element* const query = answer.child("query", ns::muc_admin);
    if (answer.attr("type") == "error" || query == nullptr) continue;
    for (const Element& item : query->children) {
      const std::string jid = bare_jid(item.attr("jid"));
      if (item.name == "item" && !jid.empty()) all.insert_or_assign(jid, std::string{affiliation});
    }
  }
  return all;
}

void RoomAdmin::set_affiliation(std::string_view room, std::string_view jid,
                                std::string_view affiliation) {
  static_cast<void>(request(wire_,
                            iq_set(room).add(Element{"query", ns::muc_admin}.add(
                                Element{"item"}.set("affiliation", affiliation).set("jid", jid))),
                            about(room) + ", \"" + std::string{jid} + "\""));
}

void RoomAdmin::kick(std::string_view room, std::string_view nick) {
  static_cast<void>(request(wire_,
                            iq_set(room).add(Element{"query", ns::muc_admin}.add(
                                Element{"item"}.set("role", "none").set("nick", nick))),
                            about(room) + ", \"" + std::string{nick} + "\""));
}

void RoomAdmin::give_up_membership(std::string_view room) {
  static_cast<void>(request(
      wire_, iq_set(room).add(Element{"query", ns::in_band_register}.add(Element{"remove"})),
      about(room)));
}

void RoomAdmin::destroy(std::string_view room) {
  static_cast<void>(
      request(wire_, iq_set(room).add(Element{"query", ns::muc_owner}.add(Element{"destroy"})),
              about(room)));
}

void RoomAdmin::configure(std::string_view room, const Fields& fields) {
  static_cast<void>(request(
      wire_,
      iq_set(room).add(Element{"query", ns::muc_owner}.add(submit_form(config_form, fields))),
      about(room)));
}

void RoomAdmin::invite(std::string_view room, std::string_view jid, std::string_view reason) {
  wire_.deliver(Element{"message", ns::client}.set("to", jid).add(
      Element{"x", ns::conference}.set("jid", room).set("reason", reason)));
}

}  // namespace wechaty::puppet_xmpp
