// SPDX-License-Identifier: Apache-2.0
#include <wechaty/puppet_mock.hpp>

#include <future>
#include <iostream>

int main() {
  namespace puppet = wechaty::puppet;
  const auto world = std::make_shared<wechaty::puppet_mock::World>("bot");
  const auto alice = world->add_contact({.id = "alice", .name = "Alice"});
  wechaty::puppet_mock::PuppetMock bot{world};
  std::promise<std::string> heard;
  const auto on_ready =
      bot.on<puppet::EventReadyPayload>([&](const auto&) { alice.say("ding").to("bot"); });
  const auto on_message = bot.on<puppet::EventMessagePayload>([&](const auto& event) {
    heard.set_value(bot.message_payload(event.message_id).text.value_or(""));
  });
  bot.start();
  const std::string text = heard.get_future().get();
  bot.stop();
  std::cout << "heard " << text << "\n";
  return text == "ding" ? 0 : 1;
}
