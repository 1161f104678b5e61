// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "puppet_xmpp/stream/negotiation.hpp"
#include "puppet_xmpp/stream/outbox.hpp"

namespace wechaty::puppet_xmpp {

/// What both sides of a session have got of each other, and what follows from that when the
/// connection is lost (XEP-0198). Knows nothing of the network: who has it sends what it says.
///
/// Thread: the loop's.
class StreamManagement {
 public:
  /// What a session begins with.
  struct Beginning {
    std::vector<Element> again;           ///< to send at once: the server has not got it
    std::deque<Outbox::Entry> unsettled;  ///< of a session that is over: nobody knows
  };

  /// @param resumes  whether sessions are to be resumed at all
  explicit StreamManagement(bool resumes) : resumes_{resumes} {}

  /// The session that the next login is to resume: the last one of this process, else the one of
  /// the process before.
  [[nodiscard]] std::optional<Resumption> offer(std::optional<Resumption> stored);
  /// Callbacks of what the server has got are called meanwhile.
  /// @result nullopt when the server claims to have got more than was sent: such a session is of no
  ///         use, is not resumed again, and leaves its stanzas unsettled for the next
  [[nodiscard]] std::optional<Beginning> begin(const LoginResult& result);
  /// There is no next session here: what was sent and is not acknowledged.
  [[nodiscard]] std::deque<Outbox::Entry> end() { return outbox_.restart(0); }

  /// The session is not to be resumed; what is not acknowledged is unsettled in the next.
  void forget();
  /// The server did not bear what we sent: as forget(), and it is not sent again.
  void poison();
  /// What a connection that breaks off now would be resumed with.
  [[nodiscard]] const std::optional<Resumption>& resumption() const { return resumption_; }
  /// Whether this session, or the last one, counts.
  [[nodiscard]] bool is_on() const { return is_on_; }

  /// One more stanza has come. @result its number, from 1
  std::uint32_t receive() { return ++received_; }
  [[nodiscard]] std::uint32_t received() const { return received_; }
  /// We have dealt with `count` stanzas.
  /// @result what to tell the server; nothing when not so many have come in this session
  [[nodiscard]] std::optional<Element> acknowledge(std::uint32_t count);

  /// A stanza is sent, or will be. @result whether to ask the server for an acknowledgement
  [[nodiscard]] bool push(Element stanza, Outbox::OnSettled on_settled);
  /// The server's `<a/>`. @result false when it claims what cannot be
  [[nodiscard]] bool on_acknowledgement(const Element& a);

 private:
  const bool resumes_;
  bool is_on_ = false;
  bool poisoned_ = false;
  bool stored_spent_ = false;  // the stored session was tried, or is ours by now
  std::uint32_t received_ = 0;
  std::uint32_t acknowledged_ = 0;
  std::optional<Resumption> resumption_;
  Outbox outbox_;
};

}  // namespace wechaty::puppet_xmpp
