// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/stream_management.hpp"

#include <string>
#include <utility>

namespace wechaty::puppet_xmpp {

namespace {
constexpr std::size_t most_unasked = 50;  // of stanzas for which nobody waits
}

std::optional<Resumption> StreamManagement::offer(std::optional<Resumption> stored) {
  if (!resumes_) return std::nullopt;
  if (resumption_) {
    resumption_->received = received_;
    return resumption_;
  }
  if (stored_spent_) return std::nullopt;
  if (stored) received_ = stored->received;
  return stored;
}

std::optional<StreamManagement::Beginning> StreamManagement::begin(const LoginResult& result) {
  Beginning beginning;
  if (result.resumed && resumption_) {
    if (!outbox_.acknowledge(*result.server_received)) {
      forget();
      return std::nullopt;
    }
    outbox_.for_each([&](const Element& stanza) { beginning.again.push_back(stanza); });
  } else if (result.resumed) {
    // Another process was the sender: its waiting calls are gone, the count goes on.
    beginning.unsettled = outbox_.restart(*result.server_received);
  } else {
    if (result.server_received) static_cast<void>(outbox_.acknowledge(*result.server_received));
    received_ = 0;
    beginning.unsettled = outbox_.restart(0);
  }
  if (std::exchange(poisoned_, false)) {
    for (auto& entry : std::exchange(beginning.unsettled, {})) {
      if (entry.on_settled) entry.on_settled("the server ended the stream when it got this");
    }
  }
  stored_spent_ = true;
  is_on_ = result.stream_management;
  acknowledged_ = received_;
  resumption_.reset();
  if (!result.resumption_id.empty()) {
    resumption_ = Resumption{.id = result.resumption_id, .full_jid = result.full_jid};
  }
  return beginning;
}

void StreamManagement::forget() {
  resumption_.reset();
  stored_spent_ = true;
}

void StreamManagement::poison() {
  forget();
  poisoned_ = true;
}

std::optional<Element> StreamManagement::acknowledge(std::uint32_t count) {
  if (!is_on_) return std::nullopt;
  // Numbers wrap at 2^32, so they are compared by their distance from the last one.
  if (count - acknowledged_ > received_ - acknowledged_) return std::nullopt;
  acknowledged_ = count;
  return Element{"a", ns::sm}.set("h", std::to_string(count));
}

bool StreamManagement::push(Element stanza, Outbox::OnSettled on_settled) {
  const bool somebody_waits = static_cast<bool>(on_settled);
  outbox_.push(std::move(stanza), std::move(on_settled));
  return somebody_waits || outbox_.size() % most_unasked == 0;
}

bool StreamManagement::on_acknowledgement(const Element& a) {
  const auto count = stanza_count(a.attr("h"));
  return count && outbox_.acknowledge(*count);
}

}  // namespace wechaty::puppet_xmpp
