// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "puppet/schemas/json_reader.hpp"
#include "puppet/schemas/json_writer.hpp"
#include "wechaty/puppet/schemas.hpp"

/// The JSON names of the payloads' fields, each stated once for reading and writing.
namespace wechaty::puppet::detail {

template <class IO, class T>
using Ref = typename IO::template Ref<T>;

template <class IO>
void describe(IO& io, Ref<IO, ContactPayload> contact) {
  io.required("id", contact.id);
  io.required("gender", contact.gender);
  io.required("type", contact.type);
  io.required("name", contact.name);
  io.required("avatar", contact.avatar);
  io.optional("address", contact.address);
  io.optional("alias", contact.alias);
  io.optional("city", contact.city);
  io.optional("province", contact.province);
  io.optional("friend", contact.is_friend);
  io.optional("signature", contact.signature);
  io.optional("star", contact.star);
  io.optional("weixin", contact.weixin);
  io.optional("handle", contact.handle);
  io.required("phone", contact.phone);
  io.optional("corporation", contact.corporation);
  io.optional("title", contact.title);
  io.optional("description", contact.description);
  io.optional("coworker", contact.coworker);
}

template <class IO>
void describe(IO& io, Ref<IO, MessagePayload> message) {
  io.required("id", message.id);
  io.required("talkerId", message.talker_id, "fromId");
  io.required("type", message.type);
  io.required("timestamp", message.timestamp);
  io.optional("text", message.text);
  io.optional("filename", message.filename);
  io.optional("roomId", message.room_id);
  io.optional("mentionIdList", message.mention_id_list);
  io.optional("listenerId", message.listener_id, "toId");
  io.optional("fromId", message.from_id);
  io.optional("toId", message.to_id);
  if constexpr (IO::reads) {
    if (!message.room_id && !message.listener_id) {
      fail(io.path().key("listenerId"), "missing (required where there is no roomId)");
    }
  }
}

template <class IO>
void describe(IO& io, Ref<IO, RoomPayload> room) {
  io.required("id", room.id);
  io.required("topic", room.topic);
  io.optional("avatar", room.avatar);
  io.optional("handle", room.handle);
  io.required("memberIdList", room.member_id_list);
  io.required("adminIdList", room.admin_id_list);
  io.optional("ownerId", room.owner_id);
  io.optional("external", room.external);
}

template <class IO>
void describe(IO& io, Ref<IO, RoomMemberPayload> member) {
  io.required("id", member.id);
  io.required("name", member.name);
  io.required("avatar", member.avatar);
  io.optional("roomAlias", member.room_alias);
  io.optional("inviterId", member.inviter_id);
}

template <class IO>
void describe(IO& io, Ref<IO, RoomInvitationPayload> invitation) {
  io.required("id", invitation.id);
  io.required("inviterId", invitation.inviter_id);
  io.required("receiverId", invitation.receiver_id);
  io.required("topic", invitation.topic);
  io.required("avatar", invitation.avatar);
  io.required("invitation", invitation.invitation);
  io.required("memberCount", invitation.member_count);
  io.required("memberIdList", invitation.member_id_list);
  io.required("timestamp", invitation.timestamp);
}

template <class IO>
void describe(IO& io, Ref<IO, FriendshipPayload> friendship) {
  io.required("id", friendship.id);
  io.required("contactId", friendship.contact_id);
  io.optional("hello", friendship.hello);
  io.required("timestamp", friendship.timestamp);
  io.required("type", friendship.type);
  io.optional("scene", friendship.scene);
  io.optional("stranger", friendship.stranger);
  io.optional("ticket", friendship.ticket);
  if constexpr (IO::reads) {
    if (friendship.type == FriendshipType::receive && !friendship.ticket) {
      fail(io.path().key("ticket"), "missing (required with type 2, Receive)");
    }
  }
}

template <class IO>
void describe(IO& io, Ref<IO, FriendshipAddOptions> options) {
  io.optional("roomId", options.room_id);
  io.optional("contactId", options.contact_id);
  io.optional("hello", options.hello);
}

template <class IO>
void describe(IO& io, Ref<IO, UrlLinkPayload> link) {
  io.optional("description", link.description);
  io.optional("thumbnailUrl", link.thumbnail_url);
  io.required("title", link.title);
  io.required("url", link.url);
}

template <class IO>
void describe(IO& io, Ref<IO, MiniProgramPayload> program) {
  io.optional("appid", program.appid);
  io.optional("description", program.description);
  io.optional("pagePath", program.page_path);
  io.optional("iconUrl", program.icon_url);
  io.optional("shareId", program.share_id);
  io.optional("thumbUrl", program.thumb_url);
  io.optional("title", program.title);
  io.optional("username", program.username);
  io.optional("thumbKey", program.thumb_key);
}

template <class IO>
void describe(IO& io, Ref<IO, LocationPayload> location) {
  io.required("accuracy", location.accuracy);
  io.required("address", location.address);
  io.required("latitude", location.latitude);
  io.required("longitude", location.longitude);
  io.required("name", location.name);
}

template <class IO>
void describe(IO& io, Ref<IO, TapList> taps) {
  io.required("contactId", taps.contact_id);
  io.required("timestamp", taps.timestamp);
  if constexpr (IO::reads) {
    if (taps.contact_id.size() != taps.timestamp.size()) {
      fail(io.path().key("timestamp"), "expected as many as there are in contactId");
    }
  }
}

template <class IO>
void describe(IO& io, Ref<IO, PaginationRequest> request) {
  io.optional("pageSize", request.page_size);
  io.optional("pageToken", request.page_token);
}

template <class IO>
void describe(IO& io, Ref<IO, PaginationResponse<std::vector<std::string>>> response) {
  io.optional("nextPageToken", response.next_page_token);
  io.required("response", response.response);
}

template <class IO>
void describe(IO& io, Ref<IO, PaginationResponse<TapPayload>> response) {
  io.optional("nextPageToken", response.next_page_token);
  io.required("response", response.response.taps);  // a TapPayload is its map, without a key
}

}  // namespace wechaty::puppet::detail
