// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "puppet_xmpp/session/card.hpp"
#include "xmpp/support/listener.hpp"
#include "xmpp/support/network.hpp"
#include "xmpp/support/proxy.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using namespace wechaty::puppet;  // NOLINT: payloads

/// How many messages go through; fewer by WECHATY_TEST_MESSAGES on a machine that has much to do.
int message_count() {
  const char* const wanted = std::getenv("WECHATY_TEST_MESSAGES");
  return wanted != nullptr ? std::stoi(wanted) : 10'000;
}

/// The numbers that messages said, in the order of their events.
class Numbers {
 public:
  explicit Numbers(PuppetXmpp& puppet)
      : listening_{
            puppet.on<EventMessagePayload>([this, &puppet](const EventMessagePayload& event) {
              const auto message = puppet.message_payload(event.message_id);
              if (message.talker_id == puppet.current_user_id()) return;
              const std::lock_guard lock{mutex_};
              heard_.push_back(std::stoi(message.text.value_or("0")));
              changed_.notify_all();
            })} {}

  bool wait_for(int last) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::minutes{8},
                             [&] { return !heard_.empty() && heard_.back() >= last; });
  }
  [[nodiscard]] int last() {
    const std::lock_guard lock{mutex_};
    return heard_.empty() ? 0 : heard_.back();
  }
  std::vector<int> heard() {
    const std::lock_guard lock{mutex_};
    return heard_;
  }
  /// What is wrong with the numbers; "" when they are 1 to `last`, each once and in order.
  static std::string wrong_with(const std::vector<int>& heard, int last) {
    std::string wrong;
    for (std::size_t i = 1; i < heard.size(); ++i) {
      if (heard[i] <= heard[i - 1]) {
        wrong += std::to_string(heard[i]) + " after " + std::to_string(heard[i - 1]) + "; ";
      }
    }
    const std::set<int> all{heard.begin(), heard.end()};
    for (int i = 1; i <= last; ++i) {
      if (!all.contains(i)) wrong += std::to_string(i) + " is missing; ";
    }
    if (!all.empty() && *all.rbegin() > last) wrong += "there is more than was sent; ";
    return wrong;
  }

 private:
  std::mutex mutex_;  // guards heard_
  std::condition_variable changed_;
  std::vector<int> heard_;
  Subscription listening_;
};

class XmppReconnect : public XmppTest {
 protected:
  void log_in_through_proxy(bool resumption = true) {
    auto options = server().options(bot_);
    options.port = proxy_.port();
    options.resumption = resumption;
    make(options);
    puppet_->start();
    ASSERT_TRUE(log_->wait_for("ready"));
  }
  /// The server does not answer the bot's next question of this kind.
  void lose_first(const std::string& host, const std::string& event) {
    const std::string answer = server().console(
        "> local lost = false; prosody.hosts['" + host + "'].events.add_handler('" + event +
        "', function (e) if e.origin.username == '" + bot_ +
        "' and not lost then lost = true; return true end end, 1000)");
    ASSERT_EQ(answer.find("rror"), std::string::npos) << answer;
  }
  void tell_numbers(int first, int last) {
    try {
      peers().ask(alice_, "numbers", {{"to", bot()}, {"first", first}, {"last", last}});
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  }
  /// Send numbers to Alice, one after the other, while something goes wrong now and then.
  /// @result what is in Alice's archive then
  std::vector<int> heard_after_sending(int count, int mishaps,
                                       const std::function<void()>& mishap) {
    std::atomic<int> under_way = 0;
    std::jthread sending{[&] {
      for (int i = 1; i <= count; ++i) {
        under_way = i;
        puppet_->message_send_text(alice(), std::to_string(i));
      }
    }};
    for (int i = 1; i <= mishaps; ++i) {
      while (under_way < i * count / (mishaps + 1)) std::this_thread::yield();
      mishap();
    }
    sending.join();
    return archived(alice_, bot());
  }
  /// The numbers in somebody's archive of what was said with another.
  std::vector<int> archived(const std::string& whose, const std::string& with_jid) {
    const std::string reader = whose + " reads";
    peers().login(reader, whose, server());
    std::vector<int> numbers;
    for (const std::string text : peers().ask(reader, "archive", {{"with_jid", with_jid}})) {
      numbers.push_back(std::stoi(text));
    }
    peers().ask(reader, "quit");
    return numbers;
  }

  Proxy proxy_{network().server.port()};
};

TEST_F(XmppReconnect, TenThousandMessagesThroughAConnectionThatIsCutComeOnceAndInOrder) {
  const int count = message_count();
  log_in_through_proxy();
  Numbers numbers{*puppet_};
  std::jthread talking{[&] { tell_numbers(1, count); }};
  int cuts = 0;
  int seen = 0;
  for (int next = count / 20; next < count; next += count / 10) {
    ASSERT_TRUE(numbers.wait_for(next));
    if (proxy_.connections() == seen) continue;  // it has not come back from the cut before
    seen = proxy_.connections();
    proxy_.cut();
    ++cuts;
  }
  ASSERT_TRUE(numbers.wait_for(count));
  flush();
  EXPECT_EQ(Numbers::wrong_with(numbers.heard(), count), "");
  EXPECT_GE(cuts, 5);
  EXPECT_EQ(log_->of("logout"), std::vector<std::string>{});
}

TEST_F(XmppReconnect, TenThousandMessagesAcrossARestartOfTheServerComeOnceAndInOrder) {
  const int half = message_count() / 2;
  log_in_through_proxy();
  Numbers numbers{*puppet_};
  tell_numbers(1, half / 2);
  proxy_.swallow(true);  // in the middle of traffic: the bot falls behind
  tell_numbers(half / 2 + 1, half);
  EXPECT_LT(numbers.last(), half);
  server().stop();  // by SIGKILL, whatever was on its way to the bot
  server().start();
  proxy_.swallow(false);
  proxy_.cut();
  peers().login(alice_, alice_, server());
  tell_numbers(half + 1, 2 * half);
  ASSERT_TRUE(numbers.wait_for(2 * half));
  flush();
  EXPECT_EQ(Numbers::wrong_with(numbers.heard(), 2 * half), "");
}

TEST_F(XmppReconnect, WhatIsSentWhileTheConnectionIsCutArrivesOnceAndInOrder) {
  log_in_through_proxy();
  EXPECT_EQ(Numbers::wrong_with(heard_after_sending(200, 4, [&] { proxy_.cut(); }), 200), "");
  EXPECT_GT(proxy_.connections(), 1);
}

TEST_F(XmppReconnect, WhatIsSentArrivesOnceAndInOrderWhereStreamsCannotBeResumed) {
  log_in_through_proxy(false);
  EXPECT_EQ(Numbers::wrong_with(heard_after_sending(60, 3, [&] { proxy_.cut(); }), 60), "");
  EXPECT_GT(proxy_.connections(), 1);
}

TEST_F(XmppReconnect, WhatIsSentAcrossARestartOfTheServerArrivesOnceAndInOrder) {
  make(server().options(bot_));
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("ready"));
  const auto restart = [&] {
    server().stop();  // by SIGKILL
    server().start();
  };
  const std::vector<int> heard = heard_after_sending(100, 1, restart);
  std::vector<int> sent = archived(bot_, alice());
  EXPECT_EQ(Numbers::wrong_with(sent, 100), "");
  // Prosody writes the sender's archive first. What it was writing when it was killed may be in
  // that one alone, and so is not sent again.
  if (heard.size() == 99)
    std::erase_if(sent, [&](int n) { return std::ranges::find(heard, n) == heard.end(); });
  EXPECT_EQ(heard, sent);
}

TEST_F(XmppReconnect, AMessageOfManyTlsRecordsDoesNotWaitForTheNext) {
  // A part of one that lay decrypted in TLS waited for a second, as nothing made it readable.
  log_in_through_proxy();
  for (const std::size_t size : {20'000U, 30'000U, 40'000U, 50'000U, 60'000U, 70'000U}) {
    auto fastest = std::chrono::steady_clock::duration::max();
    for (int i = 0; i < 5 && fastest > std::chrono::milliseconds{900}; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      say(bot(), std::string(size, 'x'));
      next_message();
      fastest = std::min(fastest, std::chrono::steady_clock::now() - begin);
    }
    EXPECT_LT(fastest, std::chrono::milliseconds{900}) << size;
  }
}

TEST_F(XmppReconnect, ASilentServerIsNoticedAndLeft) {
  auto options = server().options(bot_);
  options.port = proxy_.port();
  options.silence = std::chrono::milliseconds{500};
  make(options);
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("ready"));
  proxy_.swallow(true);
  ASSERT_TRUE(log_->wait_for("error " + bot() + ": the server has been silent"));
  proxy_.swallow(false);
  say(bot(), "1");
  EXPECT_EQ(next_message().text, "1");
}

TEST_F(XmppReconnect, AServerThatStaysMuteAtTheTlsHandshakeIsLeft) {
  auto options = server().options(bot_);
  options.port = proxy_.port();
  options.tls = TlsMode::direct;  // to a port that speaks without TLS: it waits for more
  options.login_timeout = std::chrono::milliseconds{500};
  make(options);
  proxy_.swallow(true);
  puppet_->start();
  EXPECT_TRUE(log_->wait_for("error " + bot()));
  puppet_->stop();  // and this does not wait for the network
}

TEST_F(XmppReconnect, AFriendRequestMadeWhileTheConnectionIsAwayArrives) {
  log_in_through_proxy(false);
  const std::string carol = "carol" + bot_;
  server().add_account(carol);
  peers().login(carol, carol, server());
  puppet_->set_contact_alias(carol + "@localhost", "C");  // so that the request is all that is sent
  proxy_.swallow(true);
  proxy_.cut();
  ASSERT_TRUE(log_->wait_for("error " + bot()));
  std::jthread asking{[&] { puppet_->friendship_add(carol + "@localhost", {.hello = "hi"}); }};
  proxy_.swallow(false);
  proxy_.cut();
  EXPECT_NE(peers().wait(carol, {"subscribe", "hi"}), "");
  peers().ask(carol, "quit");
}

TEST_F(XmppReconnect, AQuestionThatIsNotAnsweredAfterTheLoginIsAskedAgain) {
  lose_first("localhost", "iq/self/jabber:iq:roster:query");
  auto options = server().options(bot_);
  options.request_timeout = std::chrono::seconds{2};
  make(options);
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("error"));
  ASSERT_TRUE(log_->wait_for("ready"));
  say(bot(), "1");
  EXPECT_EQ(next_message().text, "1");
}

TEST_F(XmppReconnect, ACutInTheMiddleOfALoginLeavesNothingOut) {
  lose_first("localhost", "iq/self/jabber:iq:roster:query");
  auto options = server().options(bot_);
  options.port = proxy_.port();
  options.request_timeout = std::chrono::seconds{2};
  make(options);
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("error"));
  proxy_.cut();  // and the stream is resumed
  ASSERT_TRUE(log_->wait_for("ready"));
  flush();
  EXPECT_EQ(peers().ask(alice_, "resources", {{"jid", bot()}}).size(), 1U);
  EXPECT_EQ(log_->of("ready").size(), 1U);
}

TEST_F(XmppReconnect, WhatARoomsArchiveDoesNotGiveTheFirstTimeIsNotLost) {
  log_in();
  const std::string room = room_with_alice();
  puppet_->stop();
  say(room, "1", "groupchat");
  peers().count(alice_, {});
  lose_first("conference.localhost", "iq-set/bare/urn:xmpp:mam:2:query");
  auto options = server().options(bot_);
  options.request_timeout = std::chrono::seconds{2};
  make(options);
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("ready"));
  say(room, "2", "groupchat");
  EXPECT_EQ(next_message().text, "2");
  flush();
  puppet_->stop();
  puppet_->start();
  EXPECT_EQ(next_message().text, "1");
}

TEST_F(XmppReconnect, AnotherProcessResumesTheStream) {
  log_in_through_proxy();
  say(bot(), "1");
  next_message();
  const std::string room = room_with_alice();
  // What a process leaves that is killed: its card as it was saved, and no end of the stream.
  auto options = server().options(bot_);
  options.password.clear();
  flush();
  MemoryCard card = MemoryCard::from_json(card_.to_json());
  const std::string stream = Card{card}.resumption().value().id;
  proxy_.swallow(true);
  say(bot(), "2");
  PuppetXmpp second{options};
  second.set_memory(card);
  puppet::test::EventLog log{second};
  second.start();
  ASSERT_TRUE(log.wait_for("ready"));
  ASSERT_TRUE(log.wait_for("message"));
  EXPECT_EQ(second.message_payload(log.of("message ")[0].substr(8)).text, "2");
  EXPECT_EQ(second.room_payload(room).member_id_list, (std::vector{alice(), bot()}));
  second.ding("x");
  ASSERT_TRUE(log.wait_for("dong x"));
  EXPECT_EQ(log.of("message").size(), 1U);
  const auto resumption = Card{card}.resumption();
  ASSERT_TRUE(resumption);
  EXPECT_EQ(resumption->id, stream);
}

/// Wait until a card in the file says which stream may be resumed.
bool notes_its_stream(const std::string& name) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (std::chrono::steady_clock::now() < end) {
    MemoryCard card{name};
    card.load();
    if (Card{card}.resumption()) return true;
    std::this_thread::yield();
  }
  return false;
}

TEST_F(XmppReconnect, TheProcessAfterOneThatWasKilledResumesTheStreamWithTheCardAlone) {
  const puppet::test::TempFolder folder;
  Listener::Login login{.jid = bot(),
                        .password = "secret",
                        .port = server().port(),
                        .ca_file = server().ca_file(),
                        .card = folder / "card"};
  const auto online = [&] { return peers().ask(alice_, "resources", {{"jid", bot()}}); };
  std::optional<Listener> bot_process{login};
  ASSERT_TRUE(bot_process->wait_for("ready"));
  say(bot(), "1");
  ASSERT_TRUE(bot_process->wait_for("message"));
  const auto place = online();
  ASSERT_EQ(place.size(), 1U);
  ASSERT_TRUE(notes_its_stream(login.card));
  bot_process.reset();  // by SIGKILL
  say(bot(), "2");
  login.jid.clear();
  login.password.clear();
  bot_process.emplace(login);
  say(bot(), "3");
  std::vector<std::string> heard;
  while (heard.empty() || heard.back() != "3") {
    ASSERT_TRUE(bot_process->wait_for("message"));
    heard.push_back(bot_process->rest());
  }
  std::erase(heard, "1");  // its acknowledgement may have got lost with the process
  EXPECT_EQ(heard, (std::vector<std::string>{"2", "3"}));
  // A new session would be at another place, which the server makes up, and the old one would stay
  // there for as long as it can be resumed.
  EXPECT_EQ(online(), place);
}

/// Not even one that is killed as soon as it is ready for the first time.
TEST_F(XmppReconnect, TheNextOfAProcessThatHasHeardNothingKnowsWhereItBegins) {
  const puppet::test::TempFolder folder;
  Listener::Login login{.jid = bot(),
                        .password = "secret",
                        .port = server().port(),
                        .ca_file = server().ca_file(),
                        .card = folder / "card"};
  {
    Listener bot_process{login};
    while (const auto word = bot_process.next()) {
      if (*word == "ready") bot_process.kill();
    }
  }
  tell_numbers(1, 5);
  login.password.clear();
  std::vector<int> heard;
  Listener bot_process{login};
  while (heard.size() < 5) {
    const auto word = bot_process.next();
    ASSERT_TRUE(word) << heard.size() << " heard";
    if (*word == "message") heard.push_back(std::stoi(bot_process.rest()));
  }
  EXPECT_EQ(Numbers::wrong_with(heard, 5), "");
}

TEST_F(XmppReconnect, AProcessThatIsKilledLosesNothing) {
  const int count = message_count() * 3 / 10;
  const puppet::test::TempFolder folder;
  Listener::Login login{.jid = bot(),
                        .password = "secret",
                        .port = server().port(),
                        .ca_file = server().ca_file(),
                        .card = folder / "card"};
  std::vector<int> heard;
  int repeats = 0;
  std::jthread talking;
  for (int kills = 0; heard.empty() || heard.back() < count; ++kills) {
    ASSERT_LT(kills, 20);
    Listener bot_process{login};
    const int until = std::min(count, (kills + 1) * (count / 4));
    while (const auto word = bot_process.next()) {
      if (*word == "ready" && !talking.joinable()) {
        talking = std::jthread{[&] { tell_numbers(1, count); }};
        login.password.clear();  // the card is enough from now on
      } else if (*word == "message") {
        const int number = std::stoi(bot_process.rest());
        if (!heard.empty() && number <= heard.back()) {
          ++repeats;  // was on its way to the listeners when the process died
        } else {
          heard.push_back(number);
        }
        if (number >= until) bot_process.kill();
      }
    }
  }
  EXPECT_EQ(Numbers::wrong_with(heard, count), "");
  RecordProperty("repeats", repeats);
  std::cout << "heard again after a kill: " << repeats << "\n";
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
