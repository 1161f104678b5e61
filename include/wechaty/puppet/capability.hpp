// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace wechaty::puppet {

/// What a puppet may or may not implement: one for each optional hook; the hook of `x` is `do_x`.
///
/// Source: wechaty-puppet, the abstract methods of its mixins.
enum class Capability {
  ding,
  logout,
  // contact
  contact_alias,
  contact_avatar,
  contact_list,
  contact_payload,
  set_contact_self_name,
  contact_self_qr_code,
  set_contact_self_signature,
  set_contact_alias,
  set_contact_avatar,
  set_contact_corporation_remark,
  set_contact_description,
  set_contact_phone,
  // friendship
  friendship_accept,
  friendship_add,
  friendship_payload,
  friendship_search_handle,
  friendship_search_phone,
  // conversation, message
  conversation_read_mark,
  set_conversation_read_mark,
  message_contact,
  message_file,
  message_forward,
  message_image,
  message_location,
  message_mini_program,
  message_payload,
  message_recall,
  message_send_contact,
  message_send_file,
  message_send_location,
  message_send_mini_program,
  message_send_post,
  message_send_text,
  message_send_url,
  message_url,
  // room
  room_add,
  room_announce,
  room_avatar,
  room_create,
  room_del,
  room_list,
  room_payload,
  room_qr_code,
  room_quit,
  room_topic,
  set_room_announce,
  set_room_topic,
  room_member_list,
  room_member_payload,
  room_invitation_accept,
  room_invitation_payload,
  // tag
  tag_contact_add,
  tag_contact_delete,
  tag_contact_list,
  tag_contact_list_all,
  tag_contact_remove,
  // post, tap
  post_payload,
  post_publish,
  post_search,
  set_tap,
  tap,
  tap_search,
};

inline constexpr std::size_t capability_count =
    static_cast<std::size_t>(Capability::tap_search) + 1;

/// The contract's name of it in this library's spelling, e.g. "set_contact_alias".
[[nodiscard]] std::string_view capability_name(Capability capability) noexcept;

}  // namespace wechaty::puppet
