// SPDX-License-Identifier: Apache-2.0
// The server killed and started again in the middle, and the client killed in the middle.
#include "gateway_program.hpp"
#include "served.hpp"

namespace wechaty::puppet_service::test {
namespace {

using namespace puppet;

class NpmOutage : public NpmWechaty {
 protected:
  PuppetServerOptions server_options() override {
    PuppetServerOptions options = NpmWechaty::server_options();
    options.limits.event_streams = 1;
    options.limits.file_streams = 1;
    return options;
  }
};

/// Beats four times a second, so that the client's watchdog can be short.
const std::string world = R"({"self": "bot", "contacts": [{"id": "alice", "name": "Alice"}],
  "script": [{"login": "bot"}, {"ready": {}}, {"say": {"from": "alice", "text": "hi"}},
             {"repeat": {"count": 1000000, "rate": 4, "heartbeat": {}}}]})";

TEST_F(NpmOutage, AServerThatIsBackBeforeTheClientsOnlyAttemptIsFoundAgain) {
  GatewayProgram gateway{world, token_, /*tls=*/false};
  npm_.run("make('cut', { endpoint, timeoutSeconds: 3, tls: { disable: true }, token })",
           {{"endpoint", gateway.endpoint()}, {"token", token_}});
  js("await bot.start(); await client.heard('message')");
  gateway.kill();
  heard("error");
  // The reference fails here: it still calls itself logged in, without a server
  // (wechaty-puppet-service, src/client/puppet-service.ts, bridgeGrpcEventStream()).
  EXPECT_TRUE(js("return puppet.isLoggedIn"));
  gateway.start();
  heard("message", 2);  // started again by the client's watchdog, 3 s after the last heartbeat
  const Json id = js("return await puppet.messageSendText('alice', 'back again')");
  EXPECT_EQ(message(id).at("text"), "back again");
  // It fails here too: no login after a reset (wechaty-puppet 1.20.2, src/mixins/login-mixin.ts).
  EXPECT_EQ(count("login"), 1);

  gateway.kill();
  // And here: with the server away at its only attempt, it gives up for good
  // (wechaty-puppet, src/mixins/service-mixin.ts, reset()).
  js("await until('inactive', () => puppet.state.inactive() === true)");
  gateway.start();
  const int messages = count("message");
  std::this_thread::sleep_for(std::chrono::seconds{4});  // longer than its watchdog
  EXPECT_EQ(count("message"), messages);
  EXPECT_TRUE(js("return puppet.state.inactive()"));
}

TEST_F(NpmOutage, AClientKilledInTheMiddleLeavesItsPlacesAndMissesNothingForTheNext) {
  std::string missed;
  {
    NpmClient killed;
    killed.run("make('killed', { endpoint, tls: { disable: true }, token })",
               {{"endpoint", endpoint_}, {"token", token_}});
    killed.run("await bot.start(); await client.heard('ready')");
    // An upload without an end.
    killed.run(R"(
      let reads = 0
      const endless = new Readable({ read () { ++reads; setImmediate(() => this.push(pattern(65536))) } })
      puppet.messageSendFile('alice', FileBox.fromStream(endless, 'endless.txt')).catch(() => {})
      await until('an upload', () => reads > 50))");
    killed.kill();
    missed = world_->person("alice").say("are you there?").to("bot");
  }
  // There is one place for events and one for files: the client would live without events for ever,
  // and say nothing, if the first were not free.
  log_in();
  EXPECT_EQ(message(missed).at("text"), "are you there?");
  const Json id =
      js("return await puppet.messageSendFile('alice',"
         "  FileBox.fromBase64(pattern(100000).toString('base64'), 'a.txt'))");
  EXPECT_TRUE(
      std::get<SayableFile>(world_->message(id.get<std::string>()).content.value).file.to_text() ==
      pattern(100'000));
}

}  // namespace
}  // namespace wechaty::puppet_service::test
