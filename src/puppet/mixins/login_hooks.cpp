// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/login_mixin.hpp"

// The hooks of LoginMixin where a puppet does not override them.

namespace wechaty::puppet {

void LoginMixin::do_logout(std::string_view) { core_.unsupported(Capability::logout); }

std::optional<bool> LoginMixin::implements(Capability capability) const {
  switch (capability) {
    case Capability::logout: return hooks_.overrides(this, &LoginMixin::do_logout);
    default: return std::nullopt;
  }
}

}  // namespace wechaty::puppet
