// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/post_mixin.hpp"

// The hooks of PostMixin where a puppet does not override them.

namespace wechaty::puppet {

PostPayload PostMixin::do_post_payload(std::string_view) {
  core_.unsupported(Capability::post_payload);
}

std::optional<std::string> PostMixin::do_post_publish(const PostPayload&) {
  core_.unsupported(Capability::post_publish);
}

PaginationResponse<std::vector<std::string>> PostMixin::do_post_search(const PostQueryFilter&,
                                                                       const PaginationRequest&) {
  core_.unsupported(Capability::post_search);
}

std::optional<bool> PostMixin::implements(Capability capability) const {
  switch (capability) {
    case Capability::post_payload: return hooks_.overrides(this, &PostMixin::do_post_payload);
    case Capability::post_publish: return hooks_.overrides(this, &PostMixin::do_post_publish);
    case Capability::post_search: return hooks_.overrides(this, &PostMixin::do_post_search);
    default: return std::nullopt;
  }
}

}  // namespace wechaty::puppet
