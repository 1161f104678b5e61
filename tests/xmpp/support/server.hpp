// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/server_process.hpp"
#include "support/temp_folder.hpp"
#include "wechaty/puppet_xmpp.hpp"

namespace wechaty::puppet_xmpp::test {

inline bool listens(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool connected = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return connected;
}

/// A real XMPP server, Prosody, on loopback; gone with the test.
class Server {
 public:
  /// @param accounts  the password of all is "secret"
  explicit Server(const std::vector<std::string>& accounts = {"alice", "bot", "carol"}) {
    std::vector<std::string> words{
        std::string{WECHATY_PUPPET_SOURCE_DIR} + "/tests/xmpp/server/prosody", folder_.path(),
        std::to_string(port_), std::to_string(tls_port_), std::to_string(http_port_)};
    for (const auto& account : accounts) words.push_back(account + ":secret");
    process_ = std::make_unique<puppet::test::ServerProcess>(
        words, folder_ / "console.log",
        [this] { return listens(port_) && listens(tls_port_) && listens(http_port_); });
  }

  /// More accounts while it runs.
  void add_account(const std::string& name) const { add_account(name, "localhost"); }
  /// One of the host that has no certificate of its own.
  void add_account_of_another(const std::string& name) const {
    add_account(name, "another%2eexample");
  }
  /// Two accounts that are friends, before either logs in.
  void befriend(const std::string& one, const std::string& other) const {
    std::filesystem::create_directories(folder_ / "data/localhost/roster");
    for (const auto& [a, b] : {std::pair{one, other}, std::pair{other, one}}) {
      puppet::test::write_text(
          folder_ / ("data/localhost/roster/" + a + ".dat"),
          "return { [false] = { [\"version\"] = 1; [\"pending\"] = {}; }; [\"" + b +
              "@localhost\"] = { [\"subscription\"] = \"both\"; [\"groups\"] = {}; }; };\n");
    }
  }

  void stop() { process_->stop(); }
  void start() { process_->start(); }
  void freeze() const { process_->freeze(); }
  void thaw() const { process_->thaw(); }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::uint16_t tls_port() const { return tls_port_; }
  [[nodiscard]] std::string ca_file() const { return folder_ / "ca.crt"; }
  [[nodiscard]] std::string log() const { return puppet::test::read_text(folder_ / "prosody.log"); }

  /// A line for the server's own console, as its operator types it.
  [[nodiscard]] std::string console(const std::string& line) const {
    const std::string command =
        "prosodyctl --config " + (folder_ / "prosody.cfg.lua") + " shell \"" + line + "\" 2>&1";
    std::string output;
    FILE* const pipe = ::popen(command.c_str(), "r");
    char buffer[4'096];
    while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe)) {
      output.append(buffer, count);
    }
    ::pclose(pipe);
    return output;
  }

  [[nodiscard]] XmppOptions options(const std::string& account = "bot") const {
    return {.jid = account + "@localhost",
            .password = "secret",
            .host = "127.0.0.1",
            .port = port_,
            .ca_file = ca_file()};
  }

 private:
  void add_account(const std::string& name, const std::string& host) const {
    const std::string accounts = folder_ / ("data/" + host + "/accounts");
    std::filesystem::create_directories(accounts);
    puppet::test::write_text(accounts + "/" + name + ".dat",
                             "return { [\"password\"] = \"secret\" };\n");
  }

  puppet::test::TempFolder folder_;
  std::uint16_t port_ = puppet::test::free_port();
  std::uint16_t tls_port_ = puppet::test::free_port();
  std::uint16_t http_port_ = puppet::test::free_port();
  std::unique_ptr<puppet::test::ServerProcess> process_;
};

}  // namespace wechaty::puppet_xmpp::test
