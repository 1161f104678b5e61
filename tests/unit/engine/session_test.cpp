// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/engine/session.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "support/manual_executor.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/events/error_event.hpp"

namespace wechaty::puppet {
namespace {

using Verdict = Session::Verdict;
using Seen = std::vector<std::string>;

std::string describe(const EventPayload& event) {
  std::string text{name_of(event)};
  if (const auto* message = std::get_if<EventMessagePayload>(&event)) {
    text += " " + message->message_id;
  } else if (const auto* error = std::get_if<EventErrorPayload>(&event)) {
    text += " " + error_info(*error).message;
  } else if (const auto* logout = std::get_if<EventLogoutPayload>(&event)) {
    text += " " + logout->contact_id + " " + logout->data.value_or("");
  }
  return text;
}

/// An order gate whose deliveries the test lets through by hand.
class SessionTest : public testing::Test {
 protected:
  void SetUp() override { session_.set_accepting(true); }

  Verdict report(EventPayload event) {
    return session_.report({.event = std::move(event), .before = {}, .after = {}});
  }
  Verdict message(const std::string& id) { return report(EventMessagePayload{.message_id = id}); }
  Session::Number log_in(const std::string& id = "bot") {
    const auto number = session_.begin_login(id);
    session_.complete_login(number.value(), {});
    return *number;
  }
  Seen delivered() {
    executor_->run();
    return seen_;
  }

  std::shared_ptr<test::ManualExecutor> executor_ = std::make_shared<test::ManualExecutor>();
  Seen seen_;
  std::shared_ptr<Strand> strand_ =
      std::make_shared<Strand>(executor_, [this](Strand&, const EventPayload& event) {
        seen_.push_back(describe(event));
        // What the listeners of that event are answered.
        if (session_.current_user_id()) seen_.back() += " as " + *session_.current_user_id();
      });
  Session session_{strand_, 2};
};

TEST_F(SessionTest, NothingIsTakenBeforeStartAndAfterStop) {
  session_.set_accepting(false);
  EXPECT_EQ(message("1"), Verdict::dropped);
  EXPECT_EQ(report(EventScanPayload{}), Verdict::dropped);
  EXPECT_EQ(session_.begin_login("bot"), std::nullopt);
  EXPECT_EQ(delivered(), Seen{});
}

TEST_F(SessionTest, HoldsMessagesUntilLoginAndNotOtherEvents) {
  EXPECT_EQ(message("1"), Verdict::held);
  EXPECT_EQ(report(EventDongPayload{}), Verdict::queued);
  EXPECT_EQ(report(EventHeartbeatPayload{}), Verdict::queued);
  EXPECT_EQ(delivered(), (Seen{"dong", "heartbeat"}));
  log_in();
  EXPECT_EQ(delivered(), (Seen{"dong", "heartbeat", "login as bot", "message 1 as bot"}));
}

TEST_F(SessionTest, HoldsEveryKindOfEventThatNeedsALogin) {
  Session roomy{strand_, 100};
  roomy.set_accepting(true);
  const std::vector<EventPayload> waiting{EventMessagePayload{},   EventFriendshipPayload{},
                                          EventPostPayload{},      EventRoomInvitePayload{},
                                          EventRoomJoinPayload{},  EventRoomLeavePayload{},
                                          EventRoomTopicPayload{}, EventRoomAnnouncePayload{}};
  for (const auto& event : waiting) {
    EXPECT_EQ(roomy.report({.event = event, .before = {}, .after = {}}), Verdict::held)
        << name_of(event);
  }
}

TEST_F(SessionTest, ReadyWaitsForLoginAndComesOnceBeforeWhatWasHeld) {
  EXPECT_EQ(message("1"), Verdict::held);
  EXPECT_EQ(report(EventReadyPayload{}), Verdict::held);
  EXPECT_EQ(report(EventReadyPayload{}), Verdict::dropped);
  log_in();
  EXPECT_EQ(report(EventReadyPayload{}), Verdict::dropped);
  EXPECT_FALSE(session_.is_ready());
  EXPECT_EQ(delivered(), (Seen{"login as bot", "ready as bot", "message 1 as bot"}));
  EXPECT_TRUE(session_.is_ready());
}

TEST_F(SessionTest, WhatDoesNotFitIsCounted) {
  for (int i = 0; i < 5; ++i) message(std::to_string(i));
  log_in();
  const auto seen = delivered();
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_NE(seen[3].find("3 events"), std::string::npos) << seen[3];
}

TEST_F(SessionTest, ScanIsForThoseWhoAreNotLoggedIn) {
  EXPECT_EQ(report(EventScanPayload{.status = ScanStatus::waiting, .qrcode = "code"}),
            Verdict::queued);
  EXPECT_EQ(session_.auth_qr_code(), std::nullopt);  // nobody was told yet
  executor_->run();
  EXPECT_EQ(session_.auth_qr_code(), "code");
  const auto number = session_.begin_login("bot");
  EXPECT_EQ(report(EventScanPayload{}), Verdict::dropped);
  session_.complete_login(*number, {});
  executor_->run();
  EXPECT_EQ(session_.auth_qr_code(), std::nullopt);
}

TEST_F(SessionTest, TheCodeWaitsWhileItIsWaitingOrTimedOut) {
  const auto after = [&](ScanStatus status) {
    report(EventScanPayload{.status = ScanStatus::waiting, .qrcode = "code"});
    report(EventScanPayload{.status = status, .qrcode = "code"});
    executor_->run();
    return session_.auth_qr_code().value_or("");
  };
  EXPECT_EQ(after(ScanStatus::timeout), "code");
  EXPECT_EQ(after(ScanStatus::unknown), "code");
  EXPECT_EQ(after(ScanStatus::scanned), "");
  EXPECT_EQ(after(ScanStatus::confirmed), "");
  EXPECT_EQ(after(ScanStatus::cancel), "");
}

TEST_F(SessionTest, TheUserIdAnswersFromBeforeLoginUntilAfterLogout) {
  log_in();
  EXPECT_EQ(session_.current_user_id(), std::nullopt);
  EXPECT_EQ(session_.reported().user_id, "bot");
  executor_->run();
  EXPECT_EQ(session_.current_user_id(), "bot");
  session_.end("bye");
  EXPECT_EQ(session_.reported().session, 0U);
  EXPECT_EQ(session_.current_user_id(), "bot");
  EXPECT_EQ(delivered(), (Seen{"login as bot", "logout bot bye as bot"}));
  EXPECT_EQ(session_.current_user_id(), std::nullopt);
}

TEST_F(SessionTest, NothingOfASessionComesAfterItsLogout) {
  const auto number = log_in();
  EXPECT_EQ(message("1"), Verdict::queued);
  session_.end("bye");
  EXPECT_EQ(
      session_.report_in(
          number, {.event = EventMessagePayload{.message_id = "2"}, .before = {}, .after = {}}),
      Verdict::dropped);
  const auto next = log_in("other");
  EXPECT_GT(next, number);
  EXPECT_EQ(
      session_.report_in(
          number, {.event = EventMessagePayload{.message_id = "3"}, .before = {}, .after = {}}),
      Verdict::dropped);
  EXPECT_EQ(delivered(),
            (Seen{"login as bot", "message 1 as bot", "logout bot bye as bot", "login as other"}));
}

TEST_F(SessionTest, WhatWasHeldIsGoneWithASessionThatNeverCame) {
  const auto number = session_.begin_login("bot");
  message("1");
  report(EventReadyPayload{});
  EXPECT_EQ(session_.end("kicked"), std::nullopt);
  session_.complete_login(*number, {});  // the profile comes too late
  EXPECT_EQ(delivered(), Seen{});
  log_in();
  EXPECT_EQ(delivered(), Seen{"login as bot"});
}

TEST_F(SessionTest, TheSameAccountAgainChangesNothing) {
  log_in();
  EXPECT_EQ(session_.begin_login("bot"), std::nullopt);
  EXPECT_EQ(delivered(), Seen{"login as bot"});
}

TEST_F(SessionTest, ANewSessionIsReadyOnceMore) {
  log_in();
  report(EventReadyPayload{});
  session_.end("bye");
  log_in();
  EXPECT_EQ(report(EventReadyPayload{}), Verdict::queued);
  EXPECT_EQ(delivered(), (Seen{"login as bot", "ready as bot", "logout bot bye as bot",
                               "login as bot", "ready as bot"}));
}

}  // namespace
}  // namespace wechaty::puppet
