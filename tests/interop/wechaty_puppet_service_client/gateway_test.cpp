// SPDX-License-Identifier: Apache-2.0
// The program puppet-gateway: TLS, tokens, health, and a bot in TypeScript.
#include "gateway_program.hpp"
#include "puppet_service/server/server_certificate.hpp"
#include "served.hpp"
#include "service/server/wire_client.hpp"

namespace wechaty::puppet_service::test {
namespace {

const std::string token = "insecure_interop";
const std::string world = R"({"self": "bot", "contacts": [{"id": "alice", "name": "Alice"}],
  "script": [{"login": "bot"}, {"ready": {}}, {"say": {"from": "alice", "text": "ding"}}]})";

class NpmGateway : public testing::Test {
 protected:
  void TearDown() override {
    npm_.run(
        "for (const name of Object.keys(clients)) {"
        "  await clients[name].puppet.stop().catch(() => {}); delete clients[name] }");
  }
  Json js(const std::string& script, Json args = Json::object()) {
    args["endpoint"] = gateway_.endpoint();
    args["token"] = token;
    return npm_.run(script, args);
  }

  /// A gateway with this pair, and a bot that sends a text through it.
  /// @param tls  what the client's `tls` is set to
  void expect_works(const std::string& certificate, const std::string& key, const Json& tls) {
    const puppet::test::TempFolder folder;
    puppet::test::write_text(folder / "cert.pem", certificate);
    puppet::test::write_text(folder / "key.pem", key);
    const GatewayProgram gateway{
        world,
        token,
        /*tls=*/true,
        {"--tls-cert", folder / "cert.pem", "--tls-key", folder / "key.pem"}};
    npm_.run("make('pair', { endpoint, tls, token })",
             {{"endpoint", gateway.endpoint()}, {"tls", tls}, {"token", token}});
    npm_.run("await bot.start(); await client.heard('message')");
    const Json id = npm_.run("return await puppet.messageSendText('alice', 'over TLS')");
    EXPECT_EQ(npm_.run("return (await puppet.messagePayload(id)).text", {{"id", id}}), "over TLS");
    npm_.run("await puppet.stop()");
  }

  NpmClient& npm_ = shared_npm();
  GatewayProgram gateway_{world, token, /*tls=*/true};
};

TEST_F(NpmGateway, WithTheCommunitysPairTheClientNeedsNoSetting) {
  const Json pair = npm_.run(
      "const ca = await import(folder +"
      "  '/node_modules/wechaty-puppet-service/dist/esm/src/auth/ca.js');"
      "return [ca.TLS_INSECURE_SERVER_CERT, ca.TLS_INSECURE_SERVER_KEY]",
      {{"folder", WECHATY_PUPPET_NODE_FOLDER}});
  expect_works(pair.at(0), pair.at(1), Json::object());
}

TEST_F(NpmGateway, APairOfTheOperatorIsTrustedUnderItsName) {
  const puppet::test::TempFolder folder;
  const auto own = own_certificate(folder / "operator", {"gateway.example.org"});
  expect_works(own.pair.certificate, own.pair.key,
               {{"caCert", own.ca}, {"serverName", "gateway.example.org"}});
}

TEST_F(NpmGateway, ItsOwnCertificateIsTrustedAsItSays) {
  js("make('tls', { endpoint, tls: { caCert: ca }, token })", {{"ca", gateway_.ca()}});
  js("await bot.start(); await client.heard('ready'); await client.heard('message')");
  const Json id = js("return await puppet.messageSendText('alice', 'over TLS')");
  EXPECT_EQ(js("return (await puppet.messagePayload(id)).text", {{"id", id}}), "over TLS");
  // A file goes through Upload and Download as well.
  const Json file =
      js("return await puppet.messageSendFile('alice',"
         "  FileBox.fromBase64(pattern(100000).toString('base64'), 'a.txt'))");
  EXPECT_TRUE(js("return (await look(await puppet.messageFile(id))).same", {{"id", file}}));
  EXPECT_EQ(gateway_.log().find(token), std::string::npos);
}

TEST_F(NpmGateway, WhoMayNotIsTold) {
  // Together, for the client takes 5 s and more to reject a start.
  const Json errors = js(R"(
    const failure = async (options) => {
      make('refused', options)
      const { puppet } = clients.refused
      const error = await puppet.start().then(() => 'started', error => error.message)
      return error
    }
    return await Promise.all([
      failure({ endpoint, tls: { caCert: ca }, token: 'insecure_wrong' }),
      failure({ endpoint, token }),
      failure({ endpoint, tls: { disable: true }, token }),
      failure({ endpoint, tls: { caCert: ca, serverName: 'elsewhere' }, token }),
      failure({ endpoint, tls: { caCert: ca }, token: 'withoutname' }),
    ]))",
                         {{"ca", gateway_.ca()}});
  EXPECT_EQ(errors.at(0), "16 UNAUTHENTICATED: Invalid Wechaty TOKEN");
  for (const int i : {1, 2, 3}) {  // no trust, no TLS, another name: no connection at all
    EXPECT_TRUE(errors.at(i).get<std::string>().starts_with("14 UNAVAILABLE")) << errors.at(i);
  }
  EXPECT_TRUE(errors.at(4).get<std::string>().starts_with(
      "Wechaty Puppet Service requires a SNI as prefix of the token"));
  EXPECT_EQ(gateway_.log().find("insecure_wrong"), std::string::npos);
}

TEST_F(NpmGateway, WithoutATokenThereIsNoClientAndNoAnswer) {
  EXPECT_EQ(npm_.error_of("make('none', { endpoint: '127.0.0.1:1' })"),
            "wechaty-puppet-service: WECHATY_PUPPET_SERVICE_TOKEN not found");
  const Json error = js(R"(
    const { grpc, puppet: api } = await import('wechaty-grpc')
    const raw = new api.PuppetClient(endpoint, grpc.credentials.createSsl(Buffer.from(ca)),
      { 'grpc.ssl_target_name_override': 'insecure' })
    try {
      return await new Promise(resolve => raw.version(new api.VersionRequest(),
        error => resolve([error?.code, error?.details])))
    } finally { raw.close() })",
                        {{"ca", gateway_.ca()}});
  EXPECT_EQ(error, (Json{16, "Invalid Wechaty TOKEN"}));
}

TEST_F(NpmGateway, HealthIsToldWithoutAToken) {
  js("make('tls', { endpoint, tls: { caCert: ca }, token })", {{"ca", gateway_.ca()}});
  const std::string check = R"(
    const { google, grpc } = await import('wechaty-grpc')
    const health = new google.HealthClient(endpoint, grpc.credentials.createSsl(Buffer.from(ca)),
      { 'grpc.ssl_target_name_override': 'insecure' })
    try {
      return await new Promise((resolve, reject) => health.check(new google.HealthCheckRequest(),
        (error, response) => error ? reject(error) : resolve(response.getStatus())))
    } finally { health.close() })";
  EXPECT_EQ(js(check, {{"ca", gateway_.ca()}}), 3) << "not started: SERVICE_UNKNOWN";
  js("await bot.start(); await client.heard('ready')");
  EXPECT_EQ(js(check, {{"ca", gateway_.ca()}}), 1) << "SERVING";
}

TEST_F(NpmGateway, ABotInTypeScriptAnswersDingWithDong) {
  const WireClient wire{
      gateway_.endpoint(),
      {.authorization = "Wechaty " + token, .ca = gateway_.ca(), .server_name = "insecure"}};
  EventReader events{wire};
  ASSERT_TRUE(events.wait_for("1 "));
  const puppet::test::TempFolder folder;
  const std::string log = folder / "log";
  // As the gateway says: the token, the endpoint, and the text of its authority.
  const puppet::test::ServerProcess bot{
      {"env", "-C", WECHATY_PUPPET_NODE_FOLDER, "HOME=" + folder.path(), "WECHATY_LOG=error",
       "WECHATY_PUPPET_SERVICE_TOKEN=" + token,
       "WECHATY_PUPPET_SERVICE_ENDPOINT=" + gateway_.endpoint(),
       "WECHATY_PUPPET_SERVICE_TLS_CA_CERT=" + gateway_.ca(), WECHATY_PUPPET_NODE, "--import",
       "tsx", "ding_dong_bot.ts"},
      log,
      [&] { return puppet::test::read_text(log).find("ready") != std::string::npos; }};
  ASSERT_TRUE(events.wait_for("2 ", 2)) << puppet::test::read_text(log);
  const auto lines = events.all();
  const auto last = std::find_if(lines.rbegin(), lines.rend(),
                                 [](const auto& line) { return line.starts_with("2 "); });
  pb::MessagePayloadRequest request;
  request.set_id(Json::parse(last->substr(2)).at("messageId").get<std::string>());
  const auto said = wire.ask<pb::MessagePayloadResponse>("MessagePayload", request);
  EXPECT_EQ(said.text(), "dong");
  EXPECT_EQ(said.talker_id(), "bot");
  EXPECT_EQ(said.listener_id(), "alice");
  EXPECT_NE(puppet::test::read_text(log).find("login bot"), std::string::npos);
}

}  // namespace
}  // namespace wechaty::puppet_service::test
