// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_xmpp/host.hpp"
#include "puppet_xmpp/session/card.hpp"
#include "puppet_xmpp/session/catch_up.hpp"
#include "puppet_xmpp/session/deliveries.hpp"
#include "puppet_xmpp/session/history.hpp"
#include "puppet_xmpp/session/inbox.hpp"
#include "puppet_xmpp/session/invitations.hpp"
#include "puppet_xmpp/session/keeper.hpp"
#include "puppet_xmpp/session/ledger.hpp"
#include "puppet_xmpp/session/message_store.hpp"
#include "puppet_xmpp/session/requests.hpp"
#include "puppet_xmpp/session/room_list.hpp"
#include "puppet_xmpp/session/synchroniser.hpp"
#include "puppet_xmpp/session/turns.hpp"
#include "puppet_xmpp/stream/client.hpp"
#include "puppet_xmpp/xep/archive.hpp"
#include "puppet_xmpp/xep/bookmarks.hpp"
#include "puppet_xmpp/xep/disco.hpp"
#include "puppet_xmpp/xep/notes.hpp"
#include "puppet_xmpp/xep/profile.hpp"
#include "puppet_xmpp/xep/room_admin.hpp"
#include "puppet_xmpp/xep/rooms.hpp"
#include "puppet_xmpp/xep/roster.hpp"
#include "puppet_xmpp/xep/upload.hpp"

namespace wechaty::puppet_xmpp {

/// What the account tells its puppet, besides news.
class AccountHost : public Host {
 public:
  virtual void on_login() = 0;
  /// The server has not told what changed between the last session and this one.
  virtual void on_gap() = 0;
  virtual void on_ready() = 0;
  virtual void on_heartbeat() = 0;
  /// The server has ended the session for good, or refuses the account. The account's stop() is
  /// still to be called.
  virtual void on_ended(LoginFailure::Kind kind, const std::string& why) = 0;
  [[nodiscard]] virtual bool is_cached(const std::string& contact) = 0;
};

/// One account with all its parts, from start() to stop(). Used once.
///
/// Threads: the client's loop, which owns what the parts say is its; the keeper's; and one that
/// synchronises after each new session. Public functions: any; most block for the server.
class Account final : private ClientListener {
 public:
  Account(const XmppOptions& options, Jid jid, Card card, AccountHost& host, spdlog::logger& log);
  ~Account() override { stop(); }

  void start();
  /// Go offline in an orderly way, end the threads, and put on the card (without saving it) what
  /// the next start goes on from. Not from the account's own threads.
  void stop();
  /// Whether the server has let us go in an orderly way. After stop().
  [[nodiscard]] bool has_left() const { return client_.has_left(); }
  /// Write nothing to the card any more: the session is over. Thread: any. Does not block for I/O.
  void abandon_card();

  /// Send a message. @param write  puts the content in
  /// @result its id
  std::string say(std::string_view conversation, std::string_view what,
                  const std::function<void(Element&)>& write);
  [[nodiscard]] std::string address_of(std::string_view conversation) const;
  bool recall(const StoredMessage& message);
  void mark_read(std::string_view conversation);
  void set_topic(const std::string& room, std::string_view topic);
  /// A message from the store, else from the archives. @throws NotFoundError
  [[nodiscard]] MessageStore::Pointer fetch(std::string_view id);

  /// Be in a room, and stay: joins it and notes it in the bookmarks.
  /// @result whether it was made by that
  bool join(const std::string& room, const std::string& name);
  void quit(const std::string& room);
  /// Have the room invite somebody. @throws what the room answers
  void invite_through(const std::string& room, std::string_view jid);
  /// Ask the room what it does not tell by itself.
  /// @result  what it tells of itself
  RoomInfo refresh(const std::string& room);

  /// The listeners have been told of a message. Does not block.
  void delivered(std::string_view message_id);

  [[nodiscard]] const std::string& self() const { return self_; }
  [[nodiscard]] std::stop_token stop_token() const { return client_.stop_token(); }
  [[nodiscard]] const XmppOptions& options() const { return options_; }

 private:
  const XmppOptions options_;
  const Jid jid_;
  const std::string self_;
  AccountHost& host_;
  spdlog::logger& log_;
  Card card_;
  Client client_;

 public:
  Disco disco{client_};
  Roster roster;
  Archive archive{client_};
  Bookmarks bookmarks{client_};
  Profiles profiles{client_};
  Notes notes{client_};
  Uploads uploads;
  RoomAdmin room_admin{client_, disco};
  Rooms rooms;
  MessageStore store;
  Ledger ledger;
  Requests requests;
  Invitations invitations;
  RoomList room_list;
  Wire& wire = client_;

 private:
  LoginRequest login_request() override;
  void on_session(const LoginResult& result, std::deque<Outbox::Entry> unsettled) override;
  void on_stanza(const Element& stanza, std::uint32_t number) override;
  void on_ack_wanted() override;
  void on_alive() override;
  void on_trouble(const std::string& why) override;
  void on_error(std::exception_ptr error) override;
  void on_ended(LoginFailure::Kind kind, const std::string& why) override;

  void handle_message(const Element& message, std::uint32_t number);
  void handle_presence(const Element& presence);
  void handle_event(const std::string& from, const Element& event);
  void handle_error(const Element& message);
  void note_bookmarks(const Element& items);
  struct Topic {
    std::string room;
    std::string topic;
    std::string id;  ///< of the delivery
  };
  void note_resumption();
  void note_topic(const Element& message);
  void send_and_wait(const Element& message, const std::string& room, const std::string& what);
  void on_saved(const Ledger::Settled& settled);

  void synchronise(std::uint64_t session, bool full);
  void finish(std::uint64_t session);
  [[nodiscard]] bool has_archive();
  void note_ids(const std::string& owner, bool given);
  void synchronise_rooms(std::uint64_t session, bool full);
  [[nodiscard]] bool has_occupant_ids(const std::string& room);
  bool wait_until_in(const std::string& room, std::string& nick, std::chrono::milliseconds limit);
  bool go_in(const std::string& room, std::string& nick);
  void follow_bookmarks();
  void follow(const std::string& room);
  [[nodiscard]] bool is_in(const std::string& room) const;
  void stay_out(const std::string& room);
  void forget_rooms();
  void hear(const std::string& owner, const ArchivedMessage& message);
  void open(const std::string& owner, std::uint64_t session);
  void open_with_gap(const std::string& room, std::uint64_t session);
  void send_again();
  [[nodiscard]] bool is_current(std::uint64_t session) const {
    return synchroniser_.is_current(session);
  }

  Turns room_turns_;
  Deliveries deliveries_;
  Inbox inbox_;
  History history_{self_, archive, inbox_};
  CatchUp catch_up_{{.archive = archive,
                     .ledger = ledger,
                     .host = host_,
                     .post = [this](auto task) { client_.post(std::move(task)); },
                     .hear = [this](const auto& owner, const auto& one) { hear(owner, one); },
                     .patience = options_.request_timeout,
                     .stop = client_.stop_token()}};
  std::optional<Keeper> keeper_;
  std::atomic<bool> card_abandoned_{false};
  std::atomic<bool> ack_wanted_{false};  // the server has asked, and not all is acknowledged

  // The loop's own.
  std::map<std::string, std::string, std::less<>> pictures_;  // contact to hash
  std::chrono::steady_clock::time_point last_beat_{};
  std::string last_trouble_;
  std::uint32_t saved_ = 0;  // stanzas of this session whose effect is in the store
  bool ready_ = false;       // synchronised in this session
  bool complete_ = false;    // so was the session, be it by the process before

  std::mutex mutex_;                           // guards everything below
  std::vector<std::string> put_out_;           // rooms that are not to be joined again
  std::map<std::string, bool> new_bookmarks_;  // rooms to whether we are to be there
  std::vector<Outbox::Entry> unsettled_;
  std::vector<Topic> topics_;  // that are being set
  bool stopped_ = false;

  Synchroniser synchroniser_{{.errands_before = [this] { forget_rooms(); },
                              .synchronise = [this](auto n, bool full) { synchronise(n, full); },
                              .finish = [this](auto session) { finish(session); },
                              .errands_after = [this] { follow_bookmarks(); },
                              .on_error = [this](auto error) { host_.report_error(error); }}};
};

}  // namespace wechaty::puppet_xmpp
