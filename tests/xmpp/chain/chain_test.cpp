// SPDX-License-Identifier: Apache-2.0
// The whole chain: npm wechaty with npm wechaty-puppet-service, our gateway, PuppetXmpp, Prosody,
// and slixmpp as the other people.
#include "interop/wechaty_puppet_service_client/npm_client.hpp"
#include "puppet_xmpp/bytes.hpp"
#include "xmpp/support/network.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using puppet::test::ServerProcess;
using puppet_service::test::Json;
using puppet_service::test::NpmClient;

/// npm wechaty as a bot of an XMPP account, behind build/bin/puppet-gateway.
class XmppChain : public testing::Test {
 protected:
  void SetUp() override {
    const Server& server = network().server;
    for (const auto& account : {bot_, alice_}) server.add_account(account);
    server.befriend(bot_, alice_);
    peers().login(alice_, alice_, server);
    puppet::test::write_text(folder_ / "password", "secret\n");
    const std::vector<std::string> words{"env",
                                         "XDG_STATE_HOME=" + folder_.path(),
                                         WECHATY_PUPPET_GATEWAY,
                                         "--puppet",
                                         "xmpp",
                                         "--jid",
                                         bot(),
                                         "--password-file",
                                         folder_ / "password",
                                         "--server",
                                         "127.0.0.1:" + std::to_string(server.port()),
                                         "--ca-file",
                                         server.ca_file(),
                                         "--listen",
                                         endpoint_,
                                         "--token",
                                         "insecure_chain",
                                         "--insecure"};
    gateway_ = std::make_unique<ServerProcess>(words, folder_ / "log", [this] {
      return puppet::test::read_text(folder_ / "log").find("listening on") != std::string::npos;
    });
    npm().run("make(name, { endpoint, tls: { disable: true, serverName: name }, token })",
              {{"name", bot_}, {"endpoint", endpoint_}, {"token", "insecure_chain"}});
    npm().run("await bot.start(); await client.heard('ready')");
  }
  void TearDown() override {
    npm().run("await bot.stop()");
    gateway_.reset();
    peers().ask(alice_, "quit");
  }

  static NpmClient& npm() {
    static NpmClient npm;
    return npm;
  }
  static Peers& peers() { return network().peers; }
  [[nodiscard]] std::string bot() const { return bot_ + "@localhost"; }
  [[nodiscard]] std::string alice() const { return alice_ + "@localhost"; }

  const puppet::test::TempFolder folder_;
  const std::string number_ = std::to_string(++network().tests);
  const std::string bot_ = "bot" + number_;
  const std::string alice_ = "alice" + number_;
  const std::string endpoint_ = "127.0.0.1:" + std::to_string(puppet::test::free_port());
  std::unique_ptr<ServerProcess> gateway_;
};

TEST_F(XmppChain, ADingIsAnsweredByANpmBot) {
  npm().run(
      "bot.on('message', async message => {"
      "  if (!message.self() && message.text() === 'ding') await message.say('dong') })");
  peers().say(alice_, bot(), "ding");
  const std::string seen = peers().wait(alice_, {"<body>dong</body>"});
  EXPECT_NE(seen.find("from=\"" + bot()), std::string::npos) << seen;
}

TEST_F(XmppChain, NpmSeesThePeopleOfTheNetwork) {
  npm().run("client.alice = await bot.Contact.find({ id })", {{"id", alice()}});
  peers().ask(alice_, "nick", {{"name", "Alice L."}});
  npm().run("await client.heard('dirty')");
  const Json found = npm().run(
      "await client.alice.sync(); return { name: client.alice.name(),"
      " friend: client.alice.friend(), self: bot.currentUser.id }");
  EXPECT_EQ(found, (Json{{"name", "Alice L."}, {"friend", true}, {"self", bot()}}));
}

TEST_F(XmppChain, AFileOfANpmBotReachesThePeerWhole) {
  const Json id = npm().run(
      "const contact = await bot.Contact.find({ id });"
      "const sent = await contact.say(FileBox.fromBase64(pattern(300000).toString('base64'), "
      "'out.txt')); return sent ? sent.id : null",
      {{"id", alice()}});
  const std::string seen = peers().wait(alice_, {"jabber:x:oob", "out.txt"});
  ASSERT_NE(seen.find("<media-type>text/plain</media-type>"), std::string::npos) << seen;
  const auto begin = seen.find("<url>") + 5;
  const std::string text =
      peers().ask(alice_, "fetch", {{"url", seen.substr(begin, seen.find('<', begin) - begin)}});
  ASSERT_EQ(text.size(), 300'000U);
  for (std::size_t i = 0; i < text.size(); ++i) {
    ASSERT_EQ(text[i], static_cast<char>('a' + i % 26)) << i;
  }
}

TEST_F(XmppChain, AFileOfThePeerReachesANpmBotWhole) {
  std::string bytes(300'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>('a' + i % 26);
  peers().ask(alice_, "upload",
              {{"to", bot()},
               {"name", "in.txt"},
               {"media_type", "text/plain"},
               {"base64_text", to_base64(bytes)}});
  npm().run("await client.heard('message')");
  const Json file = npm().run(
      "const line = client.lines.find(line => line.startsWith('message '));"
      "return await look(await puppet.messageFile(JSON.parse(line.slice(8)).messageId))");
  EXPECT_EQ(file, (Json{{"name", "in.txt"}, {"same", true}, {"size", 300'000}}));
}

TEST_F(XmppChain, ARoomOfTheNpmBotHoldsThePeer) {
  const Json room = npm().run(
      "const contact = await bot.Contact.find({ id });"
      "const room = await bot.Room.create([contact, bot.currentUser], 'Tea'); return room.id",
      {{"id", alice()}});
  peers().ask(alice_, "join", {{"room", room}, {"nick", "alice"}});
  peers().say(alice_, room, "hello room", "groupchat");
  npm().run("await client.heard('message')");
  const Json heard = npm().run(
      "const line = client.lines.find(line => line.startsWith('message '));"
      "const { text, roomId, talkerId } ="
      "  await puppet.messagePayload(JSON.parse(line.slice(8)).messageId);"
      "return { text, roomId, talkerId }");
  EXPECT_EQ(heard, (Json{{"text", "hello room"}, {"roomId", room}, {"talkerId", alice()}}));
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
