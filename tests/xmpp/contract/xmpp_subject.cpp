// SPDX-License-Identifier: Apache-2.0
// XMPP under the contract, in two kinds: with the password in the options and a new stream at each
// login; and with the password typed in by hand when a `scan` event asks for it, so that all else
// is restored from the card, streams included.
#include <unistd.h>

#include "contract/faulty.hpp"
#include "contract/subject.hpp"
#include "puppet_xmpp/bytes.hpp"
#include "wechaty/puppet/file_box/naming.hpp"
#include "xmpp/support/network.hpp"

namespace wechaty::puppet::test {

namespace {

using puppet_xmpp::test::network;
using FaultyXmpp = Faulty<puppet_xmpp::PuppetXmpp>;

constexpr int slowness = 20;  // a network takes longer than a simulation

enum class Restores { nothing, from_card };

const pid_t process = ::getpid();
/// A test has forked: the peers are not here, but the account of the parent's test is.
bool is_forked() { return ::getpid() != process; }

/// Accounts of its own on the server of this program: the bot, also on another device, and Alice.
class XmppSubject final : public Subject {
 public:
  explicit XmppSubject(Restores restores) : restores_{restores} {
    auto& [server, peers, tests] = network();
    if (is_forked()) {
      bot_ = "bot" + std::to_string(tests);
      return;
    }
    const std::string number = std::to_string(++tests);
    bot_ = "bot" + number;
    alice_ = "alice" + number;
    room_ = "room" + number + "@conference.localhost";
    for (const auto& account : {bot_, alice_}) server.add_account(account);
    server.befriend(bot_, alice_);
    peers.login(alice_, alice_, server);
    device_ = peers.login(bot_, bot_, server);
    device_ = device_.substr(device_.find('/') + 1);
    peers.ask(alice_, "join", {{"room", room_}, {"nick", "alice"}});
    ask(alice_, "set", room_,
        "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "
        "type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig"
        "</value></field><field var='muc#roomconfig_whois'><value>anyone</value></field>"
        "<field var='muc#roomconfig_persistentroom'><value>1</value></field></x></query>");
    ask(bot_, "set", {},
        "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:bookmarks:1'>"
        "<item id='" +
            room_ +
            "'><conference xmlns='urn:xmpp:bookmarks:1' autojoin='true'/></item></publish>"
            "</pubsub>");
    peer_shows(FileBox::from_buffer(
        std::string{"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0", 29}, "a.png"));
    peers.ask(alice_, "nick", {{"name", "Alice"}});
  }
  ~XmppSubject() override {
    if (is_forked()) return;
    network().peers.ask(alice_, "quit");
    network().peers.ask(bot_, "quit");
  }

  std::unique_ptr<Puppet> make(PuppetOptions options) override {
    auto xmpp = network().server.options(bot_);
    xmpp.resumption = restores_ == Restores::from_card;
    if (restores_ == Restores::from_card) xmpp.password.clear();
    auto puppet = std::make_unique<FaultyXmpp>(faults_, std::move(xmpp), std::move(options));
    answers_.push_back(puppet->on<EventScanPayload>(
        [puppet = puppet.get()](const EventScanPayload&) { puppet->log_in(password); }));
    return puppet;
  }
  std::string cannot(const std::string& test) override {
    if (restores_ == Restores::from_card &&
        (test == "TheLaterOfTwoProcessesWithOneCardDoesNotLogIn" ||
         test == "TheLaterWriterOfACardGetsAConflictError")) {
      return "two puppets with one card take the stream from each other, and the server ends the "
             "first; the kind without resumption has these";
    }
    if (test == "APuppetThatBeatsIsNotReset") {
      return "it beats when the server is heard, which a fake clock does not hasten";
    }
    if (test == "ARestartThatFailsIsTriedAgainUntilItSucceeds") {
      return "a fake clock is through its minute before the server has answered";
    }
    return {};
  }
  std::string self_id() override { return bot_ + "@localhost"; }
  std::string contact_id() override { return alice_ + "@localhost"; }
  std::string room_id() override { return room_; }

  /// The archive's id of it, which the other device sees, too.
  std::string peer_says(const std::string& text) override {
    return seen_by_device(network().peers.say(alice_, self_id(), text));
  }
  std::string self_says_elsewhere(const std::string& text) override {
    return network().peers.say(bot_, contact_id(), text);
  }
  void peer_renames(const std::string& name) override {
    network().peers.ask(alice_, "nick", {{"name", name}});
  }
  std::string peer_sends(const FileBox& file) override {
    const FileBox named = conventional(file);  // to know the type that a client declares
    return seen_by_device(network().peers.ask(alice_, "upload",
                                              {{"to", self_id()},
                                               {"name", file.name()},
                                               {"media_type", named.media_type()},
                                               {"base64_text", file.to_base64()}}));
  }
  void peer_shows(const FileBox& avatar) override {
    network().peers.ask(
        alice_, "avatar",
        {{"media_type", conventional(avatar).media_type()}, {"base64_text", avatar.to_base64()}});
  }
  bool is_online() override { return !resource().empty(); }
  /// As an operator does it.
  void kick(Puppet&, const std::string& reason) override {
    const std::string answer = network().server.console(
        "c2s:close('" + self_id() + "/" + resource() + "', '" + reason + "', 'conflict')");
    if (answer.find("1 sessions closed") == std::string::npos) throw std::runtime_error{answer};
  }
  bool needs_scan() override { return restores_ == Restores::from_card; }
  void accept(Puppet& puppet) override { dynamic_cast<FaultyXmpp&>(puppet).log_in(password); }

  void no_id_next(const std::string& hook) override {
    faults_->add({.hook = hook, .kind = Faults::Kind::no_id});
  }
  void echo_next(const std::string& hook, Echo echo, bool bare) override {
    faults_->add_echo(hook, echo, bare);
  }
  bool is_fault_pending() override { return faults_->any(); }
  void wait_for_echoes() override {}  // they are before the next flush on the same executor
  void fail_next(const std::string& hook, int times) override {
    for (int i = 0; i < times; ++i) faults_->add({.hook = hook, .kind = Faults::Kind::fail});
  }
  void delay_next(const std::string& hook, std::chrono::milliseconds delay) override {
    faults_->add({.hook = hook, .kind = Faults::Kind::delay, .delay = delay * slowness});
  }
  void forget_message(const std::string& id) override { faults_->forget_message(id); }

  int load(int simulated) override { return std::max(2, simulated / 10); }
  bool names_avatars() override { return false; }

 private:
  static void ask(const std::string& as, const std::string& type, const std::string& to,
                  const std::string& content) {
    const std::string address = to.empty() ? std::string{} : " to='" + to + "'";
    const std::string answer =
        network().peers.ask(as, "ask",
                            {{"xml", "<iq xmlns='jabber:client' type='" + type + "'" + address +
                                         ">" + content + "</iq>"}});
    if (answer.find("type=\"result\"") == std::string::npos) throw std::runtime_error{answer};
  }
  std::string seen_by_device(const std::string& sender_id) {
    const std::string seen = network().peers.wait(bot_, {"\"" + sender_id + "\"", "stanza-id"});
    return puppet_xmpp::test::attribute_in(seen, "<stanza-id", "id");
  }
  /// Where the puppet is online, as Alice sees it.
  std::string resource() {
    const std::vector<std::string> all =
        network().peers.ask(alice_, "resources", {{"jid", self_id()}});
    for (const auto& resource : all) {
      if (resource != device_) return resource;
    }
    return {};
  }

  static constexpr const char* password = "secret";

  const Restores restores_;
  std::string bot_, alice_, room_, device_;
  std::vector<Subscription> answers_;
  std::shared_ptr<Faults> faults_ = std::make_shared<Faults>();
};

}  // namespace

std::vector<SubjectKind> subject_kinds() {
  return {{"Xmpp", [] { return std::make_unique<XmppSubject>(Restores::nothing); }},
          {"XmppFromCard", [] { return std::make_unique<XmppSubject>(Restores::from_card); }}};
}

}  // namespace wechaty::puppet::test
