// SPDX-License-Identifier: Apache-2.0
// The reference bot on a real network, as docs/xmpp.md shows it.
#ifdef WECHATY_DING_DONG_BOT
#include "xmpp/support/network.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using puppet::test::ServerProcess;

class XmppDingDong : public XmppTest {
 protected:
  std::vector<std::string> command(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{WECHATY_DING_DONG_BOT,
                                   "--puppet",
                                   "xmpp",
                                   "--jid",
                                   bot(),
                                   "--server",
                                   "127.0.0.1:" + std::to_string(server().port()),
                                   "--ca-file",
                                   server().ca_file(),
                                   "--memory",
                                   folder_ / "card"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  std::string output(const std::string& file = "output") {
    return puppet::test::read_text(folder_ / file);
  }
  bool is_ready(const std::string& file = "output") {
    return output(file).find("\nready") != std::string::npos;
  }
  /// Alice says ding, and the bot answers. @param times  how often it has answered then
  void expect_dong(int times) {
    say(bot(), "ding");
    peers().wait(alice_, {"dong", bot()});
    EXPECT_EQ(peers().count(alice_, {"<body>dong</body>", "from=\"" + bot()}), times);
  }
  puppet::test::TempFolder folder_;
};

TEST_F(XmppDingDong, AnswersWithThePasswordOfAFileAndThenWithTheKeysOfItsCard) {
  puppet::test::write_text(folder_ / "password", "secret\n");
  {
    ServerProcess process{command({"--password-file", folder_ / "password"}), folder_ / "output",
                          [this] { return is_ready(); }};
    expect_dong(1);
    process.terminate();
  }
  EXPECT_EQ(puppet::test::read_text(folder_ / "card.memory-card.json").find("secret"),
            std::string::npos);
  peers().ask(alice_, "forget");
  ServerProcess process{command(), folder_ / "second", [this] { return is_ready("second"); }};
  expect_dong(1);
}

TEST_F(XmppDingDong, SaysWhatIsMissing) {
  ServerProcess process{command(), folder_ / "output",
                        [this] { return output().find("scan status") != std::string::npos; }};
  EXPECT_NE(output().find("the password of " + bot()), std::string::npos) << output();
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
#endif
