// SPDX-License-Identifier: Apache-2.0
// PuppetService over gRPC to a PuppetServer with the mock behind it, under the tests of the
// contract.
#include <map>
#include <thread>

#include "contract/subject.hpp"
#include "wechaty/puppet_mock.hpp"
#include "wechaty/puppet_service.hpp"

namespace wechaty::puppet::test {

namespace {

namespace mock = wechaty::puppet_mock;
namespace service = wechaty::puppet_service;

// No scan: the session is the server's affair, and its puppet always has one.
constexpr const char* world_text = R"({
  "self": "bot",
  "contacts": [{"id": "alice", "name": "Alice"}, {"id": "carol", "name": "Carol"}],
  "rooms": [{"id": "lobby", "topic": "Lobby", "memberIdList": ["alice", "bot"]}],
  "script": [{"login": "bot"}, {"ready": {}}]
})";

class ServiceSubject final : public Subject {
 public:
  ServiceSubject() { server_.start(); }
  ~ServiceSubject() override { server_.stop(std::chrono::milliseconds{0}); }

  std::unique_ptr<Puppet> make(PuppetOptions options) override {
    options.endpoint = server_.endpoint();
    options.token = "contract_token";
    service::PuppetServiceOptions plain;
    plain.tls.disable = true;
    return std::make_unique<service::PuppetService>(std::move(options), plain);
  }
  std::string cannot(const std::string& test) override {
    const std::string clock = "the server beats by its own clock";
    const std::string own =
        "the server's puppet keeps the rule, too; service_client/misbehaving_server_test.cpp has "
        "a server that does not";
    const std::string one = "both processes are clients of one server, which has one session";
    const std::map<std::string, std::string> reasons{
        {"APuppetThatStopsBeatingIsReset", clock},
        {"APuppetThatBeatsIsNotReset", clock},
        {"ASecondStartHasNoListenersOfTheFirst", clock},
        {"DirtyOfARoomMemberDropsAllOrOne", own},
        {"ARestartThatFailsIsTriedAgainUntilItSucceeds", own},
        {"AStopThatFailsStopsAllTheSame", own},
        {"TheLaterOfTwoProcessesWithOneCardDoesNotLogIn", one},
        {"TheLaterWriterOfACardGetsAConflictError", one},
        {"AnEmptyIdIsAContractViolationThatNamesTheHook",
         "the error names the puppet of the server"},
        {"AProcessKilledRightAfterLoginLogsInAgainWithoutAScan",
         "gRPC does not survive a fork without exec"}};
    const auto found = reasons.find(test);
    return found == reasons.end() ? "" : found->second;
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
  void accept(Puppet&) override { puppet_.accept("bot"); }
  void no_id_next(const std::string& hook) override {
    world_->add_fault({.hook = hook, .kind = mock::Fault::Kind::no_id});
  }
  bool is_online() override { return world_->is_online("bot"); }
  void kick(Puppet&, const std::string& reason) override { puppet_.kick(reason); }
  bool needs_scan() override { return false; }
  /// The server's puppet tells of it, and tells once more when the client passes it on.
  std::size_t dirty_events_of_a_change() override { return 2; }
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
    if (hook == "contact_payload") static_cast<void>(be_ahead());
    world_->add_fault({.hook = hook, .kind = mock::Fault::Kind::fail, .times = times});
  }
  void delay_next(const std::string& hook, std::chrono::milliseconds delay) override {
    if (hook == "contact_payload" && be_ahead()) delay *= 5;  // all has a longer way
    world_->add_fault({.hook = hook, .kind = mock::Fault::Kind::late, .delay = delay});
  }
  void forget_message(const std::string& id) override { world_->forget_message(id); }
  bool brings_payloads() override { return false; }  // an event has the id alone

 private:
  /// The server's puppet is logged in and has forgotten its own profile, so that what goes wrong
  /// does so when the client asks for it. @result false when there is a client already
  bool be_ahead() {
    if (puppet_.is_logged_in()) return false;
    puppet_.start();
    while (!puppet_.is_logged_in()) std::this_thread::yield();
    puppet_.dirty_payload(DirtyType::contact, "bot");
    while (puppet_.contact_payload_cache("bot")) std::this_thread::yield();
    return true;
  }

  static service::PuppetServerOptions server_options() {
    service::PuppetServerOptions options;
    options.endpoint = "127.0.0.1:0";
    options.token = "contract_token";
    options.tls.disable = true;
    return options;
  }

  std::shared_ptr<mock::World> world_ = mock::World::parse(world_text);
  mock::PuppetMock puppet_{world_};
  service::PuppetServer server_{puppet_, server_options()};
};

}  // namespace

std::vector<SubjectKind> subject_kinds() {
  return {{"Service", [] { return std::make_unique<ServiceSubject>(); }}};
}

}  // namespace wechaty::puppet::test
