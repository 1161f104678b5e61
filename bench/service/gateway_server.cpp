// SPDX-License-Identifier: Apache-2.0
// Our PuppetServer with the mock puppet, as puppet-gateway has it, and events on command.
#include <wechaty/puppet_mock.hpp>
#include <wechaty/puppet_service.hpp>

#include "commands.hpp"

int main() {
  using namespace wechaty;
  const auto world = std::make_shared<puppet_mock::World>("bot");
  const auto alice = world->add_contact({.id = "alice", .name = "Alice"});
  puppet_mock::PuppetMock puppet{world};
  puppet_service::PuppetServerOptions options;
  options.endpoint = "127.0.0.1:0";
  options.token = bench_service::token;
  options.tls.disable = true;
  puppet_service::PuppetServer server{puppet, options};
  server.start();
  std::cout << bench_service::greeting << server.endpoint() << std::endl;
  bench_service::obey([&](std::int64_t) { alice.say("hello").to("bot"); },
                      [&](const std::string& data) { puppet.ding(data); });
  server.stop();
  puppet.stop();
}
