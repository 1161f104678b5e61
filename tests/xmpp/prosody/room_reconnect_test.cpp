// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <atomic>
#include <thread>

#include "xmpp/support/network.hpp"
#include "xmpp/support/proxy.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using namespace wechaty::puppet;  // NOLINT: payloads

/// Numbered messages in a room, while the bot's connection is cut now and then.
class XmppRoomReconnect : public XmppTest {
 protected:
  static constexpr int cuts = 5;

  void log_in_through_proxy(bool resumption) {
    auto options = server().options(bot_);
    options.port = proxy_.port();
    options.resumption = resumption;
    make(options);
    puppet_->start();
    ASSERT_TRUE(log_->wait_for("ready"));
    room_ = room_with_alice();
  }
  static std::vector<std::string> up_to(int last) {
    std::vector<std::string> all;
    for (int i = 1; i <= last; ++i) all.push_back(std::to_string(i));
    return all;
  }
  /// The texts that others said, in the order of the events.
  std::vector<std::string> heard() {
    std::vector<std::string> texts;
    for (const std::string& line : log_->of("message ")) {
      const auto message =
          puppet_->message_payload(line.substr(std::string_view{"message "}.size()));
      if (message.talker_id != bot()) texts.push_back(message.text.value_or(""));
    }
    return texts;
  }
  /// Alice says numbers, as fast as the server takes them.
  std::vector<std::string> heard_through_cuts(int count) {
    std::jthread talking{[&] {
      peers().ask(alice_, "numbers",
                  {{"to", room_}, {"first", 1}, {"last", count}, {"type", "groupchat"}});
    }};
    for (int i = 1; i <= cuts; ++i) {
      EXPECT_TRUE(log_->wait_for("message", i * count / (cuts + 1)));
      proxy_.cut();
    }
    EXPECT_TRUE(log_->wait_for("message", count));
    flush();
    return heard();
  }
  /// The bot says numbers, in three threads, so that always one has something to send.
  /// @result what Alice has heard of each
  std::vector<std::vector<std::string>> said_through_cuts(int count) {
    constexpr std::size_t speakers = 3;
    std::array<std::atomic<int>, speakers> under_way{};
    std::vector<std::jthread> talking;
    for (std::size_t speaker = 0; speaker < speakers; ++speaker) {
      talking.emplace_back([&, speaker] {
        for (int i = 1; i <= count; ++i) {
          under_way.at(speaker) = i;
          try {
            puppet_->message_send_text(room_, std::to_string(speaker) + " " + std::to_string(i));
          } catch (const std::exception& error) {
            ADD_FAILURE() << i << ": " << error.what();
          }
        }
      });
    }
    for (int i = 1; i <= cuts; ++i) {
      while (under_way[0] < i * count / (cuts + 1)) std::this_thread::yield();
      proxy_.cut();
    }
    talking.clear();
    std::vector<std::vector<std::string>> texts(speakers);
    for (const std::string text :
         peers().ask(alice_, "bodies", {{"contains", {room_ + "/" + bot_, "<body>"}}})) {
      texts.at(static_cast<std::size_t>(text.at(0) - '0')).push_back(text.substr(2));
    }
    return texts;
  }

  Proxy proxy_{network().server.port()};
  std::string room_;
};

TEST_F(XmppRoomReconnect, WhatIsSaidInARoomComesOnceAndInOrder) {
  log_in_through_proxy(true);
  EXPECT_EQ(heard_through_cuts(1'200), up_to(1'200));
  EXPECT_GE(proxy_.connections(), cuts);
}

TEST_F(XmppRoomReconnect, WhatIsSaidInARoomComesOnceAndInOrderWhereStreamsCannotBeResumed) {
  log_in_through_proxy(false);
  EXPECT_EQ(heard_through_cuts(1'200), up_to(1'200));
  EXPECT_GE(proxy_.connections(), cuts);
}

TEST_F(XmppRoomReconnect, WhatTheBotSaysInARoomArrivesOnceAndInOrder) {
  log_in_through_proxy(true);
  EXPECT_EQ(said_through_cuts(100), std::vector(3, up_to(100)));
  EXPECT_GE(proxy_.connections(), cuts);
}

TEST_F(XmppRoomReconnect, WhatTheBotSaysInARoomArrivesOnceAndInOrderWhereStreamsCannotBeResumed) {
  log_in_through_proxy(false);
  EXPECT_EQ(said_through_cuts(100), std::vector(3, up_to(100)));
  EXPECT_GE(proxy_.connections(), cuts);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
