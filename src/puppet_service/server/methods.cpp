// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/methods.hpp"

namespace wechaty::puppet_service {

const UnaryMethods& unary_methods() {
  static const UnaryMethods methods = [] {
    UnaryMethods all;
    add_base_methods(all);
    add_contact_methods(all);
    add_friendship_methods(all);
    add_message_methods(all);
    add_room_methods(all);
    add_tag_methods(all);
    return all;
  }();
  return methods;
}

}  // namespace wechaty::puppet_service
