// SPDX-License-Identifier: Apache-2.0
#include "contract/subject.hpp"
#include "wechaty/puppet_mock.hpp"

namespace wechaty::puppet::test {

namespace {

namespace mock = wechaty::puppet_mock;

constexpr const char* world_text = R"({
  "self": "bot",
  "contacts": [{"id": "alice", "name": "Alice"}, {"id": "carol", "name": "Carol"}],
  "rooms": [{"id": "lobby", "topic": "Lobby", "memberIdList": ["alice", "bot"]}],
  "script": [{"scan": {"qrcode": "mock://scan", "status": 2}}, {"login": "bot"}, {"ready": {}}]
})";

class MockSubject final : public Subject {
 public:
  std::unique_ptr<Puppet> make(PuppetOptions options) override {
    return std::make_unique<mock::PuppetMock>(world_, std::move(options));
  }
  std::string self_id() override { return "bot"; }
  std::string contact_id() override { return "alice"; }
  std::string room_id() override { return "lobby"; }
  std::string peer_says(const std::string& text) override {
    return world_->person("alice").say(text).to("bot");
  }
  std::string self_says_elsewhere(const std::string& text) override {
    return world_->person("bot").say(text).to("alice");
  }
  void peer_renames(const std::string& name) override {
    world_->change_contact("alice", [&](ContactPayload& contact) { contact.name = name; });
    world_->tell_dirty("bot", DirtyType::contact, "alice");
  }
  std::string peer_sends(const FileBox& file) override {
    return world_->person("alice").say(file).to("bot");
  }
  void peer_shows(const FileBox& avatar) override { world_->set_avatar("alice", avatar); }
  void accept(Puppet& puppet) override { dynamic_cast<mock::PuppetMock&>(puppet).accept("bot"); }
  bool says_ready_again(Puppet& puppet) override {
    dynamic_cast<mock::PuppetMock&>(puppet).say_ready();
    return true;
  }
  void no_id_next(const std::string& hook) override {
    world_->add_fault({.hook = hook, .kind = mock::Fault::Kind::no_id});
  }
  bool is_online() override { return world_->is_online("bot"); }
  void kick(Puppet& puppet, const std::string& reason) override {
    dynamic_cast<mock::PuppetMock&>(puppet).kick(reason);
  }
  bool needs_scan() override { return true; }
  void echo_next(const std::string& hook, Echo echo, bool bare) override {
    const std::map<Echo, mock::Fault::Kind> kinds{{Echo::early, mock::Fault::Kind::echo_early},
                                                  {Echo::late, mock::Fault::Kind::echo_late},
                                                  {Echo::twice, mock::Fault::Kind::echo_twice}};
    if (echo == Echo::none) return;
    world_->add_fault({.hook = hook, .kind = kinds.at(echo), .bare = bare});
  }
  bool is_fault_pending() override { return world_->has_faults(); }
  void wait_for_echoes() override { world_->wait_for_echoes(); }
  void fail_next(const std::string& hook, int times) override {
    world_->add_fault({.hook = hook, .kind = mock::Fault::Kind::fail, .times = times});
  }
  void delay_next(const std::string& hook, std::chrono::milliseconds delay) override {
    world_->add_fault({.hook = hook, .kind = mock::Fault::Kind::late, .delay = delay});
  }
  void forget_message(const std::string& id) override { world_->forget_message(id); }

 private:
  std::shared_ptr<mock::World> world_ = mock::World::parse(world_text);
};

// What a puppet cannot send is left out of the rules' tests: nothing is, here.
TEST(MockSubject, SendsEveryKindOfMessage) {
  mock::PuppetMock puppet{mock::World::parse(world_text)};
  for (const auto kind :
       {Capability::message_send_text, Capability::message_send_file,
        Capability::message_send_contact, Capability::message_send_url,
        Capability::message_send_mini_program, Capability::message_send_location,
        Capability::message_send_post, Capability::message_forward, Capability::room_avatar}) {
    EXPECT_TRUE(puppet.supports(kind)) << static_cast<int>(kind);
  }
}

}  // namespace

std::vector<SubjectKind> subject_kinds() {
  return {{"Mock", [] { return std::make_unique<MockSubject>(); }}};
}

}  // namespace wechaty::puppet::test
