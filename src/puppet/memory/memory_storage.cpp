// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/memory/memory_storage.hpp"

namespace wechaty::puppet {

std::unique_ptr<StorageLease> MemoryStorage::acquire_lease(LeaseOptions /*options*/) {
  throw UnsupportedError{describe() +
                         " has no lease: nothing keeps a second process away but "
                         "the comparison of versions when it saves"};
}

}  // namespace wechaty::puppet
