// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "wechaty/puppet/memory/memory_storage.hpp"
#include "wechaty/puppet/memory/storage_url.hpp"
#include "wechaty/puppet_storage/remote_options.hpp"

namespace wechaty::puppet_storage {

/// How a save makes sure that it overwrites nothing unseen.
enum class S3Conditions {
  /// Asks for the object's ETag first, and sends If-Match or If-None-Match as well: safe where the
  /// server honours them (AWS, MinIO, Ceph since Reef); elsewhere two saves within one round trip
  /// can still overwrite each other.
  check_and_headers,
  headers,  ///< trusts the server to honour the headers; one round trip less
};

struct S3Options {
  std::string bucket{};
  std::string region = "us-east-1";
  /// "https://host[:port]"; empty: AWS.
  std::string endpoint{};
  /// The bucket in the path ("https://host/bucket/key"), or in the host name ("bucket.host").
  bool path_style = false;
  std::string access_key_id{};
  std::string secret_access_key{};
  std::string session_token{};  ///< of temporary credentials; empty: none
  std::string ca_file{};        ///< PEM; empty: the system's
  S3Conditions conditions = S3Conditions::check_and_headers;
  RemoteOptions remote{};

  /// `s3://bucket/key[?endpoint=URL&region=R&style=path|host&conditions=check|headers&ca=FILE
  /// &timeout=ms]`; path style is the default with an endpoint. Credentials come from the
  /// environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN; AWS_REGION is the
  /// default region, AWS_CA_BUNDLE the default CA file.
  /// @throws InvalidArgumentError
  [[nodiscard]] static S3Options from_url(puppet::StorageUrl url);
};

/// A card in an S3 object, the JSON document as its body, as the npm package memory-card keeps it.
///
/// Requests are signed with AWS Signature Version 4. Versions are ETags. A document that is set
/// aside goes to `<key>.damaged-<UTC time>`. S3 has no leases. A bucket with versioning keeps what
/// was destroyed: use one without it for sessions.
///
/// Thread: any. Blocks for the round trips.
/// Differs: the npm package takes every 4xx answer, a refusal too, for an empty card.
class S3Storage final : public puppet::MemoryStorage {
 public:
  /// @param key  of the object, not empty
  S3Storage(std::string key, S3Options options);
  ~S3Storage() override;

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
