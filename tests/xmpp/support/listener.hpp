// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace wechaty::puppet_xmpp::test {

/// A bot in a process of its own that prints what it hears (tests/xmpp/listener), to be killed.
class Listener {
 public:
  struct Login {
    std::string jid, password;  ///< "" for what the card has to know
    std::uint16_t port = 0;
    std::string ca_file, card;
  };

  explicit Listener(const Login& login) {
    const std::string program = std::string{WECHATY_PUPPET_BINARY_DIR} + "/bin/xmpp_listener";
    const std::string command = "exec " + program + " '" + login.jid + "' '" + login.password +
                                "' " + std::to_string(login.port) + " '" + login.ca_file + "' '" +
                                login.card + "'";
    lines_ = ::popen(command.c_str(), "r");
    if (lines_ == nullptr || next() != "pid") throw std::runtime_error{"no xmpp_listener"};
    pid_ = std::stoi(rest_);
  }
  ~Listener() {
    kill();
    ::pclose(lines_);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Wait for what it prints next: the first word of a line, `ready` or `message`.
  /// @result nullopt when it has ended
  std::optional<std::string> next() {
    char line[256];
    if (std::fgets(line, sizeof line, lines_) == nullptr) return std::nullopt;
    std::string text{line};
    if (!text.empty() && text.back() == '\n') text.pop_back();
    const auto blank = text.find(' ');
    rest_ = blank == std::string::npos ? std::string{} : text.substr(blank + 1);
    return text.substr(0, blank);
  }
  /// Wait for a line that begins with this word. @result whether it came before the end
  bool wait_for(const std::string& word) {
    while (const auto found = next()) {
      if (*found == word) return true;
    }
    return false;
  }
  /// What stood behind that word.
  [[nodiscard]] const std::string& rest() const { return rest_; }
  /// By SIGKILL.
  void kill() const { ::kill(pid_, SIGKILL); }

 private:
  FILE* lines_ = nullptr;
  std::string rest_;
  pid_t pid_ = -1;
};

}  // namespace wechaty::puppet_xmpp::test
