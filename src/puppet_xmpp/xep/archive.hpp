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

  /// What was said after an id, oldest first; 50 messages at most. Blocks.
  ///
  /// @param owner  a room's JID, or the account's own
  /// @throws NotFoundError when the archive does not have `after` any more
  [[nodiscard]] Page after(std::string_view owner, std::string_view after);
  /// What was said since a point in time. Blocks.
  [[nodiscard]] Page since(std::string_view owner, puppet::Timestamp start);
  /// The id of the newest message; nullopt in an empty archive. Blocks.
  [[nodiscard]] std::optional<std::string> newest(std::string_view owner);
  /// One message; nullopt when it is not there or the archive cannot be asked for ids. Blocks.
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
  [[nodiscard]] std::string_view to(std::string_view owner) const;

  Wire& wire_;
  std::mutex mutex_;  // guards queries_
  std::map<std::string, Query, std::less<>> queries_;
};

}  // namespace wechaty::puppet_xmpp
