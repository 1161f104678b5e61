// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "puppet_service/server/server_certificate.hpp"
#include "service/server/wire_client.hpp"
#include "support/temp_folder.hpp"

namespace wechaty::puppet_service::test {
namespace {

using puppet::test::read_text;
using puppet::test::TempFolder;
using puppet::test::write_text;

/// The program puppet-gateway, ended with the test.
class Gateway {
 public:
  /// @param environment  beside the token; "" removes a variable
  Gateway(const TempFolder& folder, std::vector<std::string> arguments,
          const std::map<std::string, std::string>& environment = {},
          const std::string& program = WECHATY_PUPPET_GATEWAY)
      : out_{folder / "out"}, err_{folder / "err"} {
    arguments.insert(arguments.begin(), program);
    int input[2];
    if (::pipe2(input, O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
    input_ = input[1];
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(input[0], STDIN_FILENO);
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::setenv("XDG_STATE_HOME", folder.path().c_str(), 1);
      ::setenv("WECHATY_PUPPET_SERVICE_TOKEN", test_token, 1);
      for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
      if (std::freopen(out_.c_str(), "w", stdout) == nullptr) ::_exit(126);
      if (std::freopen(err_.c_str(), "w", stderr) == nullptr) ::_exit(126);
      std::vector<char*> argv;
      for (auto& argument : arguments) argv.push_back(argument.data());
      argv.push_back(nullptr);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    ::close(input[0]);
  }
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;
  ~Gateway() {
    end_input();
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }

  /// Where it listens, once it says so; "" when it has ended or 20 s have passed.
  std::string endpoint() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (std::chrono::steady_clock::now() < end) {
      const std::string text = read_text(out_);
      constexpr std::string_view beginning = "listening on ";
      if (text.starts_with(beginning) && text.ends_with("\n")) {
        return text.substr(beginning.size(), text.size() - beginning.size() - 1);
      }
      if (poll_ended()) return {};
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    return {};
  }
  void end_input() {
    if (input_ >= 0) ::close(std::exchange(input_, -1));
  }
  int end_with(int signal) {
    ::kill(child_, signal);
    return wait();
  }
  int wait() {
    ::waitpid(child_, &status_, 0);
    child_ = -1;
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_);
  }
  [[nodiscard]] std::string out() const { return read_text(out_); }
  [[nodiscard]] std::string err() const { return read_text(err_); }

 private:
  bool poll_ended() {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(child_), &info, WEXITED | WNOHANG | WNOWAIT);
    return info.si_pid == child_;
  }

  const std::string out_;
  const std::string err_;
  int input_ = -1;
  pid_t child_ = -1;
  int status_ = 0;
};

TEST(GatewayProgram, ServesAWorldAndEndsInOrderOnSigterm) {
  const TempFolder folder;
  write_text(folder / "world.json",
             R"({"self": "bot", "contacts": [{"id": "alice", "name": "Alice"}]})");
  Gateway gateway{folder,
                  {"--puppet", "mock", "--world", folder / "world.json", "--listen", "127.0.0.1:0",
                   "--insecure", "--memory", "file:" + (folder / "bot")}};
  const std::string endpoint = gateway.endpoint();
  ASSERT_NE(endpoint, "") << gateway.err();
  {
    const WireClient client{endpoint};
    EventReader events{client};
    (void)client.ask<pb::StartResponse>("Start", pb::StartRequest{});
    ASSERT_TRUE(events.wait_for("23 "));
    pb::ContactPayloadRequest request;
    request.set_id("alice");
    EXPECT_EQ(client.ask<pb::ContactPayloadResponse>("ContactPayload", request).name(), "Alice");
    EXPECT_EQ(gateway.end_with(SIGTERM), 0);
    const auto ended = events.wait_for_end();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->error_code(), grpc::StatusCode::UNAVAILABLE);
  }
  EXPECT_EQ(gateway.out(), "listening on " + endpoint + "\n");
  EXPECT_EQ(gateway.err().find(test_token), std::string::npos) << "the token is in the log";
  EXPECT_TRUE(folder.names().contains("bot.memory-card.json"));
}

TEST(GatewayProgram, WithoutACertificateItMakesOneAndSaysWhatClientsSet) {
  const TempFolder folder;
  Gateway gateway{folder, {"--puppet", "mock", "--listen", "127.0.0.1:0"}};
  const std::string endpoint = gateway.endpoint();
  ASSERT_NE(endpoint, "") << gateway.err();
  const std::string ca_file = folder / "wechaty-puppet/gateway/ca.pem";
  EXPECT_NE(gateway.err().find("WECHATY_PUPPET_SERVICE_TLS_CA_CERT=\"$(cat " + ca_file + ")\""),
            std::string::npos)
      << gateway.err();
  const WireClient client{endpoint,
                          {.authorization = std::string{"Wechaty "} + test_token,
                           .ca = read_text(ca_file),
                           .server_name = "insecure"}};
  EXPECT_NO_THROW((void)client.ask<pb::VersionResponse>("Version", pb::VersionRequest{}));
  EXPECT_EQ(gateway.end_with(SIGINT), 0);
}

/// A certificate that the operator brings, and the texts and files that it comes in.
struct OperatorsPair {
  explicit OperatorsPair(const TempFolder& folder)
      : own{own_certificate(folder / "pair", {"bot.example.org"})},
        cert_file{folder / "chain.pem"},
        key_file{folder / "key.pem"} {
    write_text(cert_file, own.pair.certificate);
    write_text(key_file, own.pair.key);
  }
  [[nodiscard]] Presenting client(const std::string& token) const {
    return {.authorization = "Wechaty " + token, .ca = own.ca, .server_name = "bot.example.org"};
  }

  const OwnCertificate own;
  const std::string cert_file;
  const std::string key_file;
};

TEST(GatewayProgram, TakesACertificateAndStartsAtOnceAndOptionsWinOverVariables) {
  const TempFolder folder;
  const OperatorsPair pair{folder};
  write_text(folder / "world.json",
             R"({"self": "bot", "script": [{"login": "bot"}, {"ready": {}}]})");
  Gateway gateway{folder,
                  {"--puppet", "mock", "--world", folder / "world.json", "--listen", "127.0.0.1:0",
                   "--tls-cert", pair.cert_file, "--tls-key", pair.key_file, "--token",
                   "bot_of-the-arguments", "--start", "--inline-files", "100000"},
                  {{"WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_SERVER", "true"},
                   {"WECHATY_PUPPET_SERVER_PORT", "1"},
                   {"WECHATY_PUPPET_SERVICE_TLS_SERVER_CERT", "rubbish"},
                   {"WECHATY_PUPPET_SERVICE_TLS_SERVER_KEY", "rubbish"}}};
  const std::string endpoint = gateway.endpoint();
  ASSERT_NE(endpoint, "") << gateway.err();
  EventReader events{WireClient{endpoint, pair.client("bot_of-the-arguments")}};
  EXPECT_TRUE(events.wait_for("23 ")) << "ready, though nobody has called Start";
  EXPECT_EQ(gateway.end_with(SIGTERM), 0) << gateway.err();
}

TEST(GatewayProgram, TakesEverythingFromVariables) {
  const TempFolder folder;
  const OperatorsPair pair{folder};
  const auto in_one_line = [](std::string text) {
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; ++at) {
      text.replace(at, 1, "\\n");
    }
    return text;
  };
  Gateway gateway{
      folder,
      {"--puppet", "mock"},
      {{"WECHATY_PUPPET_SERVICE_TOKEN", ""},
       {"WECHATY_TOKEN", "bot_of-the-variables"},
       {"WECHATY_PUPPET_SERVER_PORT", "0"},
       {"WECHATY_PUPPET_SERVICE_TLS_SERVER_CERT", in_one_line(pair.own.pair.certificate)},
       {"WECHATY_PUPPET_SERVICE_TLS_SERVER_KEY", in_one_line(pair.own.pair.key)}}};
  const std::string endpoint = gateway.endpoint();
  ASSERT_TRUE(endpoint.starts_with("0.0.0.0:")) << gateway.err();
  const WireClient client{"127.0.0.1" + endpoint.substr(endpoint.rfind(':')),
                          pair.client("bot_of-the-variables")};
  EXPECT_NO_THROW((void)client.ask<pb::VersionResponse>("Version", pb::VersionRequest{}));
  EXPECT_EQ(gateway.end_with(SIGINT), 0);
}

TEST(GatewayProgram, WithoutTlsByAVariable) {
  const TempFolder folder;
  Gateway gateway{folder,
                  {"--puppet", "mock", "--listen", "127.0.0.1:0", "--reflection"},
                  {{"WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_SERVER", "true"}}};
  const std::string endpoint = gateway.endpoint();
  ASSERT_NE(endpoint, "") << gateway.err();
  EXPECT_NO_THROW(
      (void)WireClient{endpoint}.ask<pb::VersionResponse>("Version", pb::VersionRequest{}));
  EXPECT_EQ(gateway.end_with(SIGTERM), 0);
}

/// A gateway with somebody who says "ding" when it is started.
struct DingGateway {
  DingGateway() {
    write_text(folder / "world.json", R"({"self": "bot",
      "contacts": [{"id": "alice", "name": "Alice"}, {"id": "bot", "name": "Bot"}],
      "script": [{"login": "bot"}, {"ready": {}}, {"say": {"from": "alice", "text": "ding"}}]})");
    gateway.emplace(folder,
                    std::vector<std::string>{"--puppet", "mock", "--world", folder / "world.json",
                                             "--listen", "127.0.0.1:0", "--insecure"});
    endpoint = gateway->endpoint();
    EXPECT_NE(endpoint, "") << gateway->err();
  }

  TempFolder folder;
  std::optional<Gateway> gateway;
  std::string endpoint;
};

/// Waits for the second message, and expects it to be the bot's answer.
void expect_dong(const WireClient& wire, EventReader& events, const Gateway& bot) {
  ASSERT_TRUE(events.wait_for("2 ", 2)) << bot.out() << bot.err();
  const auto lines = events.all();
  const auto last = std::find_if(lines.rbegin(), lines.rend(),
                                 [](const auto& line) { return line.starts_with("2 "); });
  pb::MessagePayloadRequest request;
  request.set_id(nlohmann::json::parse(last->substr(2)).at("messageId").get<std::string>());
  const auto said = wire.ask<pb::MessagePayloadResponse>("MessagePayload", request);
  EXPECT_EQ(said.text(), "dong");
  EXPECT_EQ(said.listener_id(), "alice");
}

#ifdef WECHATY_DING_DONG_BOT
TEST(GatewayProgram, TheDingDongBotAnswersThroughIt) {
  const DingGateway served;
  const WireClient wire{served.endpoint};
  EventReader events{wire};
  ASSERT_TRUE(events.wait_for("1 "));
  const TempFolder folder;
  Gateway bot{
      folder,
      {"--puppet", "service", "--endpoint", served.endpoint, "--token", test_token, "--insecure"},
      {{"WECHATY_PUPPET_SERVICE_TOKEN", ""}},
      WECHATY_DING_DONG_BOT};
  expect_dong(wire, events, bot);
  EXPECT_EQ(bot.end_with(SIGINT), 0);
}
#endif

#ifdef WECHATY_SERVICE_BOT
TEST(GatewayProgram, TheShortestBotAnswersThroughIt) {
  const DingGateway served;
  const WireClient wire{served.endpoint};
  EventReader events{wire};
  ASSERT_TRUE(events.wait_for("1 "));
  const TempFolder folder;
  Gateway bot{folder,
              {},
              {{"WECHATY_PUPPET_SERVICE_ENDPOINT", served.endpoint},
               {"WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT", "true"}},
              WECHATY_SERVICE_BOT};
  expect_dong(wire, events, bot);
  bot.end_input();
  EXPECT_EQ(bot.wait(), 0);
}
#endif

TEST(GatewayProgram, HelpAnywhereIsHelp) {
  const TempFolder folder;
  Gateway gateway{folder, {"--puppet", "mock", "--help"}};
  EXPECT_EQ(gateway.wait(), 0);
  EXPECT_TRUE(gateway.out().starts_with("usage: puppet-gateway"));
}

TEST(GatewayProgram, WrongArgumentsEndWith2AndSayWhich) {
  const auto refused = [](std::vector<std::string> arguments) {
    const TempFolder folder;
    Gateway gateway{folder, std::move(arguments)};
    EXPECT_EQ(gateway.wait(), 2);
    EXPECT_EQ(gateway.out(), "");
    return gateway.err();
  };
  EXPECT_NE(refused({"--puppet", "whatsapp"}).find("whatsapp"), std::string::npos);
  EXPECT_NE(refused({"--puppet", "mock", "--inline-files", "1k"}).find("1k"), std::string::npos);
  EXPECT_NE(refused({"--puppet", "mock", "--listem", "x"}).find("--listem"), std::string::npos);
  EXPECT_NE(refused({}).find("--puppet"), std::string::npos);
  EXPECT_NE(refused({"--puppet", "mock", "--tls-cert", "x"}).find("--tls-key"), std::string::npos);
}

TEST(GatewayProgram, AnOptionOfAnotherPuppetIsRefused) {
  const TempFolder folder;
  Gateway gateway{folder, {"--puppet", "mock", "--jid", "bot@example.org"}};
  EXPECT_EQ(gateway.wait(), 2);
  EXPECT_NE(gateway.err().find("--jid is for the puppet xmpp"), std::string::npos) << gateway.err();
}

#ifdef WECHATY_PUPPET_XMPP
TEST(GatewayProgram, XmppAsksForThePasswordOfTheAccountThatIsGiven) {
  const TempFolder folder;
  Gateway gateway{folder,
                  {"--puppet", "xmpp", "--jid", "bot@localhost", "--listen", "127.0.0.1:0",
                   "--insecure", "--memory", "file:" + (folder / "bot")}};
  const std::string endpoint = gateway.endpoint();
  ASSERT_NE(endpoint, "") << gateway.err();
  const WireClient client{endpoint};
  EventReader events{client};
  (void)client.ask<pb::StartResponse>("Start", pb::StartRequest{});
  ASSERT_TRUE(events.wait_for("22 "));
  const auto all = events.all();
  EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const std::string& line) {
    return line.starts_with("22 ") && line.find("password of bot@localhost") != std::string::npos;
  }));
  EXPECT_EQ(gateway.end_with(SIGTERM), 0);
}

TEST(GatewayProgram, WrongXmppArgumentsEndWith2) {
  const auto refused = [](std::vector<std::string> arguments) {
    const TempFolder folder;
    write_text(folder / "empty", "");
    arguments.insert(arguments.begin(), {"--puppet", "xmpp"});
    for (auto& argument : arguments) {
      if (argument == "EMPTY") argument = folder / "empty";
    }
    Gateway gateway{folder, std::move(arguments)};
    EXPECT_EQ(gateway.wait(), 2);
    return gateway.err();
  };
  EXPECT_NE(refused({"--jid", "nobody"}).find("nobody"), std::string::npos);
  EXPECT_NE(refused({"--server", "127.0.0.1:x"}).find("127.0.0.1:x"), std::string::npos);
  EXPECT_NE(refused({"--password-file", "EMPTY"}).find("no password in"), std::string::npos);
  EXPECT_NE(refused({"--world", "w.json"}).find("--world is for the puppet mock"),
            std::string::npos);
}
#endif

TEST(GatewayProgram, FailureEndsWith1) {
  const TempFolder folder;
  Gateway gateway{folder, {"--puppet", "mock", "--insecure", "--listen", "no.such.host.invalid:1"}};
  EXPECT_EQ(gateway.wait(), 1);
  EXPECT_NE(gateway.err().find("cannot listen on no.such.host.invalid:1"), std::string::npos);
}

TEST(GatewayProgram, HelpIsPrinted) {
  const TempFolder folder;
  Gateway gateway{folder, {"--help"}};
  EXPECT_EQ(gateway.wait(), 0);
  EXPECT_TRUE(gateway.out().starts_with("usage: puppet-gateway"));
}

}  // namespace
}  // namespace wechaty::puppet_service::test
