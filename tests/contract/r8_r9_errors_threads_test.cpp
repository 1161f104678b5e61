// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <future>
#include <thread>

#include "contract/subject.hpp"

namespace wechaty::puppet::test {
namespace {

class R8Errors : public ContractTest {};
INSTANTIATE_CONTRACT(R8Errors);
class R9Threads : public ContractTest {};
INSTANTIATE_CONTRACT(R9Threads);

TEST_P(R8Errors, UnknownIdsAreNamed) {
  log_in();
  try {
    static_cast<void>(puppet_->contact_payload("nobody"));
    FAIL() << "no exception";
  } catch (const NotFoundError& error) {
    EXPECT_NE(std::string{error.what()}.find("nobody"), std::string::npos);
  }
  EXPECT_THROW(static_cast<void>(puppet_->room_payload("nowhere")), NotFoundError);
  EXPECT_THROW(static_cast<void>(puppet_->message_payload("nothing")), NotFoundError);
  EXPECT_THROW(puppet_->message_send_text("nobody", "x"), NotFoundError);
}

TEST_P(R8Errors, EmptyIdsAreRefused) {
  log_in();
  EXPECT_THROW(static_cast<void>(puppet_->contact_payload("")), InvalidArgumentError);
  EXPECT_THROW(puppet_->message_send_text("", "x"), InvalidArgumentError);
  EXPECT_THROW(puppet_->set_room_topic("", "x"), InvalidArgumentError);
}

TEST_P(R8Errors, WithoutALoginSessionSendsSaySo) {
  make();
  EXPECT_THROW(puppet_->message_send_text(subject_->contact_id(), "x"), NotLoggedInError);
  EXPECT_THROW(static_cast<void>(puppet_->contact_list()), NotLoggedInError);
}

TEST_P(R8Errors, WhatAHookThrowsReachesTheCaller) {
  log_in();
  subject_->fail_next("message_send_text");
  try {
    puppet_->message_send_text(subject_->contact_id(), "x");
    FAIL() << "no exception";
  } catch (const Error& error) {
    EXPECT_NE(std::string{error.what()}.find("message_send_text"), std::string::npos);
  }
}

TEST_P(R9Threads, EightThreadsCallWhileListenersReenter) {
  log_in();
  std::atomic<int> answered = 0;
  const auto listening = puppet_->on<EventMessagePayload>([&](const EventMessagePayload& event) {
    const auto message = puppet_->message_payload(event.message_id);
    static_cast<void>(puppet_->contact_payload(message.talker_id));
    if (message.talker_id != puppet_->current_user_id()) {
      puppet_->message_send_text(message.talker_id, "re");
      ++answered;
    }
  });
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 40; ++i) {
          switch ((t + i) % 6) {
            case 0: subject_->peer_says("hello"); break;
            case 1: puppet_->message_send_text(subject_->contact_id(), "x"); break;
            case 2: static_cast<void>(puppet_->contact_payload(subject_->contact_id())); break;
            case 3: puppet_->dirty_payload(DirtyType::contact, subject_->contact_id()); break;
            case 4: static_cast<void>(puppet_->contact_search("Alice")); break;
            default: {
              const auto short_lived = puppet_->on<EventDirtyPayload>([](const auto&) {});
              puppet_->ding("x");
            }
          }
        }
      });
    }
  }
  flush();
  EXPECT_GT(answered, 40);
}

TEST_P(R9Threads, AListenerMayStopThePuppet) {
  log_in();
  const auto listening =
      puppet_->on<EventMessagePayload>([&](const EventMessagePayload&) { puppet_->stop(); });
  subject_->peer_says("stop");
  ASSERT_TRUE(log_->wait_for("stop"));
  EXPECT_EQ(log_->of("logout").size(), 1U);
}

TEST_P(R9Threads, AListenerOfLogoutMayStartAndStop) {
  log_in();
  std::atomic<bool> once = false;
  const auto listening = puppet_->on<EventStopPayload>([&](const EventStopPayload&) {
    if (!once.exchange(true)) puppet_->start();
  });
  const auto leaving =
      puppet_->on<EventLogoutPayload>([&](const EventLogoutPayload&) { puppet_->stop(); });
  puppet_->logout();
  ASSERT_TRUE(log_->wait_for("stop"));
  ASSERT_TRUE(log_->wait_for("ready", 2));
}

TEST_P(R9Threads, ListenersRunOnTheExecutorOneAtATime) {
  const auto loop = std::make_shared<EventLoop>();
  make({.executor = loop});
  std::atomic<int> inside = 0;
  std::atomic<bool> wrong = false;
  const auto check = [&](const auto&) {
    if (!loop->is_current() || ++inside != 1) wrong = true;
    --inside;
  };
  const auto a = puppet_->on<EventMessagePayload>(check);
  const auto b = puppet_->on<EventLoginPayload>(check);
  const auto c = puppet_->on<EventDongPayload>(check);
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("ready"));
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) subject_->peer_says("x");
      });
    }
  }
  flush();
  EXPECT_FALSE(wrong);
}

TEST_P(R9Threads, ManyPuppetsShareOneLoop) {
  const auto loop = std::make_shared<EventLoop>();
  std::vector<std::unique_ptr<Subject>> subjects;
  std::vector<std::unique_ptr<Puppet>> puppets;
  std::vector<std::unique_ptr<EventLog>> logs;
  for (int i = 0; i < subject_->load(50); ++i) {
    subjects.push_back(GetParam().make());
    puppets.push_back(subjects.back()->make({.executor = loop}));
    logs.push_back(std::make_unique<EventLog>(*puppets.back()));
    puppets.back()->start();
  }
  for (std::size_t i = 0; i < puppets.size(); ++i) {
    ASSERT_TRUE(logs[i]->wait_for("ready"));
    const auto id = subjects[i]->peer_says("hi");
    ASSERT_TRUE(logs[i]->wait_for("message " + id));
  }
}

TEST_P(R9Threads, APuppetMayBeDestroyedWhileEventsArePending) {
  for (int i = 0; i < subject_->load(20); ++i) {
    log_in();
    for (int k = 0; k < 100; ++k) subject_->peer_says("x");
    log_.reset();
    puppet_.reset();
    subject_ = GetParam().make();
    card_ = MemoryCard{};  // of another account
  }
}

}  // namespace
}  // namespace wechaty::puppet::test
