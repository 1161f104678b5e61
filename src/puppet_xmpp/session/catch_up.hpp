// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "puppet_xmpp/host.hpp"
#include "puppet_xmpp/session/ledger.hpp"
#include "puppet_xmpp/xep/archive.hpp"

namespace wechaty::puppet_xmpp {

/// Fetches what was said since the last position in an archive, and has it heard.
///
/// Thread: any but the loop's, one at a time for an archive. Blocks for the server.
class CatchUp {
 public:
  struct Parts {
    Archive& archive;
    Ledger& ledger;
    Host& host;                                       ///< for what hear() throws
    std::function<void(std::function<void()>)> post;  ///< has something done on the loop
    /// A message of that archive, on the loop.
    std::function<void(const std::string& owner, const ArchivedMessage& message)> hear;
    std::chrono::milliseconds patience;  ///< with listeners that hear nothing
    std::stop_token stop;
  };
  enum class Pace {
    as_listeners_hear,  ///< at most 1,000 messages ahead of them
    at_once,            ///< for callers that listeners may wait for
  };
  explicit CatchUp(Parts parts) : parts_{std::move(parts)} {}

  /// Oldest first. The first time there is no position, and nothing of the past is of interest.
  /// @param owner  a room's JID, or the account's own
  /// @throws as Archive::after()
  void run(const std::string& owner, Pace pace);

 private:
  [[nodiscard]] Archive::Page page_after(const Ledger::Position& first, const std::string& place);
  void hear(const std::string& owner, std::vector<ArchivedMessage> messages);

  const Parts parts_;
};

}  // namespace wechaty::puppet_xmpp
