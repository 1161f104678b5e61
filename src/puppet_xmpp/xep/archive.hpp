// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_xmpp/wire.hpp"
#include "wechaty/puppet/schemas/timestamp.hpp"

namespace wechaty::puppet_xmpp {

/// A message as an archive has it.
struct ArchivedMessage {
  std::string id;  ///< of the archive
  std::optional<puppet::Timestamp> stamp;
  Element message;
};

/// Which messages of an archive are of interest.
struct ArchiveFilter {
  std::string with{};  ///< JID of the other one, in an account's archive; empty: any
  std::optional<puppet::Timestamp> start{};
  std::optional<puppet::Timestamp> end{};
};

/// Message archives (XEP-0313) of the account and of rooms.
///
/// Thread: any; handle() on the loop's.
class Archive {
 public:
  struct Page {
    std::vector<ArchivedMessage> messages;
    bool complete = true;
  };

  explicit Archive(Wire& wire) : wire_{wire} {}

  /// What was said after an id (empty: from the beginning), oldest first; 50 messages at most.
  /// Blocks.
  ///
  /// @param owner  a room's JID, or the account's own
  /// @throws NotFoundError when the archive does not have `after` any more
  [[nodiscard]] Page after(std::string_view owner, std::string_view after,
                           const ArchiveFilter& filter = {});
  /// The last 50 before an id (empty: of all), oldest first. Blocks. @throws as after()
  [[nodiscard]] Page before(std::string_view owner, std::string_view before);
  /// The id of the newest message; nullopt in an empty archive. Blocks.
  [[nodiscard]] std::optional<std::string> newest(std::string_view owner);
  /// One message; nullopt when it is not there. Blocks for one answer, or for three where the
  /// archive cannot be asked for ids (urn:xmpp:mam:2#extended).
  /// @throws TimeoutError, CancelledError
  [[nodiscard]] std::optional<ArchivedMessage> find(std::string_view owner, std::string_view id);

  /// A result of a query under way; nobody else's are heard.
  /// @result whether the message is one of an archive, so that nobody else has to look at it
  bool handle(const Element& message);

 private:
  struct Query {
    std::string owner;
    std::vector<ArchivedMessage> messages;
  };
  Page query(std::string_view owner, Element query);
  [[nodiscard]] std::optional<ArchivedMessage> find_between_others(std::string_view owner,
                                                                   std::string_view id);
  [[nodiscard]] std::string_view to(std::string_view owner) const;

  Wire& wire_;
  std::mutex mutex_;  // guards queries_
  std::map<std::string, Query, std::less<>> queries_;
};

}  // namespace wechaty::puppet_xmpp
