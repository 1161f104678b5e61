// SPDX-License-Identifier: Apache-2.0
#include "contract/subject.hpp"

namespace wechaty::puppet::test {
namespace {

class R2Order : public ContractTest {};
INSTANTIATE_CONTRACT(R2Order);

TEST_P(R2Order, LoginComesAfterScanAndBeforeReady) {
  log_in();
  if (subject_->needs_scan()) {
    EXPECT_LT(log_->place("scan"), log_->place("login"));
  }
  EXPECT_LT(log_->place("login"), log_->place("ready"));
}

TEST_P(R2Order, TheOwnProfileIsInTheCacheWhenLoginIsDelivered) {
  make();
  std::optional<ContactPayload> profile;
  const auto listening = puppet_->on<EventLoginPayload>([&](const EventLoginPayload& login) {
    profile = puppet_->contact_payload_cache(login.contact_id);
  });
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("ready"));
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->id, subject_->self_id());
  EXPECT_FALSE(profile->name.empty());
}

TEST_P(R2Order, AProfileThatComesAtTheThirdTryIsWhole) {
  subject_->fail_next("contact_payload", 2);
  log_in();
  EXPECT_FALSE(puppet_->contact_payload(subject_->self_id()).name.empty());
  EXPECT_EQ(log_->of("error"), std::vector<std::string>{});
}

TEST_P(R2Order, AProfileThatNeverComesCostsAnErrorAndNotTheSession) {
  subject_->fail_next("contact_payload", 3);
  log_in();
  EXPECT_EQ(log_->of("error").size(), 1U);
  EXPECT_LT(log_->place("error"), log_->place("login"));
  EXPECT_EQ(puppet_->contact_payload_cache(subject_->self_id()),
            (ContactPayload{.id = subject_->self_id()}));
}

TEST_P(R2Order, WhatComesBeforeLoginIsDeliveredAfterIt) {
  // The profile takes its time, so the session is between its report and its delivery.
  subject_->delay_next("contact_payload", std::chrono::milliseconds{200});
  make();
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("start"));
  while (!subject_->is_online()) std::this_thread::yield();
  const auto first = subject_->peer_says("first");
  const auto second = subject_->peer_says("second");
  ASSERT_TRUE(log_->wait_for("message " + second));
  EXPECT_LT(log_->place("login"), log_->place("ready"));
  EXPECT_LT(log_->place("login"), log_->place("message " + first));
  EXPECT_LT(log_->place("message " + first), log_->place("message " + second));
}

TEST_P(R2Order, WhatDoesNotFitIntoTheHoldIsCountedInOneError) {
  subject_->delay_next("contact_payload", std::chrono::milliseconds{200});
  make({.hold_limit = 3});
  puppet_->start();
  while (!subject_->is_online()) std::this_thread::yield();
  for (int i = 0; i < 10; ++i) subject_->peer_says("x");
  ASSERT_TRUE(log_->wait_for("error"));
  flush();
  EXPECT_EQ(log_->of("message").size(), 3U);
  ASSERT_EQ(log_->of("error").size(), 1U);
  EXPECT_NE(log_->of("error")[0].find("7 events"), std::string::npos) << log_->of("error")[0];
}

TEST_P(R2Order, EventsComeInTheOrderOfTheirReports) {
  log_in();
  std::vector<std::string> expected;
  for (int i = 0; i < subject_->load(500); ++i)
    expected.push_back("message " + subject_->peer_says("x"));
  flush();
  EXPECT_EQ(log_->of("message"), expected);
}

TEST_P(R2Order, NothingOfASessionComesAfterItsLogout) {
  log_in();
  for (int i = 0; i < 100; ++i) subject_->peer_says("x");
  puppet_->logout("bye");
  for (int i = 0; i < 10; ++i) subject_->peer_says("late");
  flush();
  const auto lines = log_->all();
  const auto logout = log_->place("logout");
  for (auto i = static_cast<std::size_t>(logout); i < lines.size(); ++i) {
    EXPECT_FALSE(lines[i].starts_with("message")) << lines[i];
  }
}

TEST_P(R2Order, ASendThatReturnsAfterTheSessionIsOverIsNotDeliveredInTheNext) {
  log_in();
  subject_->delay_next("message_send_text", std::chrono::milliseconds{300});
  std::string id;
  std::jthread sending{[&] { id = puppet_->message_send_text(subject_->contact_id(), "late"); }};
  while (subject_->is_fault_pending()) std::this_thread::yield();  // until it is inside the hook
  subject_->kick(*puppet_, "kicked");
  ASSERT_TRUE(log_->wait_for("logout"));
  sending.join();
  subject_->accept(*puppet_);
  ASSERT_TRUE(log_->wait_for("login", 2));
  flush();
  EXPECT_EQ(log_->count("message " + id), 0);
}

TEST_P(R2Order, ALoginFromAListenerOfLogoutBeginsTheNextSession) {
  log_in();
  const auto listening = puppet_->on<EventLogoutPayload>(
      [&](const EventLogoutPayload&) { subject_->accept(*puppet_); });
  subject_->kick(*puppet_, "kicked");
  ASSERT_TRUE(log_->wait_for("login", 2));
  EXPECT_TRUE(puppet_->is_logged_in());
  EXPECT_EQ(log_->of("error"), std::vector<std::string>{});
}

TEST_P(R2Order, AListenerThatThrowsStopsNobodyAndBecomesAnError) {
  make();
  const auto bad = puppet_->on<EventLoginPayload>(
      [](const EventLoginPayload&) { throw std::runtime_error{"oops"}; });
  int heard = 0;
  const auto good = puppet_->on<EventLoginPayload>([&](const EventLoginPayload&) { ++heard; });
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("ready"));
  ASSERT_TRUE(log_->wait_for("error"));
  EXPECT_EQ(heard, 1);
  EXPECT_NE(log_->of("error")[0].find("oops"), std::string::npos);
}

TEST_P(R2Order, AnErrorListenerThatThrowsDoesNotGoOnForEver) {
  make();
  int calls = 0;
  const auto bad = puppet_->on<EventErrorPayload>([&](const EventErrorPayload&) {
    ++calls;
    throw std::runtime_error{"again"};
  });
  subject_->fail_next("contact_payload", 3);
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("ready"));
  flush();
  EXPECT_EQ(calls, 1);
}

TEST_P(R2Order, ReadyComesOnceInASession) {
  log_in();
  if (!subject_->says_ready_again(*puppet_)) GTEST_SKIP() << "this network says it once";
  flush();
  EXPECT_EQ(log_->of("ready").size(), 1U);
  EXPECT_TRUE(puppet_->is_ready());
  puppet_->stop();
  EXPECT_FALSE(puppet_->is_ready());
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("ready", 2));
  flush();
  EXPECT_EQ(log_->of("ready").size(), 2U);
}

}  // namespace
}  // namespace wechaty::puppet::test
