// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_storage/storages.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "puppet_storage/environment.hpp"
#include "wechaty/puppet/memory/file_storage.hpp"
#include "wechaty/puppet_storage/encrypted_storage.hpp"
#include "wechaty/puppet_storage/etcd_storage.hpp"
#include "wechaty/puppet_storage/redis_storage.hpp"
#include "wechaty/puppet_storage/s3_storage.hpp"

namespace wechaty::puppet_storage {
namespace {

using puppet::MemoryStorage;
using puppet::OpenedStorage;
using puppet::StorageUrl;

[[maybe_unused]] [[noreturn]] void not_built(const std::string& engine) {
  throw puppet::UnsupportedError{"this build of the component storage was made without " + engine +
                                 " (CMake: WECHATY_PUPPET_STORAGE_ENGINES)"};
}

/// The key of a card: the path without the slash that ends the host. The npm package uses the bare
/// card name as key.
std::string key_of(const StorageUrl& url) {
  if (!url.path.empty() && !url.path.starts_with('/')) {
    throw puppet::InvalidArgumentError{"storage URL (" + url.scheme + "): it has to begin with " +
                                       url.scheme + "://"};
  }
  return url.path.starts_with('/') ? url.path.substr(1) : url.path;
}

std::shared_ptr<MemoryStorage> redis(const StorageUrl& url) {
#ifdef WECHATY_PUPPET_STORAGE_REDIS
  return std::make_shared<RedisStorage>(key_of(url), RedisOptions::from_url(url));
#else
  not_built("redis (" + url.scheme + ")");
#endif
}

std::shared_ptr<MemoryStorage> etcd(const StorageUrl& url) {
#ifdef WECHATY_PUPPET_STORAGE_ETCD
  return std::make_shared<EtcdStorage>(key_of(url), EtcdOptions::from_url(url));
#else
  not_built("etcd (" + url.scheme + ")");
#endif
}

std::shared_ptr<MemoryStorage> s3(const StorageUrl& url) {
#ifdef WECHATY_PUPPET_STORAGE_S3
  return std::make_shared<S3Storage>(key_of(url), S3Options::from_url(url));
#else
  not_built("s3 (" + url.scheme + ")");
#endif
}

/// With a key in the environment, a storage that encrypts; otherwise the same one.
std::shared_ptr<MemoryStorage> encrypted(std::shared_ptr<MemoryStorage> storage) {
#ifdef WECHATY_PUPPET_STORAGE_ENCRYPTION
  auto keys = EncryptionKeys::from_environment();
  if (!keys) return storage;
  const bool accept = environment("WECHATY_PUPPET_MEMORY_ACCEPT_PLAIN") == "1";
  return std::make_shared<EncryptedStorage>(
      std::move(storage), std::move(*keys),
      accept ? PlainDocuments::accept : PlainDocuments::refuse);
#else
  if (!environment("WECHATY_PUPPET_MEMORY_KEY").empty() ||
      !environment("WECHATY_PUPPET_MEMORY_KEY_FILE").empty()) {
    not_built("encryption");  // rather than a plain card where a key was given
  }
  return storage;
#endif
}

std::optional<OpenedStorage> open(const StorageUrl& url) {
  if (url.scheme == "redis" || url.scheme == "rediss") {
    return OpenedStorage{.name = key_of(url), .storage = encrypted(redis(url))};
  }
  if (url.scheme == "etcd" || url.scheme == "etcds") {
    return OpenedStorage{.name = key_of(url), .storage = encrypted(etcd(url))};
  }
  if (url.scheme == "s3") return OpenedStorage{.name = key_of(url), .storage = encrypted(s3(url))};
  const bool here = url.authority.empty() || url.authority == "localhost";
  if (url.scheme == "file" && here && url.user.empty() && url.query.empty()) {
    return OpenedStorage{.name = url.path,
                         .storage = encrypted(std::make_shared<puppet::FileStorage>(url.path))};
  }
  return std::nullopt;
}

}  // namespace

puppet::StorageFactory storages() { return &open; }

}  // namespace wechaty::puppet_storage
