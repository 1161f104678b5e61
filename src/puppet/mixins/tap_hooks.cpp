// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/tap_mixin.hpp"

// The hooks of TapMixin where a puppet does not override them.

namespace wechaty::puppet {

bool TapMixin::do_tap(std::string_view, TapType) { core_.unsupported(Capability::tap); }

void TapMixin::do_set_tap(std::string_view, TapType, bool) {
  core_.unsupported(Capability::set_tap);
}

PaginationResponse<TapPayload> TapMixin::do_tap_search(std::string_view, const TapQueryFilter&,
                                                       const PaginationRequest&) {
  core_.unsupported(Capability::tap_search);
}

std::optional<bool> TapMixin::implements(Capability capability) const {
  switch (capability) {
    case Capability::tap: return hooks_.overrides(this, &TapMixin::do_tap);
    case Capability::set_tap: return hooks_.overrides(this, &TapMixin::do_set_tap);
    case Capability::tap_search: return hooks_.overrides(this, &TapMixin::do_tap_search);
    default: return std::nullopt;
  }
}

}  // namespace wechaty::puppet
