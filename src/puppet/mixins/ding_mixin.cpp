// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/ding_mixin.hpp"

namespace wechaty::puppet {

void DingMixin::ding(std::string_view data) { do_ding(data); }

void DingMixin::do_ding(std::string_view data) {
  core_.report(EventDongPayload{.data = std::string{data}});
}

std::optional<bool> DingMixin::implements(Capability capability) const {
  if (capability == Capability::ding) return hooks_.overrides(this, &DingMixin::do_ding);
  return std::nullopt;
}

}  // namespace wechaty::puppet
