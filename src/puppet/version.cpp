// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/version.hpp"

namespace wechaty::puppet {

std::string_view version() noexcept { return WECHATY_PUPPET_VERSION; }

}  // namespace wechaty::puppet
