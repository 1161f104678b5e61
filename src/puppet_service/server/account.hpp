// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_service/server/auth.hpp"
#include "puppet_service/server/event_hub.hpp"
#include "wechaty/puppet/cache/lru_map.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"
#include "wechaty/puppet/file_box/uuid_store.hpp"
#include "wechaty/puppet/puppet.hpp"
#include "wechaty/puppet_service/server_options.hpp"

namespace wechaty::puppet_service {

/// A puppet that is served under a token, with what belongs to it alone.
///
/// Thread: every function may be called from any thread.
class Account {
 public:
  Account(puppet::Puppet& puppet, const PuppetServerOptions& options);

  [[nodiscard]] puppet::Puppet& puppet() { return puppet_; }
  [[nodiscard]] EventHub& events() { return events_; }
  [[nodiscard]] puppet::UuidStore& files() { return *files_; }
  [[nodiscard]] const TokenDigest& token() const { return token_; }

  /// A box that a client sent: the uploads of this account and what the options name can be read.
  /// @throws InvalidArgumentError as read_box()
  [[nodiscard]] puppet::FileBox incoming(std::string_view text, std::string_view field);
  /// A box of an upload; its name is made to tell the MIME type of its content (contract R5).
  [[nodiscard]] puppet::FileBox uploaded(const std::string& uuid, const std::string& name,
                                         std::uint64_t size);
  /// The JSON text of a box for a client; a content that does not fit into it is stored.
  ///
  /// @param key  names a content that never changes, such as the file of a message: it is stored
  ///             once for all who ask in a while. "": it is stored each time
  [[nodiscard]] std::string outgoing(const puppet::FileBox& box, const std::string& key = {});
  /// The box with what is needed to read it here.
  [[nodiscard]] puppet::FileBox readable(const puppet::FileBox& box);

 private:
  using Clock = std::chrono::steady_clock;
  struct Stored {
    std::string uuid;
    Clock::time_point since;
  };

  [[nodiscard]] std::string store(const puppet::FileBox& box, const std::string& key);
  [[nodiscard]] std::string name_of_content(const std::string& uuid, const std::string& name);

  puppet::Puppet& puppet_;
  const TokenDigest token_;
  const std::uint64_t inline_bytes_;
  const Clock::duration file_age_;  // of what is in files_
  const std::shared_ptr<puppet::UuidStore> files_;
  const std::shared_ptr<puppet::FileBoxResolver> resolver_;
  EventHub events_;

  std::mutex stored_mutex_;  // guards stored_
  puppet::LruMap<Stored> stored_{1'024};
};

/// Which accounts a server has; one so far.
class Accounts {
 public:
  void add(std::shared_ptr<Account> account) { accounts_.push_back(std::move(account)); }
  /// null for a token that is none's.
  [[nodiscard]] Account* find(std::string_view token) const;
  [[nodiscard]] const std::vector<std::shared_ptr<Account>>& all() const { return accounts_; }

 private:
  std::vector<std::shared_ptr<Account>> accounts_;
};

}  // namespace wechaty::puppet_service
