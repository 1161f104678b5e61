// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/server_process.hpp"
#include "support/temp_folder.hpp"

namespace wechaty::puppet_service::test {

/// build/bin/puppet-gateway with a world file, on a port of its own that it keeps over a restart.
class GatewayProgram {
 public:
  /// @param world  the text of the world file
  /// @param more   further arguments
  GatewayProgram(const std::string& world, const std::string& token, bool tls,
                 const std::vector<std::string>& more = {}) {
    const std::string file = folder_ / "world.json";
    puppet::test::write_text(file, world);
    std::vector<std::string> words{"env",
                                   "XDG_STATE_HOME=" + folder_.path(),
                                   WECHATY_PUPPET_GATEWAY,
                                   "--puppet",
                                   "mock",
                                   "--world",
                                   file,
                                   "--listen",
                                   endpoint_,
                                   "--token",
                                   token};
    if (!tls) words.emplace_back("--insecure");
    words.insert(words.end(), more.begin(), more.end());
    process_ = std::make_unique<puppet::test::ServerProcess>(
        words, log_file_, [this] { return log().find("listening on") != std::string::npos; });
  }

  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }
  [[nodiscard]] std::string log() const { return puppet::test::read_text(log_file_); }
  void kill() { process_->stop(); }
  void start() {
    puppet::test::write_text(log_file_, "");
    process_->start();
  }
  /// The certificate of its authority, from the file that it tells its clients to set.
  [[nodiscard]] std::string ca() const {
    const std::string text = log();
    const std::string beginning = "WECHATY_PUPPET_SERVICE_TLS_CA_CERT=\"$(cat ";
    const auto at = text.find(beginning);
    if (at == std::string::npos) throw std::runtime_error{"no authority in: " + text};
    const auto path = at + beginning.size();
    return puppet::test::read_text(text.substr(path, text.find(')', path) - path));
  }

 private:
  const puppet::test::TempFolder folder_;
  const std::string log_file_ = folder_ / "log";
  const std::string endpoint_ = "127.0.0.1:" + std::to_string(puppet::test::free_port());
  std::unique_ptr<puppet::test::ServerProcess> process_;
};

}  // namespace wechaty::puppet_service::test
