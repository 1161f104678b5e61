// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <thread>

#include "contract/subject.hpp"

namespace wechaty::puppet::test {
namespace {

class R1SelfEcho : public ContractTest {
 protected:
  std::vector<std::string> ids_;
};
INSTANTIATE_CONTRACT(R1SelfEcho);

TEST_P(R1SelfEcho, EveryKindOfSendLeadsToOneMessageEventOfOneself) {
  log_in();
  const std::string to = subject_->contact_id();
  std::vector<std::string> ids;
  const auto send = [&](Capability kind, const std::function<std::string()>& how) {
    if (puppet_->supports(kind)) ids.push_back(how());
  };
  ids.push_back(puppet_->message_send_text(to, "hello"));
  send(Capability::message_send_file,
       [&] { return puppet_->message_send_file(to, FileBox::from_buffer("text", "a.txt")); });
  send(Capability::message_send_contact,
       [&] { return puppet_->message_send_contact(to, subject_->contact_id()); });
  send(Capability::message_send_url,
       [&] { return puppet_->message_send_url(to, {.title = "t", .url = "https://example.org"}); });
  send(Capability::message_send_mini_program,
       [&] { return puppet_->message_send_mini_program(to, {.title = "mini"}); });
  send(Capability::message_send_location,
       [&] { return puppet_->message_send_location(to, {.accuracy = 1, .name = "here"}); });
  send(Capability::message_send_post, [&] {
    return puppet_->message_send_post(
        to, PostPayload{.sayable_list = std::vector<SayablePayload>{{SayableText{"p", {}}}}});
  });
  send(Capability::message_forward,
       [&] { return puppet_->message_forward(subject_->room_id(), ids.front()); });
  flush();
  for (const auto& id : ids) {
    EXPECT_EQ(log_->count("message " + id), 1) << id;
    EXPECT_EQ(puppet_->message_payload(id).talker_id, subject_->self_id());
  }
}

TEST_P(R1SelfEcho, SentMessagesTellTheirConversation) {
  log_in();
  const auto direct = puppet_->message_send_text(subject_->contact_id(), "a");
  const auto in_room = puppet_->message_send_text(subject_->room_id(), "b",
                                                  {.mention_id_list = {subject_->contact_id()}});
  EXPECT_EQ(puppet_->message_payload(direct).listener_id, subject_->contact_id());
  EXPECT_EQ(puppet_->message_payload(direct).room_id, std::nullopt);
  EXPECT_EQ(puppet_->message_payload(in_room).room_id, subject_->room_id());
  EXPECT_EQ(puppet_->message_payload(in_room).mention_id_list, std::vector{subject_->contact_id()});
}

TEST_P(R1SelfEcho, GettersAnswerWithoutTheServiceFromTheEventOn) {
  log_in();
  const std::string to = subject_->contact_id();
  std::vector<std::string> failures;
  const auto listening = puppet_->on<EventMessagePayload>([&](const EventMessagePayload& event) {
    subject_->forget_message(event.message_id);
    try {
      const auto message = puppet_->message_payload(event.message_id);
      if (message.type == MessageType::image) {
        if (puppet_->message_file(event.message_id).to_text() != "\x89PNG\r\n\x1a\n") {
          failures.push_back("another file");
        }
        static_cast<void>(puppet_->message_image(event.message_id, ImageType::hd));
      }
      if (message.type == MessageType::url) {
        if (puppet_->message_url(event.message_id).title != "t") failures.push_back("url");
      }
      if (message.type == MessageType::contact) {
        if (puppet_->message_contact(event.message_id) != to) failures.push_back("contact");
      }
      if (message.type == MessageType::location) {
        if (puppet_->message_location(event.message_id).name != "n") failures.push_back("location");
      }
      if (message.type == MessageType::mini_program) {
        if (puppet_->message_mini_program(event.message_id).title != "m")
          failures.push_back("mini");
      }
    } catch (const std::exception& error) {
      failures.push_back(error.what());
    }
  });
  std::size_t sent = 0;
  const auto send = [&](Capability kind, const auto& how) {
    if (!puppet_->supports(kind)) return;
    how();
    ++sent;
  };
  send(Capability::message_send_file,
       [&] { puppet_->message_send_file(to, FileBox::from_buffer("\x89PNG\r\n\x1a\n", "a.png")); });
  send(Capability::message_send_url,
       [&] { puppet_->message_send_url(to, {.title = "t", .url = "https://example.org"}); });
  send(Capability::message_send_contact, [&] { puppet_->message_send_contact(to, to); });
  send(Capability::message_send_location,
       [&] { puppet_->message_send_location(to, {.name = "n"}); });
  send(Capability::message_send_mini_program,
       [&] { puppet_->message_send_mini_program(to, {.title = "m"}); });
  ASSERT_GT(sent, 0U);
  flush();
  EXPECT_EQ(failures, std::vector<std::string>{});
  EXPECT_EQ(log_->of("message").size(), sent);
}

TEST_P(R1SelfEcho, AForwardAnswersWithTheContentOfItsOriginal) {
  log_in();
  if (!puppet_->supports(Capability::message_forward)) GTEST_SKIP() << "it forwards nothing";
  const auto url = puppet_->message_send_url(subject_->contact_id(), {.title = "t", .url = "u"});
  const auto copy = puppet_->message_forward(subject_->room_id(), url);
  subject_->forget_message(copy);
  subject_->forget_message(url);
  EXPECT_EQ(puppet_->message_url(copy).title, "t");
  EXPECT_EQ(puppet_->message_payload(copy).type, MessageType::url);
}

TEST_P(R1SelfEcho, AServiceEchoIsMergedWheneverItComes) {
  log_in();
  for (const auto echo : {Subject::Echo::early, Subject::Echo::late, Subject::Echo::twice}) {
    for (const bool bare : {false, true}) {
      subject_->echo_next("message_send_text", echo, bare);
      const auto id = puppet_->message_send_text(subject_->contact_id(), "x");
      ASSERT_TRUE(log_->wait_for("message " + id));
      EXPECT_EQ(puppet_->message_payload(id).text, "x");
      ids_.push_back(id);
    }
  }
  subject_->wait_for_echoes();
  flush();
  for (const auto& id : ids_) EXPECT_EQ(log_->count("message " + id), 1) << id;
}

TEST_P(R1SelfEcho, ABareEchoBeforeTheSendReturnsHasAPayloadAllTheSame) {
  log_in();
  subject_->echo_next("message_send_text", Subject::Echo::early, true);
  std::string text;
  const auto listening = puppet_->on<EventMessagePayload>([&](const EventMessagePayload& event) {
    text = puppet_->message_payload(event.message_id).text.value_or("");
  });
  puppet_->message_send_text(subject_->contact_id(), "early");
  flush();
  EXPECT_EQ(text, "early");
  EXPECT_EQ(log_->of("error"), std::vector<std::string>{});
}

TEST_P(R1SelfEcho, WhatIsTypedOnAnotherDeviceArrivesOnce) {
  log_in();
  const auto id = subject_->self_says_elsewhere("from my phone");
  ASSERT_TRUE(log_->wait_for("message " + id));
  flush();
  EXPECT_EQ(log_->count("message " + id), 1);
  EXPECT_EQ(puppet_->message_payload(id).talker_id, puppet_->current_user_id());
}

TEST_P(R1SelfEcho, AFailedSendEmitsNothing) {
  log_in();
  subject_->fail_next("message_send_text");
  EXPECT_THROW(puppet_->message_send_text(subject_->contact_id(), "x"), Error);
  flush();
  EXPECT_EQ(log_->of("message"), std::vector<std::string>{});
}

TEST_P(R1SelfEcho, AnEmptyIdIsAContractViolationThatNamesTheHook) {
  log_in();
  subject_->no_id_next("message_send_text");
  try {
    puppet_->message_send_text(subject_->contact_id(), "x");
    FAIL() << "no exception";
  } catch (const ContractError& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find(puppet_->name()), std::string::npos) << what;
    EXPECT_NE(what.find("do_message_send_text"), std::string::npos) << what;
  }
  flush();
  EXPECT_EQ(log_->of("message"), std::vector<std::string>{});
}

TEST_P(R1SelfEcho, ManyThreadsThatSendHearEachOfTheirMessagesOnce) {
  log_in();
  std::mutex mutex;
  std::vector<std::string> ids;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        subject_->echo_next("message_send_text", Subject::Echo::early, i % 2 == 0);
        const auto id = puppet_->message_send_text(subject_->contact_id(), "x");
        const std::lock_guard lock{mutex};
        ids.push_back(id);
      }
    });
  }
  threads.clear();
  flush();
  ASSERT_EQ(ids.size(), 200U);
  for (const auto& id : ids) ASSERT_EQ(log_->count("message " + id), 1) << id;
}

}  // namespace
}  // namespace wechaty::puppet::test
