// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_set>

namespace wechaty::puppet_xmpp {

/// The last `capacity` texts, as a set.
class Ring {
 public:
  explicit Ring(std::size_t capacity) : capacity_{capacity} {}
  /// @result whether it was not there
  bool insert(std::string_view text);
  [[nodiscard]] bool contains(std::string_view text) const {
    return set_.contains(std::string{text});
  }
  [[nodiscard]] const std::deque<std::string>& items() const { return order_; }

 private:
  std::size_t capacity_;
  std::deque<std::string> order_;
  std::unordered_set<std::string> set_;
};

/// Keeps the books of what came in: which messages were seen, which of them the listeners have
/// been told of, and what may therefore be acknowledged to the server and noted on the card. What
/// is acknowledged before it is delivered would be lost with the process.
///
/// Thread: any. Reported by the loop, delivered by the executor, read by who saves the card.
class Ledger {
 public:
  /// The id of the place before everything in an archive.
  static constexpr std::string_view beginning = "-";
  /// A place in the archive of an account or a room (XEP-0313).
  struct Position {
    std::string archive;
    std::string id;
    std::string time{};  ///< when it was said, for an archive that has forgotten the id
  };
  /// What is true of everything that was delivered.
  struct Settled {
    std::uint64_t session = 0;   ///< counts new sessions with the server
    std::uint32_t received = 0;  ///< stanzas of it that are dealt with
    /// Nothing is on its way to the listeners that came by no stanza of the session, but from an
    /// archive: who resumes the session would never hear of it.
    bool is_all_of_session = true;
    std::map<std::string, std::string, std::less<>> positions;  ///< archive to id, and to time
    std::deque<std::string> seen;
  };

  /// Begin with what the last process noted.
  void restore(std::map<std::string, std::string, std::less<>> positions,
               const std::deque<std::string>& seen);

  /// A session that was not resumed: its stanzas are numbered from 1.
  void new_session();
  /// A session of another process was resumed at this number.
  void resumed_at(std::uint32_t number);

  /// Whether the message was not seen before; notes that it is now.
  [[nodiscard]] bool is_new(std::string_view message_id);
  /// The message is on its way to the listeners.
  /// @param number  the stanza that brought it; nullopt: it came from the archive
  void reported(std::string_view message_id, std::optional<std::uint32_t> number,
                std::optional<Position> position);
  /// Something without an event stands at this place of the archive.
  void passed(Position position);
  /// The position in this archive is to stay where it is, whatever is reported: there is a gap
  /// behind it, for the next catch-up.
  void keep_position(const std::string& archive);
  /// The gap is being closed.
  void move_position(const std::string& archive);
  /// A stanza waits for the archive's catch-up before it is looked at.
  void hold(std::uint32_t number);
  void release(std::uint32_t number);
  /// All that a stanza led to has been reported, or it is held.
  void handled(std::uint32_t number);

  /// The listeners are being told of the message, and were told of all reported before it.
  void delivered(std::string_view message_id);
  /// Wait until few of those that are reported are not delivered: who fetches more of them must not
  /// be faster than the listeners.
  /// @result whether it is so
  /// Thread: none that listeners run on. Blocks until then, for `limit`, or until a stop.
  bool wait_for_listeners(std::size_t most, std::chrono::milliseconds limit,
                          const std::stop_token& stop);
  /// Whatever was reported will be delivered: the base does that before a stop is over.
  void settle_all();

  [[nodiscard]] Settled settled() const;
  [[nodiscard]] Position position(std::string_view archive) const;

 private:
  struct Unit {
    std::string message_id;
    std::optional<std::uint32_t> number;
    std::map<std::string, Position, std::less<>> positions;  // one of an archive
  };
  void settle_first();
  void move_to(const Position& position);
  [[nodiscard]] bool is_kept(const Position& position) const {
    return kept_.contains(position.archive);
  }

  std::condition_variable_any delivered_;
  mutable std::mutex mutex_;  // guards everything below
  Ring seen_{20'000};
  Ring settled_seen_{512};  // more than a server keeps for a session that broke off
  std::deque<Unit> units_;  // reported, not delivered, in the order of the reports
  std::multiset<std::uint32_t> held_;
  std::set<std::string> kept_;  // archives whose position does not move
  std::uint32_t handled_ = 0;
  std::uint64_t session_ = 0;
  std::map<std::string, std::string, std::less<>> positions_;
};

}  // namespace wechaty::puppet_xmpp
