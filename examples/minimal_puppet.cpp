// SPDX-License-Identifier: Apache-2.0
// A whole puppet: its network is one contact that repeats what it hears.
#include <wechaty/puppet.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <iostream>
#include <string>

using namespace wechaty::puppet;

// [puppet]
class PuppetEcho final : public Puppet {
 public:
  ~PuppetEcho() override { stop(); }

 protected:
  void do_start() override {
    heartbeat_every(std::chrono::seconds{15});
    login("me");
    ready();
  }
  void do_stop() override {}
  void do_logout(std::string_view) override {}

  ContactPayload do_contact_payload(std::string_view id) override {
    if (id != "me" && id != "echo") throw NotFoundError{"no contact " + std::string{id}};
    return {.id = std::string{id}, .name = std::string{id}};
  }
  std::string do_message_send_text(std::string_view to, std::string_view text,
                                   const MessageSendOptions&) override {
    const std::string number = std::to_string(++messages_);
    receive(MessagePayload{.id = "echo-" + number,
                           .talker_id = std::string{to},
                           .type = MessageType::text,
                           .text = std::string{text},
                           .listener_id = "me"});
    return "sent-" + number;
  }

 private:
  std::atomic<int> messages_ = 0;
};
// [/puppet]

int main() {
  PuppetEcho puppet;
  std::promise<std::string> heard;
  const auto on_message = puppet.on<EventMessagePayload>([&](const EventMessagePayload& event) {
    const MessagePayload message = puppet.message_payload(event.message_id);
    if (message.talker_id == "echo") heard.set_value(message.text.value_or(""));
  });
  const auto on_login = puppet.on<EventLoginPayload>(
      [&](const EventLoginPayload&) { puppet.message_send_text("echo", "hello"); });
  puppet.start();
  std::cout << "echo says: " << heard.get_future().get() << "\n";
  puppet.stop();
}
