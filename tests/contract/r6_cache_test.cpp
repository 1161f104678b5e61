// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <future>
#include <thread>

#include "contract/subject.hpp"

namespace wechaty::puppet::test {
namespace {

class R6Cache : public ContractTest {};
INSTANTIATE_CONTRACT(R6Cache);

TEST_P(R6Cache, ASecondLookDoesNotAskTheService) {
  log_in();
  static_cast<void>(puppet_->contact_payload(subject_->contact_id()));
  subject_->fail_next("contact_payload");
  EXPECT_EQ(puppet_->contact_payload(subject_->contact_id()).id, subject_->contact_id());
  static_cast<void>(puppet_->room_member_payload(subject_->room_id(), subject_->contact_id()));
  subject_->fail_next("room_member_payload");
  EXPECT_EQ(puppet_->room_member_payload(subject_->room_id(), subject_->contact_id()).id,
            subject_->contact_id());
}

TEST_P(R6Cache, ManyWhoAskAtOnceAskTheServiceOnce) {
  log_in();
  // One call is slow; if there were a second one, it would fail.
  subject_->delay_next("contact_payload", std::chrono::milliseconds{100});
  subject_->fail_next("contact_payload");
  std::atomic<int> answers = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 64; ++i) {
      threads.emplace_back([&] {
        if (puppet_->contact_payload(subject_->contact_id()).id == subject_->contact_id()) {
          ++answers;
        }
      });
    }
  }
  EXPECT_EQ(answers, 64);
}

TEST_P(R6Cache, AFailureIsNotKept) {
  log_in();
  subject_->fail_next("contact_payload");
  EXPECT_THROW(static_cast<void>(puppet_->contact_payload(subject_->contact_id())), Error);
  EXPECT_EQ(puppet_->contact_payload(subject_->contact_id()).id, subject_->contact_id());
}

TEST_P(R6Cache, DirtyDropsTheEntryBeforeItIsDelivered) {
  log_in();
  static_cast<void>(puppet_->contact_payload(subject_->contact_id()));
  std::string seen;
  const auto listening = puppet_->on<EventDirtyPayload>([&](const EventDirtyPayload& dirty) {
    seen = puppet_->contact_payload(dirty.payload_id).name;
  });
  subject_->peer_renames("Alicia");
  ASSERT_TRUE(log_->wait_for("dirty"));
  flush();
  EXPECT_EQ(seen, "Alicia");
}

TEST_P(R6Cache, AnAnswerThatWasOnItsWayWhenDirtyCameIsNotStored) {
  log_in();
  subject_->delay_next("contact_payload", std::chrono::milliseconds{100});
  std::jthread asking{[&] { static_cast<void>(puppet_->contact_payload(subject_->contact_id())); }};
  while (subject_->is_fault_pending()) std::this_thread::yield();  // until it is inside the hook
  subject_->peer_renames("Alicia");
  puppet_->dirty_payload(DirtyType::contact, subject_->contact_id());
  asking.join();
  EXPECT_EQ(puppet_->contact_payload(subject_->contact_id()).name, "Alicia");
}

TEST_P(R6Cache, APayloadThatCameWithAnEventIsNotPutBackAfterDirty) {
  log_in();
  std::promise<void> go;
  auto gone = go.get_future().share();
  const auto blocking = puppet_->on<EventDongPayload>([&](const auto&) { gone.wait(); });
  puppet_->ding("block");
  const auto id = subject_->peer_says("old");  // its event waits behind the listener
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (subject_->brings_payloads() && !puppet_->message_payload_cache(id)) {
    ASSERT_LT(std::chrono::steady_clock::now(), limit) << "the payload has not come";
    std::this_thread::yield();
  }
  puppet_->dirty_payload(DirtyType::message, id);
  subject_->forget_message(id);
  go.set_value();
  ASSERT_TRUE(log_->wait_for("message " + id));
  EXPECT_THROW(static_cast<void>(puppet_->message_payload(id)), Error);
}

TEST_P(R6Cache, APayloadThatCameWithAnEventOutlivesALongQueue) {
  log_in({.cache = {.message = 1}});
  std::vector<std::string> ids;
  std::atomic<int> answered = 0;
  const auto listening = puppet_->on<EventMessagePayload>([&](const EventMessagePayload& event) {
    subject_->forget_message(event.message_id);
    if (puppet_->message_payload(event.message_id).text == "x") ++answered;
  });
  for (int i = 0; i < 100; ++i) ids.push_back(subject_->peer_says("x"));
  flush();
  EXPECT_EQ(answered, 100);
}

TEST_P(R6Cache, DirtyOfARoomMemberDropsAllOrOne) {
  log_in();
  const auto room = subject_->room_id();
  const auto ask = [&](const std::string& member) {
    return puppet_->room_member_payload(room, member).id;
  };
  ask(subject_->contact_id());
  ask(subject_->self_id());
  puppet_->dirty_room_member(room, subject_->contact_id());
  subject_->fail_next("room_member_payload");
  EXPECT_EQ(ask(subject_->self_id()), subject_->self_id());
  EXPECT_THROW(ask(subject_->contact_id()), Error);
  ask(subject_->contact_id());
  puppet_->dirty_payload(DirtyType::room_member, room);
  subject_->fail_next("room_member_payload", 2);
  EXPECT_THROW(ask(subject_->contact_id()), Error);
  EXPECT_THROW(ask(subject_->self_id()), Error);
}

TEST_P(R6Cache, TheSizeIsBounded) {
  log_in({.cache = {.contact = 1}});
  static_cast<void>(puppet_->contact_payload(subject_->contact_id()));
  static_cast<void>(puppet_->contact_payload(subject_->self_id()));
  EXPECT_EQ(puppet_->contact_payload_cache(subject_->contact_id()), std::nullopt);
}

TEST_P(R6Cache, WhatTheBotChangesIsSeenAtOnce) {
  log_in();
  static_cast<void>(puppet_->contact_payload(subject_->contact_id()));
  puppet_->set_contact_alias(subject_->contact_id(), "al");
  EXPECT_EQ(puppet_->contact_payload(subject_->contact_id()).alias, "al");
  puppet_->set_contact_alias(subject_->contact_id(), std::nullopt);
  EXPECT_EQ(puppet_->contact_payload(subject_->contact_id()).alias, std::nullopt);
  flush();
  EXPECT_EQ(log_->of("dirty").size(), 2 * subject_->dirty_events_of_a_change());
}

}  // namespace
}  // namespace wechaty::puppet::test
