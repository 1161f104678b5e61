// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "puppet_storage/retry.hpp"
#include "support/server_process.hpp"
#include "support/temp_folder.hpp"
#include "wechaty/puppet_storage.hpp"

// The servers of the storages on loopback, each with a card `bot`, for tests that ask the same of
// all of them.
namespace wechaty::puppet_storage::test {

using puppet::test::free_port;
using puppet::test::ServerProcess;
using puppet::test::TempFolder;
using Words = std::vector<std::string>;

/// Options for servers that are up: no test waits long for one that is not.
inline RemoteOptions impatient() {
  using namespace std::chrono_literals;
  return {.connect_timeout = 500ms, .request_timeout = 500ms, .attempts = 2, .first_pause = 1ms};
}

/// Up when it takes a connection; whether it answers is the test's question.
inline std::function<bool()> listens(std::uint16_t port) {
  return [port] {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool up = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return up;
  };
}

/// Up when a card can be loaded.
template <class Open>
std::function<bool()> answers(Open open) {
  return [open] {
    try {
      (void)open()->load();
      return true;
    } catch (const puppet::StorageError&) {
      return false;
    }
  };
}

class RedisServer {
 public:
  explicit RedisServer(const std::string& password = {}) {
    options.port = free_port();
    options.password = password;
    options.remote = impatient();
    Words words{"redis-server",
                "--bind",
                "127.0.0.1",
                "--port",
                std::to_string(options.port),
                "--dir",
                folder_.path(),
                "--appendonly",
                "yes",
                "--appendfsync",
                "always",
                "--save",
                ""};
    if (!password.empty()) words.insert(words.end(), {"--requirepass", password});
    process.emplace(words, folder_ / "log", answers([this] { return open(); }));
  }
  [[nodiscard]] std::unique_ptr<RedisStorage> open() const {
    return std::make_unique<RedisStorage>("bot", options);
  }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(options.port); }

  RedisOptions options;

 private:
  TempFolder folder_;

 public:
  std::optional<ServerProcess> process;
};

class EtcdServer {
 public:
  /// @param protocol  "http", or "https" with the files in `more`
  explicit EtcdServer(const std::string& protocol = "http", const Words& more = {})
      : port_{free_port()} {
    const std::string url = protocol + "://127.0.0.1:" + std::to_string(port_);
    const std::string peer = "http://127.0.0.1:" + std::to_string(free_port());
    options.endpoints = {url};
    options.remote = impatient();
    Words words{"etcd",
                "--name",
                "test",
                "--data-dir",
                folder_ / "data",
                "--listen-client-urls",
                url,
                "--advertise-client-urls",
                url,
                "--listen-peer-urls",
                peer,
                "--initial-advertise-peer-urls",
                peer,
                "--initial-cluster",
                "test=" + peer,
                "--log-level",
                "error",
                "--logger",
                "zap"};
    words.insert(words.end(), more.begin(), more.end());
    process.emplace(words, folder_ / "log",
                    more.empty() ? answers([this] { return open(); }) : listens(port_));
  }
  [[nodiscard]] std::unique_ptr<EtcdStorage> open() const {
    return std::make_unique<EtcdStorage>("bot", options);
  }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  EtcdOptions options;

 private:
  std::uint16_t port_;
  TempFolder folder_;

 public:
  std::optional<ServerProcess> process;
};

class S3Server {
 public:
  /// @param protocol  "http", or "https" with `tls=CERT,KEY` in `more`
  explicit S3Server(const std::string& protocol = "http", const Words& more = {})
      : port_{free_port()} {
    options.bucket = "cards";
    options.endpoint = protocol + "://" + address();
    options.path_style = true;
    options.region = "eu-test-1";
    options.access_key_id = "ID";
    options.secret_access_key = "SECRET";
    options.remote = impatient();
    Words words{"node",
                WECHATY_PUPPET_SOURCE_DIR "/tests/storage/s3_double.mjs",
                std::to_string(port_),
                options.bucket,
                options.access_key_id,
                options.secret_access_key,
                options.region,
                "file=" + (folder_ / "objects")};
    words.insert(words.end(), more.begin(), more.end());
    process.emplace(words, folder_ / "log", listens(port_));
  }
  [[nodiscard]] std::unique_ptr<S3Storage> open() const {
    return std::make_unique<S3Storage>("bot", options);
  }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  S3Options options;

 private:
  std::uint16_t port_;
  TempFolder folder_;

 public:
  std::optional<ServerProcess> process;
};

}  // namespace wechaty::puppet_storage::test
