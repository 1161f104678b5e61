// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_xmpp/session/inbox.hpp"
#include "puppet_xmpp/xep/archive.hpp"

namespace wechaty::puppet_xmpp {

/// Messages that are not in the store: of another process, or displaced. Looks for them in the
/// archives (XEP-0313), and for what their talkers have made of them since.
///
/// A message of others has the archive's id. One that this puppet has sent tells by its id when;
/// one of another device is looked for among the last of each archive only. Corrections and
/// retractions are found among the 250 messages that follow in that conversation.
/// Thread: any but the loop's. Blocks for some answers of the server.
class History {
 public:
  History(std::string self, Archive& archive, const Inbox& inbox)
      : self_{std::move(self)}, archive_{archive}, inbox_{inbox} {}

  /// @param rooms  those that the account is in
  /// @result nullopt for a message that is in none of the archives, as far as they can be asked
  /// @throws TimeoutError, CancelledError
  [[nodiscard]] std::optional<StoredMessage> find(std::string_view id,
                                                  const std::vector<std::string>& rooms) const;

 private:
  std::optional<StoredMessage> find_in(const std::string& owner, std::string_view id) const;
  std::optional<StoredMessage> find_among_last(const std::string& owner, std::string_view id) const;
  std::optional<StoredMessage> find_about(const std::string& owner, std::string_view id,
                                          puppet::Timestamp time) const;
  std::optional<StoredMessage> find_in_page(const std::string& owner, std::string_view id,
                                            const Archive::Page& page) const;
  StoredMessage as_of_now(const std::string& owner, StoredMessage message) const;

  const std::string self_;
  Archive& archive_;
  const Inbox& inbox_;
};

}  // namespace wechaty::puppet_xmpp
