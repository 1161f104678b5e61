// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/tap_mixin.hpp"

namespace wechaty::puppet {

bool TapMixin::tap(std::string_view post_id, TapType type) {
  PuppetCore::require(post_id, "tap", "post_id");
  core_.require_login("tap");
  return do_tap(post_id, type);
}

void TapMixin::set_tap(std::string_view post_id, TapType type, bool tapped) {
  PuppetCore::require(post_id, "set_tap", "post_id");
  core_.require_login("set_tap");
  do_set_tap(post_id, type, tapped);
}

PaginationResponse<TapPayload> TapMixin::tap_search(std::string_view post_id,
                                                    const TapQueryFilter& filter,
                                                    const PaginationRequest& page) {
  PuppetCore::require(post_id, "tap_search", "post_id");
  core_.require_login("tap_search");
  return do_tap_search(post_id, filter, page);
}

}  // namespace wechaty::puppet
