// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <utility>

#include "puppet_xmpp/element.hpp"

namespace wechaty::puppet_xmpp {

/// The stanzas that the server has not acknowledged yet (XEP-0198), in their order.
///
/// Thread: the loop's.
class Outbox {
 public:
  /// Called once: with "" when the server has the stanza, else with what went wrong.
  using OnSettled = std::function<void(const std::string& problem)>;
  struct Entry {
    Element stanza;
    OnSettled on_settled;
  };

  void push(Element stanza, OnSettled on_settled = {}) {
    waiting_.push_back({std::move(stanza), std::move(on_settled)});
  }

  /// The server has dealt with `count` stanzas, modulo 2^32.
  /// @result false when it claims to have more than were sent
  bool acknowledge(std::uint32_t count) {
    const std::uint32_t newly = count - acknowledged_;
    if (newly > waiting_.size()) return false;
    acknowledged_ = count;
    for (std::uint32_t i = 0; i < newly; ++i) {
      const OnSettled on_settled = std::move(waiting_.front().on_settled);
      waiting_.pop_front();
      if (on_settled) on_settled({});
    }
    return true;
  }

  /// A new session begins at `count`. @result what was not acknowledged in the old one
  std::deque<Entry> restart(std::uint32_t count) {
    acknowledged_ = count;
    return std::exchange(waiting_, {});
  }

  template <class F>
  void for_each(F&& fn) const {
    for (const auto& entry : waiting_) fn(entry.stanza);
  }
  [[nodiscard]] std::size_t size() const { return waiting_.size(); }

 private:
  std::deque<Entry> waiting_;
  std::uint32_t acknowledged_ = 0;
};

}  // namespace wechaty::puppet_xmpp
