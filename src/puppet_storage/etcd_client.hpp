// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_storage/http_client.hpp"
#include "wechaty/puppet_storage/etcd_storage.hpp"

namespace wechaty::puppet_storage {

/// Calls of etcd's JSON gateway. It leaves out every field that is 0, false or empty, and prints
/// 64-bit numbers as texts.
class EtcdClient {
 public:
  explicit EtcdClient(EtcdOptions options);

  /// @param path  "kv/range", below /v3/
  /// @throws TransientError when no server answers or it has no leader; StorageError when it
  /// refuses
  nlohmann::json call(std::string_view path, const nlohmann::json& request);

  /// "etcd 127.0.0.1:2379"
  [[nodiscard]] std::string where() const;
  [[nodiscard]] const EtcdOptions& options() const noexcept { return options_; }

 private:
  HttpResponse post(std::string_view path, const nlohmann::json& request, const std::string& token);
  void authenticate();

  const EtcdOptions options_;
  std::mutex mutex_;  // guards all below
  std::vector<std::unique_ptr<HttpClient>> clients_;
  std::size_t current_ = 0;  // of clients_ and of the endpoints
  std::string token_;
};

/// A 64-bit number of an answer, as text; "0" when it was left out.
[[nodiscard]] std::string etcd_number(const nlohmann::json& object, const char* name);

}  // namespace wechaty::puppet_storage
