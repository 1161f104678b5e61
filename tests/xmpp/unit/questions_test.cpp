// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/questions.hpp"

#include <gtest/gtest.h>
#include <spdlog/logger.h>

#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

class XmppQuestions : public testing::Test {
 protected:
  std::shared_ptr<Question> ask(const std::string& to) {
    auto question = std::make_shared<Question>(iq_get(to).add(Element{"ping", ns::ping}));
    questions_.add(question);
    return question;
  }
  static Element answer(const Question& question, std::string_view from) {
    return stanza("iq", from, "result").set("id", question.iq.attr("id"));
  }
  static std::string outcome(Question& question) {
    try {
      return std::string{question.wait(std::chrono::milliseconds{0}, {}).attr("type")};
    } catch (const puppet::Error& error) {
      return error.what();
    }
  }

  spdlog::logger log_{"test"};
  const Jid account_ = *Jid::parse("bot@localhost");
  Questions questions_{account_, log_};
};

TEST_F(XmppQuestions, AreAnsweredByWhoWasAsked) {
  const auto question = ask("alice@localhost/x");
  EXPECT_TRUE(questions_.answer(answer(*question, "alice@localhost/x")));
  EXPECT_EQ(outcome(*question), "result");
}

TEST_F(XmppQuestions, AreNotAnsweredByAnybodyElse) {
  for (const char* const asked : {"alice@localhost/x", "localhost", ""}) {
    const auto question = ask(asked);
    EXPECT_TRUE(questions_.answer(answer(*question, "mallory@localhost/x")));
    EXPECT_NE(outcome(*question).find("no answer within"), std::string::npos) << asked;
  }
}

TEST_F(XmppQuestions, OfTheAccountAreAnsweredByItsServer) {
  for (const char* const from : {"", "localhost", "bot@localhost"}) {
    const auto question = ask("");
    questions_.answer(answer(*question, from));
    EXPECT_EQ(outcome(*question), "result") << from;
  }
}

TEST_F(XmppQuestions, RequestsAreNoAnswers) {
  EXPECT_FALSE(questions_.answer(stanza("iq", "localhost", "get").set("id", "1")));
}

TEST_F(XmppQuestions, OfASessionThatIsOverFailAndThoseThatWaitGoOn) {
  const auto sent = ask("localhost");
  const auto parked = std::make_shared<Question>(iq_get("localhost"));
  questions_.park(parked);
  questions_.fail_sent("the connection was lost");
  EXPECT_NE(outcome(*sent).find("the connection was lost"), std::string::npos);
  EXPECT_EQ(questions_.take_parked(), std::vector{parked});
}

TEST_F(XmppQuestions, ACallbackIsToldOnce) {
  std::vector<std::string> told;
  const auto question = std::make_shared<Question>(
      iq_get("localhost"), [&](const std::string& problem) { told.push_back(problem); });
  questions_.add(question);
  questions_.fail_all("over");
  question->settle({}, "again");
  EXPECT_EQ(told, std::vector<std::string>{"over"});
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
