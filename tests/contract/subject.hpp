// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "support/event_log.hpp"
#include "wechaty/puppet.hpp"

namespace wechaty::puppet::test {

/// A puppet with its network, under the tests of the contract. To put a puppet under them, derive
/// from this and instantiate the suites as tests/contract/mock_subject.cpp does.
///
/// The account has at least one contact and one room with that contact in it.
class Subject {
 public:
  Subject() = default;
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;
  virtual ~Subject() = default;

  /// A puppet, not started; each call makes a new one on the same network, as another process
  /// would.
  virtual std::unique_ptr<Puppet> make(PuppetOptions options = {}) = 0;

  /// Why a test of the contract cannot be carried out on this network, e.g. because its other half
  /// keeps the rule unseen; "" when it can.
  virtual std::string cannot(const std::string& /*test*/) { return {}; }
  /// How many `dirty` events a change by the bot itself leads to.
  virtual std::size_t dirty_events_of_a_change() { return 1; }

  virtual std::string self_id() = 0;
  virtual std::string contact_id() = 0;
  virtual std::string room_id() = 0;

  /// The contact says something to the account. @result the message id
  virtual std::string peer_says(const std::string& text) = 0;
  /// The account says something on another device. @result the message id
  virtual std::string self_says_elsewhere(const std::string& text) = 0;
  /// Somebody changes what the network knows of the contact, and the network says so.
  virtual void peer_renames(const std::string& name) = 0;
  /// The contact sends a file under a name of its choice. @result the message id
  virtual std::string peer_sends(const FileBox& file) = 0;
  /// The contact has this picture, under a name of its choice.
  virtual void peer_shows(const FileBox& avatar) = 0;
  /// Whether others see the account as logged in.
  virtual bool is_online() = 0;
  /// The network ends the session by itself.
  virtual void kick(Puppet& puppet, const std::string& reason) = 0;
  /// The next login has to be by scan unless a session is on the card.
  virtual bool needs_scan() = 0;
  /// The network accepts the account again, after kick().
  virtual void accept(Puppet& puppet) = 0;

  /// The network says once more that all is there. @result false when this one never does
  virtual bool says_ready_again(Puppet& /*puppet*/) { return false; }

  // What is asked to go wrong, for the next call of a hook.
  enum class Echo { none, early, late, twice };
  /// A send hook returns no id, as it must not.
  virtual void no_id_next(const std::string& hook) = 0;
  virtual void echo_next(const std::string& hook, Echo echo, bool bare) = 0;
  /// Whether something that was asked to go wrong waits for its call.
  virtual bool is_fault_pending() = 0;
  /// Return when no echo is outstanding.
  virtual void wait_for_echoes() = 0;
  virtual void fail_next(const std::string& hook, int times = 1) = 0;
  virtual void delay_next(const std::string& hook, std::chrono::milliseconds delay) = 0;
  /// The network does not answer for this message any more.
  virtual void forget_message(const std::string& id) = 0;

  // What a real network is spared, or cannot do.
  /// How much of it a test makes where a simulated network bears `simulated`.
  virtual int load(int simulated) { return simulated; }
  /// Whether the puppet gets the payload of a message with its event.
  virtual bool brings_payloads() { return true; }
  /// Whether pictures of contacts have names on this network.
  virtual bool names_avatars() { return true; }
};

/// Makes the network that a test runs on.
using MakeSubject = std::function<std::unique_ptr<Subject>()>;

struct SubjectKind {
  std::string name;
  MakeSubject make;
};

inline void PrintTo(const SubjectKind& kind, std::ostream* out) { *out << kind.name; }

/// The kinds of puppets that this program puts under the contract.
std::vector<SubjectKind> subject_kinds();

/// A test on a started puppet that is logged in and ready, unless it says otherwise.
class ContractTest : public testing::TestWithParam<SubjectKind> {
 protected:
  void SetUp() override {
    subject_ = GetParam().make();
    std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    name.resize(name.find('/'));
    if (const auto reason = subject_->cannot(name); !reason.empty()) GTEST_SKIP() << reason;
  }

  /// Make, listen, start, and wait for `ready`.
  void log_in(PuppetOptions options = {}) {
    make(std::move(options));
    puppet_->start();
    ASSERT_TRUE(log_->wait_for("ready"));
  }
  void make(PuppetOptions options = {}) {
    log_.reset();
    puppet_ = subject_->make(std::move(options));
    log_ = std::make_unique<EventLog>(*puppet_);
    puppet_->set_memory(card_);
  }
  /// Everything reported so far has been delivered when this returns.
  void flush() {
    static int number = 0;
    const std::string data = "flush-" + std::to_string(++number);
    puppet_->ding(data);
    ASSERT_TRUE(log_->wait_for("dong " + data));
  }

  std::unique_ptr<Subject> subject_;
  MemoryCard card_;
  std::unique_ptr<Puppet> puppet_;
  std::unique_ptr<EventLog> log_;
};

inline std::string kind_name(const testing::TestParamInfo<SubjectKind>& info) {
  return info.param.name;
}

}  // namespace wechaty::puppet::test

/// Put all kinds of puppets under a suite.
#define INSTANTIATE_CONTRACT(suite)                                                               \
  INSTANTIATE_TEST_SUITE_P(All, suite, testing::ValuesIn(wechaty::puppet::test::subject_kinds()), \
                           wechaty::puppet::test::kind_name)
