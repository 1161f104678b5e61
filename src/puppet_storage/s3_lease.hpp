// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "puppet_storage/environment.hpp"
#include "puppet_storage/s3_client.hpp"
#include "wechaty/puppet/memory/memory_storage.hpp"

namespace wechaty::puppet_storage {

/// A lease in an object of its own, taken, renewed and given back by conditional PUTs.
///
/// S3 forgets nothing by itself, so whether a lease is over is told by the server's own clock: the
/// age of the object is its answer's Date less its Last-Modified, whatever the time is here. The
/// object stays when the lease is given back, because it keeps the fencing number.
///
/// @param token  set to what marks the lease as ours, for s3_lease_is_ours(); cleared at its end
/// @throws ConflictError naming the holder; StorageError; UnsupportedError where the server ignores
///         the conditions: then two could hold it
[[nodiscard]] std::unique_ptr<puppet::StorageLease> acquire_s3_lease(S3Client& client,
                                                                     const std::string& object,
                                                                     puppet::LeaseOptions options,
                                                                     const SharedText& token);

/// Ask the server. @throws TransientError, StorageError
[[nodiscard]] bool s3_lease_is_ours(S3Client& client, const std::string& object,
                                    const std::string& token);

}  // namespace wechaty::puppet_storage
