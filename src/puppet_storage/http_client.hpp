// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wechaty/puppet_storage/remote_options.hpp"

namespace wechaty::puppet_storage {

struct HttpRequest {
  std::string method = "GET";
  std::string url;                     ///< percent-encoded as it is to be sent
  std::vector<std::string> headers{};  ///< "Name: value"
  std::string_view body{};
};

struct HttpResponse {
  long status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// The time in a Date or Last-Modified header; nullopt for anything else.
[[nodiscard]] std::optional<std::chrono::sys_seconds> http_time(const std::string& text);

/// One kept-alive HTTP connection (libcurl). No redirects: a store that moves is a wrong address,
/// and what is sent is a session.
class HttpClient {
 public:
  struct Tls {
    std::string ca_file, cert_file, key_file;
  };
  explicit HttpClient(RemoteOptions options, Tls tls = {});
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Any status is an answer.
  /// @throws TransientError when there is none; StorageError when TLS refuses the server or the
  ///         answer is larger than a card may be
  HttpResponse send(const HttpRequest& request);

 private:
  struct Handle;
  const RemoteOptions options_;
  const Tls tls_;
  std::mutex mutex_;  // guards the handle, which serves one caller at a time
  std::unique_ptr<Handle> handle_;
};

}  // namespace wechaty::puppet_storage
