// SPDX-License-Identifier: Apache-2.0
#pragma once

// The component `storage`: memory cards on Redis, etcd and S3, and encrypted ones.
#include "wechaty/puppet_storage/encrypted_storage.hpp"  // IWYU pragma: export
#include "wechaty/puppet_storage/etcd_storage.hpp"       // IWYU pragma: export
#include "wechaty/puppet_storage/redis_storage.hpp"      // IWYU pragma: export
#include "wechaty/puppet_storage/remote_options.hpp"     // IWYU pragma: export
#include "wechaty/puppet_storage/s3_storage.hpp"         // IWYU pragma: export
#include "wechaty/puppet_storage/storages.hpp"           // IWYU pragma: export
