// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/engine/call_scope.hpp"

namespace wechaty::puppet {

const CallScope*& CallScope::innermost() {
  thread_local const CallScope* scope = nullptr;
  return scope;
}

}  // namespace wechaty::puppet
