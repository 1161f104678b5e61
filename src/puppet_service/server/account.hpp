// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_service/server/auth.hpp"
#include "puppet_service/server/event_hub.hpp"
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
  [[nodiscard]] std::string outgoing(const puppet::FileBox& box);
  /// The box with what is needed to read it here.
  [[nodiscard]] puppet::FileBox readable(const puppet::FileBox& box);

 private:
  [[nodiscard]] std::string name_of_content(const std::string& uuid, const std::string& name);

  puppet::Puppet& puppet_;
  const TokenDigest token_;
  const std::shared_ptr<puppet::UuidStore> files_;
  const std::shared_ptr<puppet::FileBoxResolver> resolver_;
  EventHub events_;
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
