// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wechaty/puppet/memory/storage_url.hpp"

namespace wechaty::puppet_storage {

/// What MemoryCard::open() needs to know all schemes: redis, etcd, etcds, s3, and file and nop as
/// without it. `MemoryCard::open("redis://host/bot", puppet_storage::storages())`.
///
/// Credentials come from the environment, see docs/memory-card.md. With WECHATY_PUPPET_MEMORY_KEY
/// or WECHATY_PUPPET_MEMORY_KEY_FILE set, cards of every scheme are encrypted (EncryptedStorage).
///
/// The factory throws UnsupportedError for an engine that this build was made without.
[[nodiscard]] puppet::StorageFactory storages();

}  // namespace wechaty::puppet_storage
