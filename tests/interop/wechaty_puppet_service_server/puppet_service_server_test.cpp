// SPDX-License-Identifier: Apache-2.0
// Our client against npm wechaty-puppet-service's server with npm wechaty-puppet-mock behind it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "support/event_log.hpp"
#include "support/outages.hpp"
#include "support/server_process.hpp"
#include "support/temp_folder.hpp"
#include "wechaty/puppet_service.hpp"

namespace wechaty::puppet_service::test {
namespace {

using namespace puppet;
using namespace puppet::test;
using namespace std::chrono_literals;

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i % 26);
  return text;
}

bool is_listening(const std::string& log) {
  return read_text(log).find("listening") != std::string::npos;
}

class NpmPuppetServer : public testing::Test {
 protected:
  void serve(bool tls = false) {
    std::vector<std::string> words{WECHATY_PUPPET_NODE, WECHATY_PUPPET_SERVER_SCRIPT, endpoint_,
                                   "insecure_interop"};
    if (tls) words.emplace_back("tls");
    server_ = std::make_unique<ServerProcess>(words, log_file_,
                                              [this] { return is_listening(log_file_); });
  }
  void make(const PuppetServiceOptions& service) {
    puppet_ = std::make_unique<PuppetService>(
        PuppetOptions{.endpoint = endpoint_, .token = "insecure_interop"}, service);
    log_ = std::make_unique<EventLog>(*puppet_);
    messages_ = puppet_->on<EventMessagePayload>([this](const EventMessagePayload& event) {
      const auto message = puppet_->message_payload(event.message_id);
      const std::lock_guard lock{mutex_};
      heard_.push_back(message);
      changed_.notify_all();
    });
  }
  void log_in(bool tls = false) {
    serve(tls);
    PuppetServiceOptions service;
    service.tls.disable = !tls;
    make(service);
    puppet_->start();
    ASSERT_TRUE(log_->wait_for("ready"));
  }
  void TearDown() override {
    messages_.reset();
    puppet_.reset();
  }

  /// The first message from Alice that was not taken yet.
  MessagePayload from_alice() {
    std::unique_lock lock{mutex_};
    MessagePayload found;
    changed_.wait_for(lock, 20s, [&] {
      const auto one = std::find_if(heard_.begin(), heard_.end(), [](const auto& message) {
        return message.talker_id == "alice";
      });
      if (one == heard_.end()) return false;
      found = *one;
      heard_.erase(one);
      return true;
    });
    return found;
  }
  MessagePayload ask_alice(const std::string& text) {
    puppet_->message_send_text("alice", text);
    return from_alice();
  }

  TempFolder folder_;
  const std::string log_file_ = folder_ / "server.log";
  const std::string endpoint_ = "127.0.0.1:" + std::to_string(free_port());
  std::unique_ptr<ServerProcess> server_;
  std::mutex mutex_;  // guards heard_
  std::condition_variable changed_;
  std::vector<MessagePayload> heard_;
  std::unique_ptr<PuppetService> puppet_;
  std::unique_ptr<EventLog> log_;
  Subscription messages_;
};

TEST_F(NpmPuppetServer, ScanLoginAndReadyComeInOrderAndOnce) {
  log_in();
  EXPECT_LT(log_->place("scan https://example.org/scan"), log_->place("login bot"));
  EXPECT_LT(log_->place("login bot"), log_->place("ready"));
  EXPECT_EQ(puppet_->contact_payload("bot").name, "Bot");
  EXPECT_EQ(log_->of("login").size(), 1U);
}

TEST_F(NpmPuppetServer, ItsDefaultCertificateIsTrusted) { log_in(/*tls=*/true); }

TEST_F(NpmPuppetServer, AWrongTokenIsRefused) {
  serve();
  PuppetServiceOptions service;
  service.tls.disable = true;
  PuppetService wrong{PuppetOptions{.endpoint = endpoint_, .token = "insecure_wrong"}, service};
  EXPECT_THROW(wrong.start(), AuthenticationError);
}

TEST_F(NpmPuppetServer, TextsGoBothWaysAndOnesOwnIsHeardOnce) {
  log_in();
  // The mock's send returns no id; it is that of the echo.
  const auto id = puppet_->message_send_text("alice", "ding");
  const auto answer = from_alice();
  EXPECT_EQ(answer.text, "dong");
  EXPECT_EQ(answer.type, MessageType::text);
  EXPECT_EQ(answer.listener_id, "bot");
  EXPECT_EQ(log_->count("message " + id), 1);
  EXPECT_EQ(puppet_->message_payload(id).talker_id, "bot");
}

TEST_F(NpmPuppetServer, FilesComeWholeWhateverTheirSize) {
  log_in();
  for (const std::size_t size : {1U, 20'480U, 20'481U, 5'000'000U}) {
    const auto message = ask_alice("file " + std::to_string(size));
    ASSERT_FALSE(message.id.empty()) << size;
    const FileBox file = puppet_->message_file(message.id);
    EXPECT_EQ(file.name(), "file.txt");
    EXPECT_TRUE(file.to_text() == pattern(size)) << size;
  }
}

TEST_F(NpmPuppetServer, AFileWithoutAnExtensionIsNamedByItsContent) {
  log_in();
  EXPECT_EQ(puppet_->message_file(ask_alice("no extension").id).name(), "picture.png");
}

TEST_F(NpmPuppetServer, FilesAreSentWhateverTheirSize) {
  log_in();
  std::map<std::size_t, std::string> ids;
  for (const std::size_t size : {1U, 20'480U, 20'481U, 5'000'000U}) {
    ids[size] =
        puppet_->message_send_file("alice", FileBox::from_buffer(pattern(size), "sent.txt"));
    EXPECT_EQ(log_->count("message " + ids[size]), 1);
  }
  puppet_->stop();  // so that the base forgets what it has sent, and the server answers
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("login", 2));
  for (const auto& [size, id] : ids) {
    EXPECT_TRUE(puppet_->message_file(id).to_text() == pattern(size)) << size;
  }
}

TEST_F(NpmPuppetServer, ContactsAndRoomsAnswer) {
  log_in();
  const auto contacts = puppet_->contact_list();
  EXPECT_EQ((std::set<std::string>{contacts.begin(), contacts.end()}),
            (std::set<std::string>{"alice", "bot"}));
  EXPECT_EQ(puppet_->contact_payload("alice").name, "Alice");
  EXPECT_EQ(puppet_->contact_alias("alice"), "mock alias");
  puppet_->set_contact_alias("alice", "al");
  EXPECT_TRUE(log_->wait_for("dirty 2 alice"));
  EXPECT_EQ(puppet_->room_list(), std::vector<std::string>{"lobby@"});
  EXPECT_EQ(puppet_->room_payload("lobby@").topic, "Lobby");
  EXPECT_EQ(puppet_->room_member_list("lobby@"), (std::vector<std::string>{"alice", "bot"}));
  EXPECT_EQ(puppet_->room_member_payload("lobby@", "alice").name, "Alice");
  EXPECT_EQ(puppet_->room_topic("lobby@"), "mock room topic");
  puppet_->set_room_topic("lobby@", "Another");
  EXPECT_TRUE(log_->wait_for("dirty 3 lobby@"));
  EXPECT_EQ(puppet_->room_create(std::vector<std::string>{"alice"}, "New"), "mock_room_id");
  EXPECT_EQ(puppet_->room_qr_code("lobby@"), "lobby@ mock qrcode");
  EXPECT_NO_THROW(puppet_->room_add("lobby@", "alice"));
  EXPECT_NO_THROW(puppet_->room_del("lobby@", "alice"));
  puppet_->message_send_text("lobby@", "hello");
  EXPECT_TRUE(log_->wait_for("message"));
}

TEST_F(NpmPuppetServer, AnUnknownIdIsAnErrorWithTheServersWords) {
  log_in();
  try {
    static_cast<void>(puppet_->contact_payload("nobody"));
    FAIL() << "no exception";
  } catch (const Error& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find("no payload found for id nobody"), std::string::npos) << what;
    EXPECT_EQ(what.find('\n'), std::string::npos) << what;
  }
}

TEST_F(NpmPuppetServer, DingIsAnswered) {
  log_in();
  puppet_->ding("hello");
  EXPECT_TRUE(log_->wait_for("dong hello"));
}

TEST_F(NpmPuppetServer, ALogoutByTheServiceEndsTheSession) {
  log_in();
  puppet_->message_send_text("alice", "log out");
  EXPECT_TRUE(log_->wait_for("logout bot kicked"));
  EXPECT_FALSE(puppet_->is_logged_in());
}

TEST_F(NpmPuppetServer, LogoutEndsTheSession) {
  log_in();
  puppet_->logout("bye");
  EXPECT_EQ(log_->of("logout"), std::vector<std::string>{"logout bot bye"});
}

TEST_F(NpmPuppetServer, ASilentServerIsNotLeft) {
  serve();
  PuppetServiceOptions service;
  service.tls.disable = true;
  service.silence = 100ms;
  make(service);
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("heartbeat the server has answered", 3));
  EXPECT_EQ(puppet_->connection().state, ConnectionState::online);
  EXPECT_EQ(log_->of("reset"), std::vector<std::string>{});
}

TEST_F(NpmPuppetServer, AServerThatWasKilledIsBackWithinTwoSecondsOfItsReturn) {
  log_in();
  std::ptrdiff_t logins = 1;
  for (const int seconds : outages()) {
    server_->stop();
    ASSERT_TRUE(log_->wait_for("logout bot connection lost", logins));
    std::this_thread::sleep_for(std::chrono::seconds{seconds});
    std::remove(log_file_.c_str());
    server_->start();
    const auto back = std::chrono::steady_clock::now();
    ASSERT_TRUE(log_->wait_for("login bot", ++logins));
    const auto took = std::chrono::steady_clock::now() - back;
    std::cout << "away for " << seconds << " s, back after "
              << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms"
              << std::endl;
    EXPECT_LT(took, 2s);
    EXPECT_EQ(ask_alice("ding").text, "dong");
  }
  EXPECT_EQ(log_->of("reset"), std::vector<std::string>{});
}

TEST_F(NpmPuppetServer, AServerThatStandsStillIsLeftAndFoundAgain) {
  serve();
  PuppetServiceOptions service;
  service.tls.disable = true;
  service.silence = 500ms;
  service.probe_timeout = 500ms;
  service.connect_timeout = 1s;
  make(service);
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("ready"));
  server_->freeze();
  ASSERT_TRUE(log_->wait_for("logout bot connection lost"));
  std::this_thread::sleep_for(2s);
  EXPECT_EQ(puppet_->connection().state, ConnectionState::offline);
  server_->thaw();
  const auto back = std::chrono::steady_clock::now();
  ASSERT_TRUE(log_->wait_for("login bot", 2));
  EXPECT_LT(std::chrono::steady_clock::now() - back, 2s);
  EXPECT_EQ(ask_alice("ding").text, "dong");
}

}  // namespace
}  // namespace wechaty::puppet_service::test
