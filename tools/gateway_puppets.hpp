// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <wechaty/puppet.hpp>

/// Which puppet is served, and what it is made with. An option that is not the puppet's own is
/// refused by make_puppet(), so that nobody relies on one that does nothing.
struct PuppetArguments {
  std::string name;
  std::optional<std::string> world;          ///< mock: file
  std::optional<std::string> jid;            ///< xmpp
  std::optional<std::string> password;       ///< xmpp
  std::optional<std::string> password_file;  ///< xmpp: its first line is the password
  std::optional<std::string> server;         ///< xmpp: HOST[:PORT] to dial
  std::optional<std::string> ca_file;        ///< xmpp
};

/// "mock, xmpp": the names that make_puppet() knows in this build.
[[nodiscard]] std::string puppets_built_in();

/// @throws wechaty::puppet::InvalidArgumentError on a name that is not built in, an option that is
///         not the puppet's, a file that cannot be read, and what the puppet itself refuses
[[nodiscard]] std::unique_ptr<wechaty::puppet::Puppet> make_puppet(
    const PuppetArguments& arguments);

/// The value of an environment variable; nullopt when it is not set or empty.
[[nodiscard]] std::optional<std::string> variable(const char* name);
