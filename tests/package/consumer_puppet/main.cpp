// SPDX-License-Identifier: Apache-2.0
#include <wechaty/puppet.hpp>

#include <future>
#include <iostream>

class PuppetNothing final : public wechaty::puppet::Puppet {
 public:
  ~PuppetNothing() override { stop(); }

 protected:
  void do_start() override { login("nobody"); }
  void do_stop() override {}
};

int main() {
  PuppetNothing puppet;
  std::promise<std::string> who;
  const auto on_login = puppet.on<wechaty::puppet::EventLoginPayload>(
      [&](const auto& login) { who.set_value(login.contact_id); });
  puppet.start();
  const std::string id = who.get_future().get();
  std::cout << puppet.name() << " is " << id << "\n";
  return id == "nobody" && !puppet.supports(wechaty::puppet::Capability::contact_alias) ? 0 : 1;
}
