// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <wechaty/puppet.hpp>

/// The network that a bot is on: its puppet, and the person whom the console speaks for, where the
/// network has one. The bot itself does not know which one it is.
class Network {
 public:
  Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  virtual ~Network() = default;

  [[nodiscard]] virtual wechaty::puppet::Puppet& puppet() = 0;
  /// Whether there is somebody whom the console speaks for.
  [[nodiscard]] virtual bool has_person() const { return false; }
  /// That person says something to the bot.
  virtual void say(const std::string& /*text*/) {}
};

/// What the command line says about it.
struct NetworkArguments {
  std::string puppet = "mock";
  std::optional<std::string> world;          ///< mock
  std::optional<std::string> endpoint;       ///< service
  std::optional<std::string> token;          ///< service
  bool insecure = false;                     ///< service
  std::string jid;                           ///< xmpp
  std::optional<std::string> password;       ///< xmpp
  std::optional<std::string> password_file;  ///< xmpp
  std::optional<std::string> server;         ///< xmpp: host:port
  std::string ca_file;                       ///< xmpp
};

/// @param hear  called with what the bot says to the person
/// @throws wechaty::puppet::InvalidArgumentError for a puppet that is not built in, and for
/// arguments
///         that do not fit
[[nodiscard]] std::unique_ptr<Network> make_network(const NetworkArguments& arguments,
                                                    std::function<void(const std::string&)> hear);
