// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "wechaty/puppet/memory/memory_storage.hpp"
#include "wechaty/puppet/memory/storage_url.hpp"
#include "wechaty/puppet_storage/remote_options.hpp"

namespace wechaty::puppet_storage {

struct RedisOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 6379;
  int db = 0;
  std::string user{};      ///< empty: the default user
  std::string password{};  ///< empty: no AUTH
  RemoteOptions remote{};

  /// `redis://[user@]host[:port]/key[?db=N&timeout=ms]`; the password comes from the environment
  /// variable WECHATY_PUPPET_REDIS_PASSWORD.
  /// @throws InvalidArgumentError; UnsupportedError for rediss://: hiredis is used without TLS
  [[nodiscard]] static RedisOptions from_url(puppet::StorageUrl url);
};

/// A card in a Redis string, the JSON document as it is.
///
/// Keys, for a card `bot`: `bot` the document, `{bot}:lease` the lease, `{bot}:fence` the last
/// fencing number (it stays for good: a number must not come twice), `{bot}:damaged-<UTC time>`
/// what was set aside. Versions are the SHA-1 of the document; comparing and storing is one Lua
/// script, which also compares the lease. Needs Redis 2.6.12; how durable a save is depends on the
/// server's `appendfsync`: only `always` makes a save as durable as a file.
///
/// Thread: any. Blocks for the round trips.
class RedisStorage final : public puppet::MemoryStorage {
 public:
  /// @param key  not empty
  RedisStorage(std::string key, RedisOptions options);
  ~RedisStorage() override;

  [[nodiscard]] std::string describe() const override;
  [[nodiscard]] std::optional<puppet::StoredDocument> load() override;
  [[nodiscard]] std::string save(std::string_view document,
                                 const std::string& expected_version) override;
  void destroy() override;
  std::string set_aside(const std::string& expected_version) override;
  [[nodiscard]] std::unique_ptr<puppet::StorageLease> acquire_lease(
      puppet::LeaseOptions options) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wechaty::puppet_storage
