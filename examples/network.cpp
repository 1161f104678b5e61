// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#include <utility>
#include <variant>
#include <wechaty/puppet_mock.hpp>
#ifdef WITH_PUPPET_SERVICE
#include <wechaty/puppet_service.hpp>
#endif
#ifdef WITH_PUPPET_XMPP
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <wechaty/puppet_xmpp.hpp>
#endif

namespace {

using namespace wechaty::puppet;
namespace mock = wechaty::puppet_mock;

/// A world with Alice and a room, where somebody has to scan a code before the first login.
std::shared_ptr<mock::World> world_with_alice() {
  return mock::World::parse(R"({
    "self": "bot",
    "contacts": [{"id": "alice", "name": "Alice"}, {"id": "bot", "name": "Ding Dong Bot"}],
    "rooms": [{"id": "lobby", "topic": "Lobby", "memberIdList": ["alice", "bot"]}],
    "script": [
      {"scan": {"qrcode": "https://wechaty.js.org/qrcode/mock-login", "status": 2}},
      {"after": 0.2, "scan": {"status": 4}},
      {"login": "bot"},
      {"ready": {}}
    ]})",
                            "the built-in world");
}

/// The simulated network: the console speaks for Alice.
class MockNetwork final : public Network {
 public:
  MockNetwork(std::shared_ptr<mock::World> world, std::function<void(const std::string&)> hear)
      : world_{std::move(world)},
        alice_{world_->person("alice")},
        connection_{world_->connect("alice",
                                    [hear = std::move(hear)](const mock::News& news) {
                                      const auto* const message =
                                          std::get_if<MessagePayload>(&news);
                                      if (message == nullptr || message->talker_id == "alice")
                                        return;
                                      hear(message->text.value_or(message->filename.value_or("")));
                                    })},
        puppet_{world_} {}
  ~MockNetwork() override { world_->disconnect(connection_); }

  Puppet& puppet() override { return puppet_; }
  [[nodiscard]] bool has_person() const override { return true; }
  void say(const std::string& text) override { alice_.say(text).to(world_->self()); }

 private:
  const std::shared_ptr<mock::World> world_;
  const mock::Person alice_;
  const std::uint64_t connection_;
  mock::PuppetMock puppet_;
};

#ifdef WITH_PUPPET_SERVICE
/// Any Wechaty puppet server.
class ServiceNetwork final : public Network {
 public:
  explicit ServiceNetwork(const NetworkArguments& arguments)
      : puppet_{{.endpoint = arguments.endpoint, .token = arguments.token}, options(arguments)} {}

  Puppet& puppet() override { return puppet_; }

 private:
  static wechaty::puppet_service::PuppetServiceOptions options(const NetworkArguments& arguments) {
    wechaty::puppet_service::PuppetServiceOptions options;
    if (arguments.insecure) options.tls.disable = true;
    return options;
  }
  wechaty::puppet_service::PuppetService puppet_;
};
#endif

#ifdef WITH_PUPPET_XMPP
/// Any XMPP server.
class XmppNetwork final : public Network {
 public:
  explicit XmppNetwork(const NetworkArguments& arguments) : puppet_{options(arguments)} {}

  Puppet& puppet() override { return puppet_; }

 private:
  /// Empty when none is given: the login keys on the memory card may do.
  static std::string password(const NetworkArguments& arguments) {
    if (arguments.password) return *arguments.password;
    if (arguments.password_file) {
      std::ifstream file{*arguments.password_file};
      std::string line;
      if (std::getline(file, line)) return line;
      throw InvalidArgumentError{"no password in " + *arguments.password_file};
    }
    const char* const given = std::getenv("WECHATY_PUPPET_XMPP_PASSWORD");
    return given != nullptr ? given : "";
  }
  static wechaty::puppet_xmpp::XmppOptions options(const NetworkArguments& arguments) {
    wechaty::puppet_xmpp::XmppOptions options{
        .jid = arguments.jid, .password = password(arguments), .ca_file = arguments.ca_file};
    if (!arguments.server) return options;
    const auto colon = arguments.server->rfind(':');
    options.host = arguments.server->substr(0, colon);
    if (colon == std::string::npos) return options;
    const std::string port = arguments.server->substr(colon + 1);
    const char* const end = port.data() + port.size();
    const auto [parsed, error] = std::from_chars(port.data(), end, options.port);
    if (error != std::errc{} || parsed != end || options.port == 0) {
      throw InvalidArgumentError{"no port: " + *arguments.server};
    }
    return options;
  }
  wechaty::puppet_xmpp::PuppetXmpp puppet_;
};
#endif

}  // namespace

std::unique_ptr<Network> make_network(const NetworkArguments& arguments,
                                      std::function<void(const std::string&)> hear) {
  if (arguments.puppet == "mock") {
    return std::make_unique<MockNetwork>(
        arguments.world ? mock::World::load(*arguments.world) : world_with_alice(),
        std::move(hear));
  }
#ifdef WITH_PUPPET_SERVICE
  if (arguments.puppet == "service") return std::make_unique<ServiceNetwork>(arguments);
#endif
#ifdef WITH_PUPPET_XMPP
  if (arguments.puppet == "xmpp") return std::make_unique<XmppNetwork>(arguments);
#endif
  throw InvalidArgumentError{"the puppet \"" + arguments.puppet + "\" is not built in"};
}
