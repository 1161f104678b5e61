// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wechaty/puppet.hpp"
#include "wechaty/puppet_mock/fault.hpp"
#include "wechaty/puppet_mock/script.hpp"

namespace wechaty::puppet_mock {

class World;

/// What somebody is about to say; `to()` says it.
class Saying {
 public:
  Saying(World& world, std::string from, puppet::SayablePayload what)
      : world_{world}, from_{std::move(from)}, what_{std::move(what)} {}

  /// Say it to a contact or in a room. @result the id of the message
  /// @throws NotFoundError for an unknown conversation
  std::string to(std::string_view conversation_id) const;
  template <class Somebody>
  requires requires(const Somebody& somebody) { somebody.id(); }
  std::string to(const Somebody& somebody) const { return to(std::string_view{somebody.id()}); }

 private:
  World& world_;
  std::string from_;
  puppet::SayablePayload what_;
};

/// Somebody in the world. Cheap to copy; must not outlive the world.
class Person {
 public:
  Person(World& world, std::string id) : world_{&world}, id_{std::move(id)} {}

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] Saying say(std::string_view text, std::vector<std::string> mentions = {}) const;
  [[nodiscard]] Saying say(const puppet::FileBox& file) const;
  [[nodiscard]] Saying say(puppet::SayablePayload what) const;

 private:
  World* world_;
  std::string id_;
};

/// A room of the world. Cheap to copy; must not outlive the world.
class Room {
 public:
  explicit Room(std::string id) : id_{std::move(id)} {}
  [[nodiscard]] const std::string& id() const { return id_; }

 private:
  std::string id_;
};

/// A message as the network keeps it.
struct WorldMessage {
  puppet::MessagePayload payload;
  puppet::SayablePayload content;
  bool forgotten = false;  ///< the network delivers it, but does not answer for it any more
};

/// What reaches an account from the network.
using News =
    std::variant<puppet::MessagePayload, puppet::FriendshipPayload, puppet::RoomInvitationPayload,
                 puppet::EventRoomJoinPayload, puppet::EventRoomLeavePayload,
                 puppet::EventRoomTopicPayload, puppet::EventRoomAnnouncePayload,
                 puppet::EventDirtyPayload, puppet::EventMessagePayload>;

/// A simulated network with people, rooms and everything that they say: the service behind
/// PuppetMock. Several puppets can be on one world, each logged in as somebody.
///
/// Unknown ids are NotFoundErrors, as they would be elsewhere. Times are the clock's.
/// Thread: any; never calls out with its lock held, and tells news in the order in which it
/// happened. Must be owned by a shared_ptr where puppets are on it.
class World {
 public:
  /// @param self  id of the account that the bot has; it becomes a contact
  explicit World(std::string self = "bot");
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// A world from a world file; docs/mock.md describes it.
  ///
  /// @throws InvalidArgumentError naming the file and the place of the fault, e.g.
  ///         `world.json: script[3].say.to: there is no contact or room "bob"`; NotFoundError when
  ///         there is no such file
  static std::shared_ptr<World> load(const std::string& path);
  /// The same from JSON text. @param name  what errors call it
  static std::shared_ptr<World> parse(std::string_view json, const std::string& name = "world");

  [[nodiscard]] const std::string& self() const { return self_; }
  void set_script(Script script);
  [[nodiscard]] Script script() const;
  /// Stamps what happens; the system's clock at first.
  void set_clock(std::function<puppet::Timestamp()> clock);

  // --- who is there ----------------------------------------------------------------------------
  Person add_contact(puppet::ContactPayload contact);
  Room add_room(puppet::RoomPayload room);
  /// @throws NotFoundError
  [[nodiscard]] Person person(std::string_view id);
  [[nodiscard]] Room room(std::string_view id) const;
  [[nodiscard]] bool is_room(std::string_view id) const;
  [[nodiscard]] puppet::ContactPayload contact_payload(std::string_view id) const;
  [[nodiscard]] puppet::RoomPayload room_payload(std::string_view id) const;
  [[nodiscard]] puppet::RoomMemberPayload room_member_payload(std::string_view room_id,
                                                              std::string_view member_id) const;
  /// All contacts of the account, itself left out.
  [[nodiscard]] std::vector<std::string> contact_ids(std::string_view account) const;
  /// All rooms of which the account is a member.
  [[nodiscard]] std::vector<std::string> room_ids(std::string_view account) const;
  /// Change what is known of a contact. Nobody is told: see tell_dirty().
  void change_contact(std::string_view id,
                      const std::function<void(puppet::ContactPayload&)>& change);
  [[nodiscard]] puppet::FileBox avatar(std::string_view contact_or_room_id) const;
  void set_avatar(std::string_view contact_or_room_id, puppet::FileBox avatar);

  // --- messages --------------------------------------------------------------------------------
  /// Somebody says something; everybody who is there and logged in hears it.
  ///
  /// @param silent_for  this account is not told: a puppet's own send, which the contract echoes
  /// @result the id of the message
  std::string say(std::string_view from, std::string_view conversation_id,
                  puppet::SayablePayload what, std::optional<std::string> id = std::nullopt,
                  std::string_view silent_for = {});
  /// Tell everybody of a message once more. @param bare  without its payload
  void echo(std::string_view message_id, std::string_view account, bool bare);
  [[nodiscard]] WorldMessage message(std::string_view id) const;
  /// From now on the network does not answer for this message.
  void forget_message(std::string_view id);
  /// Take a message back; false when `by` is not who said it, or it was taken back before.
  bool recall(std::string_view by, std::string_view message_id);

  // --- rooms -----------------------------------------------------------------------------------
  [[nodiscard]] Room create_room(std::string_view by, std::span<const std::string> members,
                                 std::string_view topic);
  void set_topic(std::string_view room_id, std::string_view topic, std::string_view by);
  [[nodiscard]] std::string announcement(std::string_view room_id) const;
  void set_announcement(std::string_view room_id, std::string_view text, std::string_view by);
  void join(std::string_view room_id, std::span<const std::string> invitees, std::string_view by);
  void leave(std::string_view room_id, std::span<const std::string> removees, std::string_view by);
  /// Ask somebody into a room; who is asked has to accept. @result the id of the invitation
  std::string invite(puppet::RoomInvitationPayload invitation, std::string_view room_id = {});
  [[nodiscard]] puppet::RoomInvitationPayload invitation(std::string_view id) const;
  void accept_invitation(std::string_view id, std::string_view account);

  // --- friends, tags, read marks ---------------------------------------------------------------
  /// Somebody asks the account to become friends, or confirms it. @result the id of the request
  std::string befriend(puppet::FriendshipPayload request, std::string_view account);
  [[nodiscard]] puppet::FriendshipPayload friendship(std::string_view id) const;
  void accept_friendship(std::string_view id, std::string_view account);
  void ask_friendship(std::string_view account, std::string_view contact_id,
                      std::optional<std::string> hello);
  [[nodiscard]] std::optional<std::string> find_by_phone(std::string_view phone) const;
  [[nodiscard]] std::optional<std::string> find_by_handle(std::string_view handle) const;

  void add_tag(std::string_view tag, std::string_view contact_id);
  void remove_tag(std::string_view tag, std::string_view contact_id);
  void delete_tag(std::string_view tag);
  [[nodiscard]] std::vector<std::string> tags(std::string_view contact_id) const;
  [[nodiscard]] std::vector<std::string> tags() const;

  [[nodiscard]] bool is_read(std::string_view account, std::string_view conversation_id) const;
  void set_read(std::string_view account, std::string_view conversation_id, bool read);

  // --- posts -----------------------------------------------------------------------------------
  std::string publish(std::string_view by, const puppet::PostPayload& post);
  [[nodiscard]] puppet::PostPayload post(std::string_view id) const;
  [[nodiscard]] std::vector<std::string> find_posts(const puppet::PostQueryFilter& filter) const;
  [[nodiscard]] bool tapped(std::string_view post_id, std::string_view by,
                            puppet::TapType type) const;
  void set_tapped(std::string_view post_id, std::string_view by, puppet::TapType type, bool tapped);
  [[nodiscard]] puppet::TapPayload taps(std::string_view post_id) const;

  // --- accounts --------------------------------------------------------------------------------
  using Hear = std::function<void(const News&)>;
  /// An account comes online: `hear` is called with its news until disconnect(); must not block.
  /// @result a number for disconnect()
  std::uint64_t connect(std::string_view account, Hear hear);
  /// Returns when `hear` is not running and will not run again.
  void disconnect(std::uint64_t connection);
  /// What a phone would show: whether the account is logged in somewhere.
  [[nodiscard]] bool is_online(std::string_view account) const;

  /// Tell an account that a payload has changed.
  void tell_dirty(std::string_view account, puppet::DirtyType type, std::string_view id);

  // --- faults ----------------------------------------------------------------------------------
  void add_fault(Fault fault);
  /// The fault that hits this call of a hook, if one does; it is used up by one.
  [[nodiscard]] std::optional<Fault> take_fault(std::string_view hook);
  /// Whether a fault waits for its call.
  [[nodiscard]] bool has_faults() const;
  /// A late echo is on its way, and has come.
  void owe_echo();
  void pay_echo();
  /// Return when no late echo is on its way.
  void wait_for_echoes();

 private:
  struct Connection {
    std::string account;
    Hear hear;
  };
  struct Parcel {
    std::vector<std::string> audience;
    News news;
  };
  [[nodiscard]] puppet::Timestamp now() const;
  [[nodiscard]] std::string next_id(std::string_view kind);
  void post_news(std::vector<std::string> audience, News news);
  void tell();

  const std::string self_;

  mutable std::mutex mutex_;  // guards everything below but connections_
  Script script_;
  std::function<puppet::Timestamp()> clock_;
  std::uint64_t last_number_ = 0;
  std::map<std::string, puppet::ContactPayload, std::less<>> contacts_;
  std::map<std::string, puppet::RoomPayload, std::less<>> rooms_;
  std::map<std::string, std::map<std::string, std::string>, std::less<>> inviters_;
  std::map<std::string, std::string, std::less<>> announcements_;
  std::map<std::string, puppet::FileBox, std::less<>> avatars_;
  std::map<std::string, WorldMessage, std::less<>> messages_;
  std::map<std::string, puppet::FriendshipPayload, std::less<>> friendships_;
  std::map<std::string, puppet::RoomInvitationPayload, std::less<>> invitations_;
  std::map<std::string, std::string, std::less<>> invited_to_;  // invitation to room
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> tags_;  // to contacts
  std::set<std::pair<std::string, std::string>> unread_;
  std::map<std::string, puppet::PostPayload, std::less<>> posts_;
  std::map<std::string, std::map<std::pair<puppet::TapType, std::string>, puppet::Timestamp>,
           std::less<>>
      taps_;
  std::vector<Fault> faults_;
  int echoes_owed_ = 0;
  std::condition_variable echo_paid_;
  std::deque<Parcel> outbox_;

  mutable std::recursive_mutex telling_;  // held while news are told, one after the other
  std::map<std::uint64_t, Connection> connections_;  // guarded by telling_
  std::uint64_t last_connection_ = 0;
};

}  // namespace wechaty::puppet_mock
