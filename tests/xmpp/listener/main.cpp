// SPDX-License-Identifier: Apache-2.0
// A bot that prints what it hears, to be killed by a test.
// usage: xmpp_listener JID PASSWORD PORT CA_FILE CARD
// JID and PASSWORD may be empty: then the card has to know them.
#include <unistd.h>

#include <cstdio>
#include <string>

#include "wechaty/puppet_xmpp.hpp"

int main(int, char** argv) {
  using namespace wechaty::puppet;
  wechaty::puppet_xmpp::PuppetXmpp puppet{{.jid = argv[1],
                                           .password = argv[2],
                                           .host = "127.0.0.1",
                                           .port = static_cast<std::uint16_t>(std::stoi(argv[3])),
                                           .ca_file = argv[4]}};
  puppet.set_memory(MemoryCard{argv[5]});
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::printf("pid %d\n", ::getpid());
  const auto ready = puppet.on<EventReadyPayload>([](const auto&) { std::printf("ready\n"); });
  const auto message = puppet.on<EventMessagePayload>([&](const EventMessagePayload& event) {
    std::printf("message %s\n", puppet.message_payload(event.message_id).text.value_or("").c_str());
  });
  const auto scan = puppet.on<EventScanPayload>([](const auto&) { std::printf("scan\n"); });
  puppet.start();
  ::pause();
}
