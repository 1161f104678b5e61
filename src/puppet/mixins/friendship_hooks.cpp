// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/friendship_mixin.hpp"

// The hooks of FriendshipMixin where a puppet does not override them.

namespace wechaty::puppet {

FriendshipPayload FriendshipMixin::do_friendship_payload(std::string_view) {
  core_.unsupported(Capability::friendship_payload);
}

void FriendshipMixin::do_friendship_accept(std::string_view) {
  core_.unsupported(Capability::friendship_accept);
}

void FriendshipMixin::do_friendship_add(std::string_view, const FriendshipAddOptions&) {
  core_.unsupported(Capability::friendship_add);
}

std::optional<std::string> FriendshipMixin::do_friendship_search_phone(std::string_view) {
  core_.unsupported(Capability::friendship_search_phone);
}

std::optional<std::string> FriendshipMixin::do_friendship_search_handle(std::string_view) {
  core_.unsupported(Capability::friendship_search_handle);
}

std::optional<bool> FriendshipMixin::implements(Capability capability) const {
  switch (capability) {
    case Capability::friendship_payload:
      return hooks_.overrides(this, &FriendshipMixin::do_friendship_payload);
    case Capability::friendship_accept:
      return hooks_.overrides(this, &FriendshipMixin::do_friendship_accept);
    case Capability::friendship_add:
      return hooks_.overrides(this, &FriendshipMixin::do_friendship_add);
    case Capability::friendship_search_phone:
      return hooks_.overrides(this, &FriendshipMixin::do_friendship_search_phone);
    case Capability::friendship_search_handle:
      return hooks_.overrides(this, &FriendshipMixin::do_friendship_search_handle);
    default: return std::nullopt;
  }
}

}  // namespace wechaty::puppet
