// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "service/server/wire_client.hpp"
#include "support/temp_folder.hpp"
#include "wechaty/puppet_mock.hpp"
#include "wechaty/puppet_service.hpp"

namespace wechaty::puppet_service::test {

inline PuppetServerOptions test_options() {
  PuppetServerOptions options;
  options.endpoint = "127.0.0.1:0";
  options.token = test_token;
  options.tls.disable = true;
  return options;
}

/// A mock network with Alice and a room, a puppet on it, and the server in front.
struct ServedMock {
  explicit ServedMock(const PuppetServerOptions& options = test_options())
      : server{puppet, options} {
    world->add_contact({.id = "alice", .name = "Alice", .handle = "al", .phone = {"123"}});
    world->add_contact({.id = "bob", .name = "Bob"});
    world->add_room({.id = "lobby", .topic = "Lobby", .member_id_list = {"alice", "bot"}});
    server.start();
  }
  ~ServedMock() {
    server.stop(std::chrono::milliseconds{100});
    puppet.stop();
  }

  [[nodiscard]] WireClient client(Presenting presenting = {}) const {
    return WireClient{server.endpoint(), std::move(presenting)};
  }

  std::shared_ptr<puppet_mock::World> world = std::make_shared<puppet_mock::World>("bot");
  puppet_mock::PuppetMock puppet{world};
  PuppetServer server;
};

}  // namespace wechaty::puppet_service::test
