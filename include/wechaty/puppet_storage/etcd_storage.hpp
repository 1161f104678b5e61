// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wechaty/puppet/memory/memory_storage.hpp"
#include "wechaty/puppet/memory/storage_url.hpp"
#include "wechaty/puppet_storage/remote_options.hpp"

namespace wechaty::puppet_storage {

struct EtcdOptions {
  /// "http://host:port" or "https://host:port"; the next one is tried when one does not answer.
  std::vector<std::string> endpoints{"http://127.0.0.1:2379"};
  std::string user{};  ///< empty: no authentication
  std::string password{};
  // Files in PEM form, for https.
  std::string ca_file{};    ///< empty: the system's
  std::string cert_file{};  ///< client certificate, with key_file; empty: none
  std::string key_file{};
  /// What the server takes in one request (its --max-request-bytes); a larger card is refused
  /// before it is sent, with a message that says so.
  std::size_t max_request_bytes = 1'500'000;
  RemoteOptions remote{};

  /// `etcd://[user@]host[:port][,host...]/key[?timeout=ms&ca=FILE&cert=FILE&key=FILE]`, `etcds://`
  /// for TLS. The password comes from the environment variable WECHATY_PUPPET_ETCD_PASSWORD; the
  /// files also from WECHATY_PUPPET_ETCD_CA_FILE, ..._CERT_FILE and ..._KEY_FILE.
  /// @throws InvalidArgumentError
  [[nodiscard]] static EtcdOptions from_url(puppet::StorageUrl url);
};

/// A card in etcd v3, the JSON document under the card's name, as the npm package memory-card keeps
/// it: cards of that package open here and the other way round.
///
/// Speaks the JSON gateway of the server over HTTP: a session of some KB costs about the same as
/// over gRPC, and no program that only wants a card has to carry gRPC. Versions are mod_revisions,
/// compared in a transaction. Keys beside `bot`: `bot.lease` with the lease, whose create_revision
/// is the fencing number; `bot.damaged-<UTC time>` what was set aside. Needs etcd 3.4.
///
/// Thread: any. Blocks for the round trips.
class EtcdStorage final : public puppet::MemoryStorage {
 public:
  /// @param key  not empty
  EtcdStorage(std::string key, EtcdOptions options);
  ~EtcdStorage() override;

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
