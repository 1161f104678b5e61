// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/temp_folder.hpp"

namespace wechaty::puppet_service::test {

using Json = nlohmann::json;

/// What a script threw.
struct ScriptError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// driver.mjs in a process of its own, with a home of its own: npm wechaty, told what to do.
/// Not for several threads at once. Ended with its owner.
class NpmClient {
 public:
  NpmClient() {
    std::signal(SIGPIPE, SIG_IGN);  // a driver that has ended is an exception of run()
    int commands[2];
    int answers[2];
    if (::pipe2(commands, O_CLOEXEC) != 0 || ::pipe2(answers, O_CLOEXEC) != 0) {
      throw std::runtime_error{"pipe2"};
    }
    const std::string log = folder_ / "log";
    child_ = ::fork();
    if (child_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::setenv("HOME", folder_.path().c_str(), 1);
      ::setenv("WECHATY_LOG", "verbose", 0);
      if (std::freopen(log.c_str(), "w", stdout) == nullptr) ::_exit(126);
      ::dup2(1, 2);
      ::dup2(commands[0], 0);
      // The answers' end may be number 3 itself, which dup2() would leave to be closed by exec.
      ::dup2(::fcntl(answers[1], F_DUPFD, 10), 3);
      ::execlp(WECHATY_PUPPET_NODE, WECHATY_PUPPET_NODE, WECHATY_PUPPET_NODE_FOLDER "/driver.mjs",
               nullptr);
      ::_exit(127);
    }
    ::close(commands[0]);
    ::close(answers[1]);
    commands_ = commands[1];
    answers_ = answers[0];
    answer(0, std::chrono::seconds{60});  // it takes seconds to load
  }
  NpmClient(const NpmClient&) = delete;
  NpmClient& operator=(const NpmClient&) = delete;
  ~NpmClient() {
    kill();
    ::close(commands_);
    ::close(answers_);
  }

  /// Run a script, the body of an async function, and wait for what it returns.
  ///
  /// @param args  an object; its keys are names in the script
  /// @throws ScriptError with what it threw; std::runtime_error when nothing comes in time
  Json run(const std::string& script, const Json& args = Json::object(),
           std::chrono::seconds patience = std::chrono::seconds{60}) {
    const int id = ++last_id_;
    const std::string line = Json{{"id", id}, {"script", script}, {"args", args}}.dump() + "\n";
    for (std::size_t at = 0; at < line.size();) {
      const ssize_t count = ::write(commands_, line.data() + at, line.size() - at);
      if (count <= 0) throw std::runtime_error{"the driver has ended:\n" + log()};
      at += static_cast<std::size_t>(count);
    }
    return answer(id, patience);
  }

  /// What the script threw; or that it threw nothing.
  std::string error_of(const std::string& script, const Json& args = Json::object()) {
    try {
      return "no error, but " + run(script, args).dump();
    } catch (const ScriptError& error) {
      return error.what();
    }
  }

  /// kill -9, in the middle of whatever it does.
  void kill() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
  }
  [[nodiscard]] std::string log() const { return puppet::test::read_text(folder_ / "log"); }

 private:
  Json answer(int id, std::chrono::seconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
      const auto newline = received_.find('\n');
      if (newline == std::string::npos) {
        receive(end);
        continue;
      }
      const Json message = Json::parse(received_.substr(0, newline));
      received_.erase(0, newline + 1);
      if (message.at("id") != id) continue;  // of a script that took too long
      if (message.contains("error")) {
        throw ScriptError{message.at("error").get<std::string>()};
      }
      return message.at("result");
    }
  }
  void receive(std::chrono::steady_clock::time_point end) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    pollfd waiting{answers_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) {
      throw std::runtime_error{"no answer from the driver in time:\n" + log()};
    }
    char buffer[65'536];
    const ssize_t count = ::read(answers_, buffer, sizeof buffer);
    if (count <= 0) throw std::runtime_error{"the driver has ended:\n" + log()};
    received_.append(buffer, static_cast<std::size_t>(count));
  }

  const puppet::test::TempFolder folder_;
  pid_t child_ = -1;
  int commands_ = -1;
  int answers_ = -1;
  int last_id_ = 0;
  std::string received_;
};

}  // namespace wechaty::puppet_service::test
