// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace wechaty::puppet::test {

/// A port on the loopback address that was free a moment ago.
inline std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool bound = ::bind(fd, generic, length) == 0 && ::getsockname(fd, generic, &length) == 0;
  ::close(fd);
  if (!bound) throw std::runtime_error{"no free port"};
  return ntohs(address.sin_port);
}

/// A server of its own for a test, ended with the test (also when the test crashes).
class ServerProcess {
 public:
  /// @param words  program (looked for in PATH) and arguments; what it prints goes to `log`
  /// @param ready  asked every few milliseconds, for at most 60 s
  ServerProcess(std::vector<std::string> words, std::string log, std::function<bool()> ready)
      : words_{std::move(words)}, log_{std::move(log)}, ready_{std::move(ready)} {
    start();
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess() { stop(); }

  void start() {
    child_ = ::fork();
    if (child_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (std::freopen(log_.c_str(), "a", stdout) == nullptr) ::_exit(126);
      ::dup2(1, 2);
      std::vector<char*> argv;
      for (auto& word : words_) argv.push_back(word.data());
      argv.push_back(nullptr);
      ::execvp(argv[0], argv.data());
      ::_exit(127);
    }
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!ready_()) {
      int status = 0;
      if (::waitpid(child_, &status, WNOHANG) == child_) {
        child_ = -1;
        throw std::runtime_error{words_[0] + " ended at once (127 = not installed), code " +
                                 std::to_string(WEXITSTATUS(status)) + ", see " + log_};
      }
      if (std::chrono::steady_clock::now() > end) throw std::runtime_error{words_[0] + ": not up"};
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
  }
  void stop() { end_with(SIGKILL); }
  /// Ask it to end in an orderly way, and wait until it has.
  void terminate() { end_with(SIGTERM); }
  /// Stand still: accepts connections and answers nothing.
  /// It stands still when this returns.
  void freeze() const {
    ::kill(child_, SIGSTOP);
    siginfo_t stopped{};
    ::waitid(P_PID, static_cast<id_t>(child_), &stopped, WSTOPPED);
  }
  void thaw() const { ::kill(child_, SIGCONT); }

 private:
  void end_with(int signal) {
    if (child_ <= 0) return;
    ::kill(child_, signal);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
  }

  std::vector<std::string> words_;
  std::string log_;
  std::function<bool()> ready_;
  pid_t child_ = -1;
};

}  // namespace wechaty::puppet::test
