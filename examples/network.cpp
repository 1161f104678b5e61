// SPDX-License-Identifier: Apache-2.0
#include "network.hpp"

#include <utility>
#include <variant>
#include <wechaty/puppet_mock.hpp>
#ifdef WITH_PUPPET_SERVICE
#include <wechaty/puppet_service.hpp>
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
  throw InvalidArgumentError{"the puppet \"" + arguments.puppet + "\" is not built in"};
}
