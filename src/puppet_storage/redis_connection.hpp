// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wechaty/puppet_storage/redis_storage.hpp"

struct redisContext;

namespace wechaty::puppet_storage {

/// One connection, made when it is needed and again after it broke.
class RedisConnection {
 public:
  explicit RedisConnection(RedisOptions options);
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  /// The elements of the reply: of a list its texts, otherwise one; numbers as text; nullopt = nil.
  using Reply = std::vector<std::optional<std::string>>;
  /// @throws TransientError when the server is away or busy; StorageError when it refuses
  Reply command(const std::vector<std::string_view>& words);
  /// EVAL with the keys and arguments.
  Reply eval(std::string_view script, const std::vector<std::string_view>& keys,
             const std::vector<std::string_view>& arguments);

  /// "redis 127.0.0.1:6379"
  [[nodiscard]] std::string where() const;

 private:
  struct Free {
    void operator()(redisContext* context) const;
  };
  void connect();
  Reply send(const std::vector<std::string_view>& words);

  const RedisOptions options_;
  std::mutex mutex_;  // guards the context, which serves one caller at a time
  std::unique_ptr<redisContext, Free> context_;
};

}  // namespace wechaty::puppet_storage
