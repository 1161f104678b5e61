// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/wire.hpp"

#include <utility>

#include "puppet_xmpp/stream/negotiation.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

void throw_stanza_error(const Element& stanza, std::string_view what) {
  const Element* const error = stanza.child("error");
  const std::string_view condition = error ? error_condition(*error) : "undefined-condition";
  const std::string text =
      std::string{what} + ": " + (error ? describe_error(*error) : std::string{condition});
  if (condition == "item-not-found" || condition == "remote-server-not-found" ||
      condition == "gone" || condition == "recipient-unavailable") {
    throw puppet::NotFoundError{text};
  }
  if (condition == "conflict") throw puppet::ConflictError{text};
  if (condition == "bad-request" || condition == "jid-malformed" || condition == "not-acceptable") {
    throw puppet::InvalidArgumentError{text};
  }
  if (condition == "feature-not-implemented") throw puppet::UnsupportedError{text};
  if (condition == "remote-server-timeout") throw puppet::TimeoutError{text};
  throw puppet::Error{text};
}

Element request(Wire& wire, Element iq, std::string_view what) {
  Element answer = wire.ask(std::move(iq));
  if (answer.attr("type") == "error") throw_stanza_error(answer, what);
  return answer;
}

}  // namespace wechaty::puppet_xmpp
