// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/capability.hpp"

#include <array>

namespace wechaty::puppet {

namespace {
/// In the order of the enumerators.
constexpr std::array<std::string_view, capability_count> names{
    "ding",
    "logout",
    "contact_alias",
    "contact_avatar",
    "contact_list",
    "contact_payload",
    "set_contact_self_name",
    "contact_self_qr_code",
    "set_contact_self_signature",
    "set_contact_alias",
    "set_contact_avatar",
    "set_contact_corporation_remark",
    "set_contact_description",
    "set_contact_phone",
    "friendship_accept",
    "friendship_add",
    "friendship_payload",
    "friendship_search_handle",
    "friendship_search_phone",
    "conversation_read_mark",
    "set_conversation_read_mark",
    "message_contact",
    "message_file",
    "message_forward",
    "message_image",
    "message_location",
    "message_mini_program",
    "message_payload",
    "message_recall",
    "message_send_contact",
    "message_send_file",
    "message_send_location",
    "message_send_mini_program",
    "message_send_post",
    "message_send_text",
    "message_send_url",
    "message_url",
    "room_add",
    "room_announce",
    "room_avatar",
    "room_create",
    "room_del",
    "room_list",
    "room_payload",
    "room_qr_code",
    "room_quit",
    "room_topic",
    "set_room_announce",
    "set_room_topic",
    "room_member_list",
    "room_member_payload",
    "room_invitation_accept",
    "room_invitation_payload",
    "tag_contact_add",
    "tag_contact_delete",
    "tag_contact_list",
    "tag_contact_list_all",
    "tag_contact_remove",
    "post_payload",
    "post_publish",
    "post_search",
    "set_tap",
    "tap",
    "tap_search",
};
static_assert(!names.back().empty(), "a capability has no name");
}  // namespace

std::string_view capability_name(Capability capability) noexcept {
  return names.at(static_cast<std::size_t>(capability));
}

}  // namespace wechaty::puppet
