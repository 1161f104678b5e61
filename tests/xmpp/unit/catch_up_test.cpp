// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/catch_up.hpp"

#include <gtest/gtest.h>

#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_archive.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

constexpr const char* me = "bot@localhost";

class XmppCatchUp : public testing::Test {
 protected:
  XmppCatchUp() { archives_.serve(wire_, archive_); }

  void archived(int first, int last, const std::string& owner = me) {
    for (int i = first; i <= last; ++i) {
      archives_.messages.push_back({.owner = owner,
                                    .id = "A" + std::to_string(i),
                                    .stamp = at(i),
                                    .message = stanza("message", "alice@localhost/x", "chat")});
    }
  }
  static puppet::Timestamp at(int minute) {
    return std::chrono::sys_days{std::chrono::year{2026} / 1 / 1} + std::chrono::minutes{minute};
  }
  /// The last process had come to this place.
  void was_at(const std::string& id, int minute = 0) {
    ledger_.restore({{me, id}, {std::string{me} + " time", to_text(at(minute))}}, {});
  }
  void run() { catch_up_.run(me, CatchUp::Pace::as_listeners_hear); }
  static std::vector<std::string> numbers(int first, int last) {
    std::vector<std::string> ids;
    for (int i = first; i <= last; ++i) ids.push_back("A" + std::to_string(i));
    return ids;
  }

  FakeArchives archives_;
  FakeWire wire_;
  FakeHost host_;
  Ledger ledger_;
  Archive archive_{wire_};
  std::vector<std::string> heard_;
  std::string poison_;
  CatchUp catch_up_{{.archive = archive_,
                     .ledger = ledger_,
                     .host = host_,
                     .post = [](const auto& task) { task(); },
                     .hear =
                         [this](const std::string& owner, const ArchivedMessage& message) {
                           if (message.id == poison_) throw std::runtime_error{"poison"};
                           heard_.push_back(message.id);
                           ledger_.reported(message.id, {}, {{.archive = owner, .id = message.id}});
                         },
                     .patience = std::chrono::milliseconds{1},
                     .stop = {}}};
};

TEST_F(XmppCatchUp, TheFirstTimeNothingOfThePastIsOfInterest) {
  archived(1, 5);
  run();
  EXPECT_TRUE(heard_.empty());
  EXPECT_EQ(ledger_.position(me).id, "A5");
  archived(6, 7);
  run();
  EXPECT_EQ(heard_, numbers(6, 7));
}

TEST_F(XmppCatchUp, WhatComesAfterAnEmptyArchiveIsHeardFromItsBeginning) {
  run();
  EXPECT_EQ(ledger_.position(me).id, Ledger::beginning);
  archived(1, 3);
  run();
  EXPECT_EQ(heard_, numbers(1, 3));
}

TEST_F(XmppCatchUp, AllPagesSinceThePlaceAreHeardOnceInTheirOrder) {
  archived(1, 220);
  archived(300, 303, "room@c.localhost");
  was_at("A20");
  run();
  EXPECT_EQ(heard_, numbers(21, 220));
  EXPECT_EQ(archives_.asked, 4);
}

TEST_F(XmppCatchUp, WhereThePlaceIsForgottenTheTimeSaysFromWhereOn) {
  archived(1, 120);
  was_at("expired", 61);
  run();
  EXPECT_EQ(heard_, numbers(61, 120));
}

TEST_F(XmppCatchUp, AMessageThatCannotBeHeardDoesNotKeepTheOthersBack) {
  archived(1, 5);
  was_at(std::string{Ledger::beginning});
  poison_ = "A2";
  run();
  EXPECT_EQ(heard_, (std::vector<std::string>{"A1", "A3", "A4", "A5"}));
  EXPECT_EQ(host_.errors, std::vector<std::string>{"poison"});
}

TEST_F(XmppCatchUp, AnArchiveThatFailsIsAnErrorAndThePlaceStays) {
  was_at("A1");
  wire_.answers.clear();
  wire_.expect_error("internal-server-error");
  EXPECT_THROW(run(), puppet::Error);
  EXPECT_EQ(ledger_.position(me).id, "A1");
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
