// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_xmpp/host.hpp"
#include "puppet_xmpp/wire.hpp"
#include "puppet_xmpp/xep/member_ids.hpp"
#include "puppet_xmpp/xep/room.hpp"

namespace wechaty::puppet_xmpp {

/// The rooms that the account is in (XEP-0045): joins and leaves, and tells what happens there.
///
/// Thread: any; handle_...() on the loop's. No lock is held while the host is called.
class Rooms {
 public:
  /// We are out of a room; on the loop's thread.
  /// @param put_out  somebody has put us out, or has destroyed the room
  using OnGone = std::function<void(const std::string& room, bool put_out)>;

  Rooms(Wire& wire, Host& host, OnGone on_gone)
      : wire_{wire}, host_{host}, on_gone_{std::move(on_gone)} {}

  /// Ask to be let in, without waiting. @param nick  what we want to be called
  /// @param has_occupant_ids  whether the room says that it gives them
  void enter(const std::string& room, const std::string& nick, bool has_occupant_ids = false);
  /// Wait until we are in.
  ///
  /// @result whether the room was made by that
  /// @throws what the room answered; TimeoutError, CancelledError; Error when the session in which
  /// we asked is over
  bool wait_until_in(const std::string& room, std::chrono::milliseconds limit,
                     const std::stop_token& stop);
  /// Wait while a new session has not brought us back into a room yet.
  /// @result whether we are in it
  bool wait_to_be_back(std::string_view room, std::chrono::milliseconds limit,
                       const std::stop_token& stop);
  /// Leave, without waiting.
  void leave(const std::string& room);

  /// A copy of what is known; nullopt for a room that we neither are in nor try to be.
  [[nodiscard]] std::optional<Room> find(std::string_view room) const;
  [[nodiscard]] std::vector<std::string> joined() const;
  /// Whether the address is that of a room we know.
  [[nodiscard]] bool knows(std::string_view room) const;
  /// The contact id of who has sent a groupchat or private message through a room, as far as the
  /// room shows it; learns its name.
  [[nodiscard]] std::string speaker(const Element& message);
  /// What somebody is or was called whose address a room hides; "" for an unknown one.
  [[nodiscard]] std::string name_of(std::string_view room, std::string_view id) const;
  /// Change what is known.
  void update(std::string_view room, const std::function<void(Room&)>& change);
  /// The next one to come in with this address was invited by us.
  void note_invitee(const std::string& room, const std::string& member);

  /// A new session with the server: we are in no room any more.
  void forget_presence();

  bool handle_presence(const Element& presence);
  /// News of the room itself: affiliations, configuration, subjects.
  /// @result whether nobody else has to look at it
  bool handle_message(const Element& message);

 private:
  struct Entry {
    Room room;
    bool is_over = false;  // the session in which we asked to be let in
    bool created = false;
    bool subject_known = false;  // since some join in this process
    bool subject_fresh = false;  // since this one
    std::optional<Element> refusal;
    std::set<std::string> invited_by_us;
    MemberIds ids;
  };
  using News = std::vector<puppet::EventPayload>;

  void on_available(Entry& entry, const std::string& nick, const Element& presence, News& news);
  void on_unavailable(Entry& entry, const std::string& nick, const Element& presence, News& news);
  void on_affiliation(Entry& entry, const Element& item, News& news);
  [[nodiscard]] std::string contact_id(Entry& entry, const std::string& nick,
                                       const Element& presence) const;
  static void note_name(Entry& entry, const std::string& id, const std::string& nick, News& news);
  static void forget_occupants(Entry& entry);
  void came(Entry& entry, const std::string& id, News& news) const;
  void went(Entry& entry, const std::string& id, const Element* item, News& news) const;
  void members_changed(const Entry& entry, News& news) const;
  void tell(News news);

  Wire& wire_;
  Host& host_;
  const OnGone on_gone_;
  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable_any changed_;
  std::map<std::string, Entry, std::less<>> rooms_;
};

}  // namespace wechaty::puppet_xmpp
