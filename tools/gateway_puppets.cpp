// SPDX-License-Identifier: Apache-2.0
#include "gateway_puppets.hpp"

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <span>
#include <string_view>
#include <utility>
#include <wechaty/puppet_mock.hpp>
#ifdef WECHATY_PUPPET_XMPP
#include <wechaty/puppet_xmpp.hpp>
#endif

namespace {

using namespace wechaty::puppet;
namespace mock = wechaty::puppet_mock;

std::unique_ptr<Puppet> make_mock(const PuppetArguments& arguments) {
  return std::make_unique<mock::PuppetMock>(arguments.world ? mock::World::load(*arguments.world)
                                                            : std::make_shared<mock::World>());
}

#ifdef WECHATY_PUPPET_XMPP
namespace xmpp = wechaty::puppet_xmpp;

/// Empty when none is given: the login keys on the memory card may do.
std::string xmpp_password(const PuppetArguments& arguments) {
  if (arguments.password) return *arguments.password;
  if (!arguments.password_file) return variable("WECHATY_PUPPET_XMPP_PASSWORD").value_or("");
  std::ifstream file{*arguments.password_file};
  std::string line;
  if (!std::getline(file, line) || line.empty()) {
    throw InvalidArgumentError{"--password-file: no password in \"" + *arguments.password_file +
                               "\""};
  }
  return line;
}

std::unique_ptr<Puppet> make_xmpp(const PuppetArguments& arguments) {
  xmpp::XmppOptions options{
      .jid = arguments.jid.value_or(variable("WECHATY_PUPPET_XMPP_JID").value_or("")),
      .password = xmpp_password(arguments),
      .ca_file = arguments.ca_file.value_or("")};
  if (arguments.server) {
    const std::string_view server = *arguments.server;
    const auto colon = server.rfind(':');
    options.host = server.substr(0, colon);
    if (colon != std::string_view::npos) {
      const std::string_view port = server.substr(colon + 1);
      const auto [end, error] =
          std::from_chars(port.data(), port.data() + port.size(), options.port);
      if (error != std::errc{} || end != port.data() + port.size() || options.port == 0) {
        throw InvalidArgumentError{"--server: no port in \"" + *arguments.server + "\""};
      }
    }
  }
  return std::make_unique<xmpp::PuppetXmpp>(std::move(options));
}
#endif

struct Known {
  std::string_view name;
  std::unique_ptr<Puppet> (*make)(const PuppetArguments&);
};

constexpr Known known[] = {
    {"mock", make_mock},
#ifdef WECHATY_PUPPET_XMPP
    {"xmpp", make_xmpp},
#endif
};

struct Option {
  std::string_view name;
  std::string_view puppet;
  std::optional<std::string> PuppetArguments::*value;
};

constexpr Option options[] = {
    {"--world", "mock", &PuppetArguments::world},
    {"--jid", "xmpp", &PuppetArguments::jid},
    {"--password", "xmpp", &PuppetArguments::password},
    {"--password-file", "xmpp", &PuppetArguments::password_file},
    {"--server", "xmpp", &PuppetArguments::server},
    {"--ca-file", "xmpp", &PuppetArguments::ca_file},
};

}  // namespace

std::string puppets_built_in() {
  std::string names;
  for (const Known& one : known) {
    if (!names.empty()) names += ", ";
    names += one.name;
  }
  return names;
}

std::unique_ptr<Puppet> make_puppet(const PuppetArguments& arguments) {
  if (arguments.name.empty()) {
    throw InvalidArgumentError{"which --puppet? Built in: " + puppets_built_in()};
  }
  for (const Known& one : known) {
    if (one.name != arguments.name) continue;
    for (const Option& option : options) {
      if (option.puppet != one.name && arguments.*option.value) {
        throw InvalidArgumentError{std::string{option.name} + " is for the puppet " +
                                   std::string{option.puppet}};
      }
    }
    return one.make(arguments);
  }
  throw InvalidArgumentError{"no puppet \"" + arguments.name +
                             "\" is built in; known: " + puppets_built_in()};
}

std::optional<std::string> variable(const char* name) {
  const char* const value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}
