// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace bench_service {

/// A server under load: a child process that says "listening on HOST:PORT", and obeys lines.
///
/// Thread: one thread at a time.
class ServerProcess {
 public:
  /// @param folder  where it runs; its standard error goes there
  /// @throws std::runtime_error when it does not say where it listens
  ServerProcess(std::vector<std::string> command, const std::string& folder);
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess();

  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }
  /// From the start of the process to its greeting.
  [[nodiscard]] double start_seconds() const { return start_seconds_; }
  void tell(const std::string& line) const;

  /// utime + stime of /proc/PID/stat.
  [[nodiscard]] double cpu_seconds() const;
  /// VmRSS of /proc/PID/status.
  [[nodiscard]] double resident_mib() const;

 private:
  pid_t child_ = -1;
  int in_ = -1;
  int out_ = -1;
  std::string endpoint_;
  double start_seconds_ = 0;
};

}  // namespace bench_service
