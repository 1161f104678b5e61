// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "contract/subject.hpp"
#include "support/temp_folder.hpp"

namespace wechaty::puppet::test {
namespace {

class R3PerfectLogout : public ContractTest {
 protected:
  void SetUp() override {
    ContractTest::SetUp();
    card_ = MemoryCard{folder_ / "bot"};
  }
  [[nodiscard]] std::size_t keys_in_store() const {
    MemoryCard other{folder_ / "bot"};
    other.load();
    return other.size();
  }

  TempFolder folder_;
};
INSTANTIATE_CONTRACT(R3PerfectLogout);

TEST_P(R3PerfectLogout, TheServiceIsAskedToEndTheSession) {
  log_in();
  EXPECT_TRUE(subject_->is_online());
  puppet_->logout("bye");
  EXPECT_FALSE(subject_->is_online());
}

TEST_P(R3PerfectLogout, LogoutIsDeliveredOnceWithIdAndReason) {
  log_in();
  puppet_->logout("bye");
  puppet_->logout("again");
  flush();
  EXPECT_EQ(log_->of("logout"), std::vector{"logout " + subject_->self_id() + " bye"});
}

TEST_P(R3PerfectLogout, TheUserIdAnswersWhileLogoutIsDeliveredAndNotAfter) {
  log_in();
  std::string id;
  const auto listening = puppet_->on<EventLogoutPayload>(
      [&](const EventLogoutPayload&) { id = puppet_->current_user_id(); });
  puppet_->logout();
  EXPECT_EQ(id, subject_->self_id());
  EXPECT_THROW(static_cast<void>(puppet_->current_user_id()), NotLoggedInError);
  EXPECT_FALSE(puppet_->is_logged_in());
}

TEST_P(R3PerfectLogout, TheErasureIsInTheStoreWhenTheCallReturns) {
  log_in();
  EXPECT_GT(keys_in_store(), 0U);
  puppet_->logout();
  EXPECT_EQ(keys_in_store(), 0U);
}

TEST_P(R3PerfectLogout, CachesAndTheReadyFlagAreGone) {
  log_in();
  static_cast<void>(puppet_->contact_payload(subject_->contact_id()));
  const auto id = puppet_->message_send_text(subject_->contact_id(), "x");
  puppet_->logout();
  EXPECT_EQ(puppet_->contact_payload_cache(subject_->contact_id()), std::nullopt);
  EXPECT_EQ(puppet_->message_payload_cache(id), std::nullopt);
  EXPECT_FALSE(puppet_->is_ready());
  EXPECT_EQ(puppet_->auth_qr_code(), std::nullopt);
}

TEST_P(R3PerfectLogout, WhatWasSentIsGone) {
  log_in();
  const auto id =
      puppet_->message_send_file(subject_->contact_id(), FileBox::from_buffer("mine", "a.txt"));
  ASSERT_TRUE(log_->wait_for("message"));
  subject_->forget_message(id);
  EXPECT_EQ(puppet_->message_file(id).to_base64(), "bWluZQ==");
  puppet_->logout();
  subject_->accept(*puppet_);
  ASSERT_TRUE(log_->wait_for("login", 2));
  EXPECT_THROW(static_cast<void>(puppet_->message_file(id).to_base64()), Error);
}

TEST_P(R3PerfectLogout, AServiceThatFailsDoesNotKeepTheSession) {
  log_in();
  subject_->fail_next("logout");
  EXPECT_THROW(puppet_->logout("bye"), Error);
  EXPECT_EQ(log_->of("logout").size(), 1U);
  EXPECT_EQ(keys_in_store(), 0U);
  EXPECT_FALSE(puppet_->is_logged_in());
}

TEST_P(R3PerfectLogout, ACardThatWasBeingLoggedOutIsNeverRestored) {
  log_in();
  // What a crash within the service's part of logout leaves in the store.
  std::string at_crash;
  subject_->delay_next("logout", std::chrono::milliseconds{50});
  std::jthread other{[&] { puppet_->logout(); }};
  while (at_crash.find("logging-out") == std::string::npos && subject_->is_online()) {
    at_crash = read_text(folder_ / "bot.memory-card.json");
  }
  other.join();
  puppet_->stop();
  ASSERT_NE(at_crash.find("logging-out"), std::string::npos);

  std::ofstream{folder_ / "bot.memory-card.json"} << at_crash;
  card_ = MemoryCard{folder_ / "bot"};
  make();
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("ready"));
  EXPECT_EQ(log_->of("scan").size(), subject_->needs_scan() ? 1U : 0U);
  EXPECT_EQ(log_->of("error"), std::vector<std::string>{});  // it was erased, not damaged
}

TEST_P(R3PerfectLogout, ASessionThatTheServiceEndsIsErasedToo) {
  log_in();
  subject_->kick(*puppet_, "kicked by the phone");
  ASSERT_TRUE(log_->wait_for("logout " + subject_->self_id() + " kicked by the phone"));
  puppet_->stop();
  EXPECT_EQ(log_->of("logout").size(), 1U);
  EXPECT_EQ(keys_in_store(), 0U);
}

TEST_P(R3PerfectLogout, StopIsNoLogout) {
  log_in();
  puppet_->stop();
  EXPECT_EQ(log_->of("logout"), std::vector{"logout " + subject_->self_id() + " puppet stop()"});
  EXPECT_GT(keys_in_store(), 0U);
  EXPECT_FALSE(puppet_->is_logged_in());
}

TEST_P(R3PerfectLogout, LogoutFromAListenerIsDoneWhenItReturns) {
  log_in();
  bool gone = false;
  const auto listening = puppet_->on<EventMessagePayload>([&](const EventMessagePayload&) {
    puppet_->logout("from a listener");
    gone = keys_in_store() == 0 && !puppet_->is_logged_in();
  });
  subject_->peer_says("go");
  ASSERT_TRUE(log_->wait_for("logout"));
  flush();
  EXPECT_TRUE(gone);
}

}  // namespace
}  // namespace wechaty::puppet::test
