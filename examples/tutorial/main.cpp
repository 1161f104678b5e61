// SPDX-License-Identifier: Apache-2.0
#include <future>
#include <iostream>

#include "puppet_board.hpp"

using namespace wechaty::puppet;

// [bot]
int main() {
  const auto board = std::make_shared<Board>(
      std::map<std::string, Board::Person>{{"bot", {"Bot"}}, {"alice", {"Alice"}}},
      std::map<std::string, Board::Room>{});
  PuppetBoard puppet{board};
  std::promise<void> ready, answered;
  const auto on_scan = puppet.on<EventScanPayload>([](const EventScanPayload& scan) {
    std::cout << "scan " << scan.qrcode.value_or("") << "\n";
  });
  const auto on_ready = puppet.on<EventReadyPayload>([&](const auto&) { ready.set_value(); });
  const auto on_message = puppet.on<EventMessagePayload>([&](const EventMessagePayload& event) {
    const MessagePayload message = puppet.message_payload(event.message_id);
    std::cout << message.talker_id << ": " << message.text.value_or("") << "\n";
    if (message.talker_id == "alice") {
      puppet.message_send_text("alice", "dong");
    } else {
      answered.set_value();  // we hear ourselves, too: rule R1
    }
  });
  board->set_phone("bot");  // somebody scans the code
  puppet.start();
  ready.get_future().wait();
  board->pin({.id = {}, .from = "alice", .to = "bot", .text = "ding"});
  answered.get_future().wait();
  puppet.stop();
}
// [/bot]
