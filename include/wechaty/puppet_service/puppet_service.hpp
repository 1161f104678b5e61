// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wechaty/puppet.hpp"
#include "wechaty/puppet_service/client_options.hpp"
#include "wechaty/puppet_service/connection_status.hpp"

namespace wechaty::puppet_service {

/// A puppet that lives behind a Wechaty puppet server, in whatever language that is written.
///
/// start() connects, opens the stream of events and starts the puppet behind the server. A
/// connection that is lost is made again, for ever: one attempt at once, which the login session
/// survives; if it fails, `logout` is delivered with the reason (the session stays on the card, as
/// at stop()), the client is offline, and `login` follows when the server is back. Whatever was
/// cached before such a gap is asked for again.
///
/// Errors of calls: NetworkError while there is no connection, TimeoutError after a deadline,
/// AuthenticationError when the server refuses the token, CancelledError when stop() comes; else
/// what the server says. What the protocol cannot carry throws UnsupportedError: posts, taps, read
/// marks.
///
/// Thread: as every puppet. Nothing of it waits on the executor's thread; a thread of its own
/// exists only while it connects or doubts the server. gRPC's threads are shared by all clients.
/// Source: wechaty-puppet-service src/client/puppet-service.ts and grpc-manager.ts.
/// Differs: reconnects; has deadlines; answers no LOGOUT with a Logout call; a damaged event is an
/// `error` event and the stream goes on; no cache on disk.
class PuppetService final : public puppet::Puppet {
 public:
  /// @throws InvalidArgumentError without a token, without a name for TLS (a token without
  /// `<name>_`
  ///         in front and no server name), or on an endpoint that is none
  explicit PuppetService(puppet::PuppetOptions options = {}, PuppetServiceOptions service = {});
  ~PuppetService() override;

  /// How the client stands with its server now. Thread: any. Does not block.
  [[nodiscard]] ConnectionStatus connection() const;

  /// Call `listener` on the executor at every change of connection(), in order, until the result
  /// goes; whoever lets it go on another thread waits for a call that has begun.
  [[nodiscard]] std::shared_ptr<void> on_connection(
      std::function<void(const ConnectionStatus&)> listener);

 protected:
  void do_start() override;
  void do_stop() override;
  void do_logout(std::string_view reason) override;
  void do_ding(std::string_view data) override;
  void do_dirty_payload(puppet::DirtyType type, std::string_view id) override;

  puppet::ContactPayload do_contact_payload(std::string_view id) override;
  std::vector<std::string> do_contact_list() override;
  std::string do_contact_alias(std::string_view id) override;
  void do_set_contact_alias(std::string_view id, std::optional<std::string_view> alias) override;
  puppet::FileBox do_contact_avatar(std::string_view id) override;
  void do_set_contact_avatar(std::string_view id, const puppet::FileBox& avatar) override;
  void do_set_contact_phone(std::string_view id, std::span<const std::string> phones) override;
  void do_set_contact_corporation_remark(std::string_view id,
                                         std::optional<std::string_view> remark) override;
  void do_set_contact_description(std::string_view id,
                                  std::optional<std::string_view> description) override;
  void do_set_contact_self_name(std::string_view name) override;
  std::string do_contact_self_qr_code() override;
  void do_set_contact_self_signature(std::string_view signature) override;

  puppet::FriendshipPayload do_friendship_payload(std::string_view id) override;
  void do_friendship_accept(std::string_view id) override;
  void do_friendship_add(std::string_view contact_id,
                         const puppet::FriendshipAddOptions& options) override;
  std::optional<std::string> do_friendship_search_phone(std::string_view phone) override;
  std::optional<std::string> do_friendship_search_handle(std::string_view handle) override;

  puppet::MessagePayload do_message_payload(std::string_view id) override;
  std::string do_message_contact(std::string_view id) override;
  puppet::FileBox do_message_file(std::string_view id) override;
  puppet::FileBox do_message_image(std::string_view id, puppet::ImageType type) override;
  puppet::MiniProgramPayload do_message_mini_program(std::string_view id) override;
  puppet::UrlLinkPayload do_message_url(std::string_view id) override;
  puppet::LocationPayload do_message_location(std::string_view id) override;
  std::string do_message_send_text(std::string_view conversation_id, std::string_view text,
                                   const puppet::MessageSendOptions& options) override;
  std::string do_message_send_file(std::string_view conversation_id,
                                   const puppet::FileBox& file) override;
  std::string do_message_send_contact(std::string_view conversation_id,
                                      std::string_view contact_id) override;
  std::string do_message_send_url(std::string_view conversation_id,
                                  const puppet::UrlLinkPayload& link) override;
  std::string do_message_send_mini_program(std::string_view conversation_id,
                                           const puppet::MiniProgramPayload& mini_program) override;
  std::string do_message_send_location(std::string_view conversation_id,
                                       const puppet::LocationPayload& location) override;
  std::string do_message_forward(std::string_view conversation_id, std::string_view id) override;
  bool do_message_recall(std::string_view id) override;

  puppet::RoomPayload do_room_payload(std::string_view id) override;
  std::vector<std::string> do_room_list() override;
  std::string do_room_create(std::span<const std::string> contact_ids,
                             std::string_view topic) override;
  void do_room_add(std::string_view id, std::string_view contact_id, bool invite_only) override;
  void do_room_del(std::string_view id, std::string_view contact_id) override;
  void do_room_quit(std::string_view id) override;
  std::string do_room_topic(std::string_view id) override;
  void do_set_room_topic(std::string_view id, std::string_view topic) override;
  std::string do_room_announce(std::string_view id) override;
  void do_set_room_announce(std::string_view id, std::string_view text) override;
  puppet::FileBox do_room_avatar(std::string_view id) override;
  std::string do_room_qr_code(std::string_view id) override;
  std::vector<std::string> do_room_member_list(std::string_view room_id) override;
  puppet::RoomMemberPayload do_room_member_payload(std::string_view room_id,
                                                   std::string_view member_id) override;
  puppet::RoomInvitationPayload do_room_invitation_payload(std::string_view id) override;
  void do_room_invitation_accept(std::string_view id) override;

  void do_tag_contact_add(std::string_view tag_id, std::string_view contact_id) override;
  void do_tag_contact_remove(std::string_view tag_id, std::string_view contact_id) override;
  void do_tag_contact_delete(std::string_view tag_id) override;
  std::vector<std::string> do_tag_contact_list(std::string_view contact_id) override;
  std::vector<std::string> do_tag_contact_list_all() override;

 private:
  class Client;  // everything that knows gRPC
  const std::unique_ptr<Client> client_;
};

}  // namespace wechaty::puppet_service
