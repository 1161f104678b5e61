// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <csignal>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "xmpp/support/server.hpp"

namespace wechaty::puppet_xmpp::test {

/// Other clients on the server: slixmpp in a process of its own (tests/xmpp/server/peer.py).
///
/// Thread: any; several commands may be under way at once.
class Peers {
 public:
  using Json = nlohmann::json;

  Peers() {
    std::array<int, 2> in{}, out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) {
      throw std::runtime_error{"pipe"};
    }
    const std::string program =
        std::string{WECHATY_PUPPET_SOURCE_DIR} + "/tests/xmpp/server/peer.py";
    child_ = ::fork();
    if (child_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::dup2(in[0], 0);
      ::dup2(out[1], 1);
      ::execlp("/usr/bin/python3", "python3", program.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    to_ = in[1];
    from_ = ::fdopen(out[0], "r");
    reader_ = std::thread{[this] { read(); }};
  }
  ~Peers() {
    ::close(to_);
    reader_.join();
    std::fclose(from_);
    ::waitpid(child_, nullptr, 0);
  }
  Peers(const Peers&) = delete;
  Peers& operator=(const Peers&) = delete;

  /// @throws std::runtime_error with what the peer says went wrong
  Json ask(const std::string& name, const std::string& what, Json arguments = Json::object()) {
    std::unique_lock lock{mutex_};
    const int number = ++last_;
    arguments["n"] = number;
    arguments["as"] = name;
    arguments["do"] = what;
    const std::string line = arguments.dump() + "\n";
    for (std::size_t sent = 0; sent < line.size();) {
      const auto count = ::write(to_, line.data() + sent, line.size() - sent);
      if (count < 0) throw std::runtime_error{"peer: gone"};
      sent += static_cast<std::size_t>(count);
    }
    const bool in_time = changed_.wait_for(lock, std::chrono::seconds{120},
                                           [&] { return answers_.contains(number) || ended_; });
    if (!in_time || !answers_.contains(number))
      throw std::runtime_error{"peer: no answer: " + what};
    const Json answer = std::move(answers_[number]);
    answers_.erase(number);
    if (answer.contains("error")) {
      throw std::runtime_error{"peer: " + what + ": " + answer["error"].get<std::string>()};
    }
    return answer["ok"];
  }

  std::string login(const std::string& name, const std::string& account, const Server& server) {
    return ask(name, "login",
               {{"jid", account + "@localhost"},
                {"password", "secret"},
                {"port", server.port()},
                {"ca", server.ca_file()}});
  }
  std::string say(const std::string& name, const std::string& to, const std::string& text,
                  const std::string& type = "chat") {
    return ask(name, "say", {{"to", to}, {"text", text}, {"type", type}});
  }
  /// The first stanza that came, or comes within 20 s, and holds all of these texts.
  std::string wait(const std::string& name, const std::vector<std::string>& contains) {
    return ask(name, "wait", {{"contains", contains}});
  }
  int count(const std::string& name, const std::vector<std::string>& contains) {
    return ask(name, "count", {{"contains", contains}});
  }
  void send(const std::string& name, const std::string& xml) { ask(name, "send", {{"xml", xml}}); }

 private:
  void read() {
    char* line = nullptr;
    std::size_t size = 0;
    while (::getline(&line, &size, from_) > 0) {
      Json answer = Json::parse(line, nullptr, false);
      if (!answer.is_object()) continue;
      const int number = answer["n"];
      const std::lock_guard lock{mutex_};
      answers_[number] = std::move(answer);
      changed_.notify_all();
    }
    std::free(line);
    const std::lock_guard lock{mutex_};
    ended_ = true;
    changed_.notify_all();
  }

  pid_t child_ = -1;
  int to_ = -1;
  FILE* from_ = nullptr;
  std::thread reader_;
  std::mutex mutex_;  // guards everything below
  std::condition_variable changed_;
  std::map<int, Json> answers_;
  bool ended_ = false;
  int last_ = 0;
};

/// The value of the first attribute of that name behind `mark` in XML.
inline std::string attribute_in(const std::string& xml, const std::string& mark,
                                const std::string& name) {
  auto place = xml.find(mark);
  if (place == std::string::npos) return {};
  const auto end = xml.find('>', place);
  place = xml.find(" " + name + "=", place);
  if (place == std::string::npos || place > end) return {};
  const char quote = xml[place + name.size() + 2];
  const auto begin = place + name.size() + 3;
  return xml.substr(begin, xml.find(quote, begin) - begin);
}

}  // namespace wechaty::puppet_xmpp::test
