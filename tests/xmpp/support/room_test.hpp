// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <stdexcept>
#include <string>

#include "xmpp/support/network.hpp"

namespace wechaty::puppet_xmpp::test {

/// A bot and Alice, with the rooms that she makes.
class XmppRoomTest : public XmppTest {
 protected:
  /// A room of Alice's with the server's own settings: open, and it hides addresses.
  std::string room_of_alice() {
    const std::string room = "made-by-" + alice_ + "@conference.localhost";
    peers().ask(alice_, "join", {{"room", room}, {"nick", "alice"}});
    configure(room, {{"muc#roomconfig_persistentroom", "1"}});
    return room;
  }
  /// Alice, who owns a room, sets it up.
  void configure(const std::string& room, const std::map<std::string, std::string>& fields) {
    std::string xml = "<iq xmlns='jabber:client' type='set' to='" + room +
                      "'><query xmlns='http://jabber.org/protocol/muc#owner'>"
                      "<x xmlns='jabber:x:data' type='submit'>"
                      "<field var='FORM_TYPE'>"
                      "<value>http://jabber.org/protocol/muc#roomconfig</value></field>";
    for (const auto& [name, value] : fields) {
      xml += "<field var='" + name + "'><value>" + value + "</value></field>";
    }
    const std::string answer = peers().ask(alice_, "ask", {{"xml", xml + "</x></query></iq>"}});
    ASSERT_NE(answer.find("result"), std::string::npos) << answer;
  }
  void invite(const std::string& room, const std::string& reason = "come in",
              const std::string& id = {}) {
    peers().send(alice_, "<message xmlns='jabber:client' id='" + id + "' to='" + bot() +
                             "'><x xmlns='jabber:x:conference' jid='" + room + "' reason='" +
                             reason + "'/></message>");
  }
  /// Wait for the so-manieth invitation. @result its id
  std::string invitation(int count = 1) {
    if (!log_->wait_for("room-invite", count)) throw std::runtime_error{"no invitation"};
    return log_->of("room-invite ").back().substr(std::string{"room-invite "}.size());
  }
  /// What the room answers to Alice, who owns it.
  std::string ask_as_alice(const std::string& room, const std::string& type,
                           const std::string& content) {
    return peers().ask(alice_, "ask",
                       {{"xml", "<iq xmlns='jabber:client' type='" + type + "' to='" + room + "'>" +
                                    content + "</iq>"}});
  }
  /// The list of a room, as Alice sees it.
  std::string members_as(const std::string& affiliation, const std::string& room) {
    return ask_as_alice(room, "get",
                        "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='" +
                            affiliation + "'/></query>");
  }
  /// Alice changes a member.
  void set_member(const std::string& room, const std::string& item) {
    const std::string answer = ask_as_alice(
        room, "set", "<query xmlns='http://jabber.org/protocol/muc#admin'>" + item + "</query>");
    ASSERT_NE(answer.find("result"), std::string::npos) << answer;
  }
  /// The bot in a members-only room of Alice's, invited by the room.
  std::string be_member_of_room_of_alice() {
    const std::string room = room_of_alice();
    configure(room, {{"muc#roomconfig_membersonly", "1"}, {"muc#roomconfig_whois", "anyone"}});
    invite_through(room, alice_, bot());
    puppet_->room_invitation_accept(invitation());
    return room;
  }
  void invite_through(const std::string& room, const std::string& inviter,
                      const std::string& invitee) {
    peers().send(inviter, "<message xmlns='jabber:client' to='" + room +
                              "'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='" +
                              invitee + "'><reason>come in</reason></invite></x></message>");
  }
  /// One more person who is online. @result the name
  std::string carol() {
    const std::string name = "carol" + bot_;
    server().add_account(name);
    peers().login(name, name, server());
    return name;
  }
  /// The bot in a room of Alice's.
  std::string be_in_room_of_alice() {
    const std::string room = room_of_alice();
    invite(room);
    puppet_->room_invitation_accept(invitation());
    return room;
  }
};

}  // namespace wechaty::puppet_xmpp::test
