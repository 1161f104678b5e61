// SPDX-License-Identifier: Apache-2.0
// The shortest puppet server: serve_puppet HOST:PORT TOKEN. Runs until the end of input.
#include <iostream>
#include <wechaty/puppet_mock.hpp>
#include <wechaty/puppet_service.hpp>

// [server]
using namespace wechaty;

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  puppet_mock::PuppetMock puppet{std::make_shared<puppet_mock::World>("bot")};  // or yours
  puppet_service::PuppetServer server{puppet, {.endpoint = argv[1], .token = argv[2]}};
  server.start();
  std::cout << "listening on " << server.endpoint() << std::endl;
  while (std::cin.get() != EOF) {
  }
  server.stop();
  puppet.stop();
}
// [/server]
