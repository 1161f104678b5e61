// SPDX-License-Identifier: Apache-2.0
#include "server_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "commands.hpp"

namespace bench_service {

ServerProcess::ServerProcess(std::vector<std::string> command, const std::string& folder) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error{"no pipe"};
  }
  const std::int64_t begin = monotonic_ns();
  child_ = ::fork();
  if (child_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int log = ::open((folder + "/server.log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (log < 0 || ::chdir(folder.c_str()) != 0) ::_exit(126);
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::setenv("WECHATY_LOG", "silent", 1);
    std::vector<char*> argv;
    for (auto& word : command) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  in_ = in[1];
  out_ = out[0];
  std::string said;
  const std::string expected = greeting;
  // What else it prints, e.g. a banner, is passed over.
  while (said.find(expected) == std::string::npos || said.back() != '\n') {
    std::array<char, 512> bytes{};
    const ssize_t count = ::read(out_, bytes.data(), bytes.size());
    if (count <= 0) throw std::runtime_error{command[0] + " does not serve: see " + folder};
    said.append(bytes.data(), static_cast<std::size_t>(count));
  }
  start_seconds_ = static_cast<double>(monotonic_ns() - begin) / 1e9;
  said.erase(0, said.find(expected) + expected.size());
  endpoint_ = said.substr(0, said.find('\n'));
}

ServerProcess::~ServerProcess() {
  if (child_ > 0) {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  if (in_ >= 0) ::close(in_);
  if (out_ >= 0) ::close(out_);
}

void ServerProcess::tell(const std::string& line) const {
  const std::string text = line + "\n";
  if (::write(in_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error{"the server does not listen"};
  }
}

double ServerProcess::cpu_seconds() const {
  std::ifstream file{"/proc/" + std::to_string(child_) + "/stat"};
  std::string text;
  std::getline(file, text);
  std::istringstream fields{text.substr(text.rfind(')') + 2)};
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;  // utime is field 14
  double utime = 0;
  double stime = 0;
  fields >> utime >> stime;
  return (utime + stime) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double ServerProcess::resident_mib() const {
  std::ifstream file{"/proc/" + std::to_string(child_) + "/status"};
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1'024;
  }
  return 0;
}

}  // namespace bench_service
