// SPDX-License-Identifier: Apache-2.0
#include <wechaty/puppet.hpp>
#include <wechaty/puppet_service.hpp>

#include <future>
#include <iostream>

#if defined(OF_GRPC) || __has_include(<of_grpc.hpp>)
#error "what gRPC's users are to see is seen by ours"
#endif

namespace puppet = wechaty::puppet;
namespace service = wechaty::puppet_service;

class PuppetNothing final : public puppet::Puppet {
 public:
  ~PuppetNothing() override { stop(); }

 protected:
  void do_start() override { login("nobody"); }
  void do_stop() override {}
};

int main() {
  PuppetNothing nothing;
  service::PuppetServer server{
      nothing, {.endpoint = "127.0.0.1:0", .token = "a_token", .tls = {.disable = true}}};
  server.start();
  service::PuppetService client{{.endpoint = server.endpoint(), .token = "a_token"},
                                {.tls = {.disable = true}}};
  std::promise<std::string> who;
  const auto on_login = client.on<puppet::EventLoginPayload>(
      [&](const auto& login) { who.set_value(login.contact_id); });
  client.start();
  const std::string id = who.get_future().get();
  client.stop();
  server.stop();
  std::cout << "at the gateway is " << id << "\n";
  return id == "nobody" ? 0 : 1;
}
