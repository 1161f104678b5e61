// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "puppet_xmpp/content.hpp"
#include "puppet_xmpp/host.hpp"
#include "puppet_xmpp/session/deliveries.hpp"
#include "puppet_xmpp/session/ledger.hpp"
#include "puppet_xmpp/session/message_store.hpp"
#include "puppet_xmpp/xep/archive.hpp"
#include "puppet_xmpp/xep/rooms.hpp"

namespace wechaty::puppet_xmpp {

/// Turns message stanzas into `message` events: tells who said it and where, under which id, and
/// whether that was seen before; live, copied from another device (XEP-0280) or from the archive.
///
/// While an archive is being caught up with, what comes live from that account or room waits, so
/// that everything is reported in order. When too much waits, the rest is left to the archive,
/// which is to be caught up with once more; what is in none is reported at once.
///
/// What is believed: a carbon only from our own bare JID; a stanza-id only `by` us or the room that
/// the message came through, if they say that they give them (XEP-0359, section 6); a delay only
/// from our server, ourselves or the room. Thread: the loop's.
class Inbox {
 public:
  struct Parts {
    std::string self;  ///< bare JID
    Wire& wire;
    Host& host;
    Rooms& rooms;
    Ledger& ledger;
    Deliveries& deliveries;
    MessageStore& store;
    /// Whether a contact sees our presence, and so may get receipts.
    std::function<bool(std::string_view jid)> is_trusted;
    /// Of what waits for open(), in memory.
    std::size_t max_waiting_bytes = std::size_t{16} << 20U;
  };
  explicit Inbox(Parts parts) : parts_{std::move(parts)} {}

  /// Whether the account's server or a room says that it gives stanza-ids, and so takes out those
  /// that others have forged. Not said: whether it did so when there was a place in its archive.
  void set_gives_ids(const std::string& archive, bool gives) {
    gives_ids_.insert_or_assign(archive, gives);
  }
  /// A new session: what comes waits until open() of its archive.
  void close_all();
  /// The archive of the account (own JID) or of a room is caught up with.
  void open(const std::string& archive);

  /// Whether more came from there than may wait, since the last call: catch up once more.
  [[nodiscard]] bool take_overflow(const std::string& archive);

  /// A message that came live. @param number  of its stanza
  void handle(const Element& message, std::uint32_t number);
  /// A message of an archive, in the archive's order.
  void archived(const std::string& archive, const ArchivedMessage& message);
  /// What a message of an archive says, without reporting it; nullopt when it says nothing.
  /// Thread: any.
  [[nodiscard]] std::optional<StoredMessage> read(const std::string& archive,
                                                  const ArchivedMessage& message) const;
  /// Let a message be as its talker has corrected it, or taken it back, in a later one of the same
  /// archive; does nothing for any other one. Thread: any.
  void revise(StoredMessage& message, const std::string& archive,
              const ArchivedMessage& later) const;
  /// What the account is about to say. Thread: any.
  [[nodiscard]] StoredMessage own(const Element& message, const std::string& conversation,
                                  bool in_room) const;

 private:
  struct Incoming {
    Element message;
    std::string archive;     ///< whose it is: own JID, or a room's
    std::string archive_id;  ///< its id there; empty: unknown
    std::optional<puppet::Timestamp> stamp;
    std::optional<std::uint32_t> number;
    bool live = true;
  };
  /// Who said it, where.
  struct Origin {
    std::string talker;
    std::string conversation;
    bool in_room = false;
    bool own = false;
  };

  void sort(Incoming incoming);
  void process(Incoming incoming);
  [[nodiscard]] bool gives_ids(const std::string& archive) const;
  [[nodiscard]] std::optional<Origin> origin_of(const Incoming& incoming) const;
  [[nodiscard]] std::string room_talker(const Incoming& incoming) const;
  [[nodiscard]] std::string id_of(const Incoming& incoming, const Origin& origin) const;
  void report(const Incoming& incoming, const Origin& origin, puppet::MessagePayload payload);
  [[nodiscard]] static Incoming from_archive(const std::string& archive,
                                             const ArchivedMessage& message);
  [[nodiscard]] static StoredMessage stored(const Incoming& incoming, const Origin& origin,
                                            const puppet::MessagePayload& payload);
  void retract(const Incoming& incoming, const Origin& origin, const std::string& reference);
  [[nodiscard]] puppet::MessagePayload recall_of(const Incoming& incoming, const Origin& origin,
                                                 const std::string& reference) const;
  bool correct(const Incoming& incoming, const Origin& origin, const Content& content);
  [[nodiscard]] puppet::MessagePayload payload_of(const Incoming& incoming, const Origin& origin,
                                                  const Content& content) const;
  void send_receipt(const Incoming& incoming, const Origin& origin);
  [[nodiscard]] static Ledger::Position position_of(const Incoming& incoming);
  void pass(const Incoming& incoming);

  const Parts parts_;
  std::map<std::string, bool, std::less<>> gives_ids_;
  std::set<std::string, std::less<>> open_;
  std::map<std::string, std::deque<Incoming>, std::less<>> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::set<std::string, std::less<>> overflowed_;
};

}  // namespace wechaty::puppet_xmpp
