// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "puppet_xmpp/element.hpp"

namespace wechaty::puppet_xmpp {

/// The way of an extension to the server: what each XEP's class is made with. Tests have one that
/// expects and answers stanzas without a server.
class Wire {
 public:
  virtual ~Wire() = default;

  /// Send a stanza for which nobody waits. Dropped when there is no session: who comes back has to
  /// say everything anew anyway. Thread: any. Does not block.
  virtual void send(Element stanza) = 0;

  /// Send a stanza and wait until the server has it, over lost connections, too. One without an id
  /// is sent again when it is not known whether it has come: so only what does no harm twice.
  ///
  /// @throws as ask()
  /// Thread: any but the loop's. Blocks.
  virtual void deliver(Element stanza) = 0;

  /// Send an iq and wait for its answer; gives it an id. While the connection is away it waits for
  /// the next one.
  ///
  /// @result the answer, of type `result` or `error`
  /// @throws TimeoutError; CancelledError when the puppet is stopped; Error when the session ended
  /// Thread: any but the loop's. Blocks.
  virtual Element ask(Element iq) = 0;

  /// The account's bare JID.
  [[nodiscard]] virtual std::string self() const = 0;
};

/// As Wire::ask(), but an answer of type `error` is thrown as what it means: NotFoundError,
/// ConflictError, InvalidArgumentError, UnsupportedError, else Error.
///
/// @param what  begins the message, e.g. `room_add: "alice@example.org"`
Element request(Wire& wire, Element iq, std::string_view what);

/// Throws what a stanza of type `error` means.
[[noreturn]] void throw_stanza_error(const Element& stanza, std::string_view what);

/// An iq without content.
[[nodiscard]] inline Element iq_get(std::string_view to = {}) {
  return Element{"iq", ns::client}.set("type", "get").set("to", to);
}
[[nodiscard]] inline Element iq_set(std::string_view to = {}) {
  return Element{"iq", ns::client}.set("type", "set").set("to", to);
}

}  // namespace wechaty::puppet_xmpp
