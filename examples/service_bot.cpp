// SPDX-License-Identifier: Apache-2.0
// The shortest bot on a puppet server: token and endpoint come from the environment
// (WECHATY_PUPPET_SERVICE_TOKEN and WECHATY_PUPPET_SERVICE_ENDPOINT). Runs until the end of input.
#include <iostream>
#include <wechaty/puppet_service.hpp>

// [bot]
using namespace wechaty::puppet;
using wechaty::puppet_service::PuppetService;

int main() {
  PuppetService puppet;
  const auto messages = puppet.on<EventMessagePayload>([&](const EventMessagePayload& event) {
    const MessagePayload message = puppet.message_payload(event.message_id);
    if (message.text == "ding") puppet.message_send_text(message.talker_id, "dong");
  });
  puppet.start();
  while (std::cin.get() != EOF) {
  }
}
// [/bot]
