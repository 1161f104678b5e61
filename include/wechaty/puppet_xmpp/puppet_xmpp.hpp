// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wechaty/puppet.hpp"
#include "wechaty/puppet_xmpp/options.hpp"

namespace wechaty::puppet_xmpp {

class Account;

/// A puppet on XMPP: one account of any server (RFC 6120, 6121, 7622). What it supports, and what
/// XMPP has no notion of, is in docs/xmpp.md.
///
/// Ids are bare JIDs (`alice@example.org`, `lobby@conference.example.org`). A send returns when the
/// server has the message, in a room when the room has reflected it. The memory card holds the
/// login keys, so it is a secret; the password is not on it.
///
/// start() returns before there is a session: `login` and `ready` tell of it. A server out of reach
/// is dialled again with back-off, and `error` tells why, once for each reason. An account that is
/// refused leads to `error` and a `scan` whose `data` says what is missing; a session that somebody
/// ends, to `logout`.
///
/// Errors of the functions of Puppet, besides those that Puppet names: NotLoggedInError between
/// stop() and start(), and after a logout; TimeoutError and CancelledError (by stop()) while they
/// wait; NotFoundError, ConflictError, InvalidArgumentError, UnsupportedError for what the server
/// answers (RFC 6120, section 8.3.3), Error for its other conditions and for a stream that is lost
/// for good meanwhile; UnsupportedError for what XMPP has no notion of.
///
/// Thread: as Puppet. Hooks block for the server, at most XmppOptions::request_timeout a step. Each
/// puppet that is started has three threads of its own: stream, synchronisation, memory card.
class PuppetXmpp : public puppet::Puppet {
 public:
  /// Connects to nothing yet.
  ///
  /// @param xmpp     the account and the way to it
  /// @param options  of every puppet; its memory card is what a session is restored from
  /// @throws InvalidArgumentError on an address that is none, direct TLS to a host without a port,
  /// a
  ///         name server that is no `address:port`, or a time that is not above zero
  /// Thread: any. Does not block.
  explicit PuppetXmpp(XmppOptions xmpp, puppet::PuppetOptions options = {});
  ~PuppetXmpp() override;

  /// Log in with this password: the answer to a `scan` event that asks for one, and the way back
  /// after a logout. Does nothing when the puppet is stopped.
  ///
  /// Returns before the server has said anything: what comes of it are events, as after start(),
  /// among them `error` and another `scan` for a password that is refused.
  ///
  /// @param password  UTF-8, see XmppOptions::password; empty: the one of the options. Kept in
  /// memory
  ///                  until it is refused, or a logout
  /// @throws InvalidArgumentError when the memory card holds the session of another account than
  ///         XmppOptions::jid; Error when the process has no file descriptor left;
  ///         std::system_error when it has no thread left. The puppet is without a session then
  /// Effects: ends a session that is there, as stop() does it but without its events.
  /// Thread: any but those that hold a lock which listeners want; listeners may call it. Blocks
  /// until a session that is left over has ended, at most some seconds. Source: contract R2
  /// (`scan`); SCRAM: RFC 5802, RFC 7677.
  void log_in(std::string password = {});

 protected:
  // The hooks: what each does on XMPP, and by which XEP, is a table of docs/xmpp.md.

  void do_start() override;
  void do_stop() override;
  void do_logout(std::string_view reason) override;
  void do_ding(std::string_view data) override;

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
  std::optional<std::string> do_friendship_search_handle(std::string_view handle) override;

  void do_tag_contact_add(std::string_view tag_id, std::string_view contact_id) override;
  void do_tag_contact_remove(std::string_view tag_id, std::string_view contact_id) override;
  void do_tag_contact_delete(std::string_view tag_id) override;
  std::vector<std::string> do_tag_contact_list(std::string_view contact_id) override;
  std::vector<std::string> do_tag_contact_list_all() override;

  void do_set_conversation_read_mark(std::string_view conversation_id, bool has_read) override;
  puppet::MessagePayload do_message_payload(std::string_view id) override;
  std::string do_message_contact(std::string_view id) override;
  puppet::FileBox do_message_file(std::string_view id) override;
  puppet::FileBox do_message_image(std::string_view id, puppet::ImageType type) override;
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
  std::string do_message_send_location(std::string_view conversation_id,
                                       const puppet::LocationPayload& location) override;
  std::string do_message_forward(std::string_view conversation_id,
                                 std::string_view message_id) override;
  bool do_message_recall(std::string_view id) override;

  puppet::RoomPayload do_room_payload(std::string_view id) override;
  std::vector<std::string> do_room_list() override;
  std::string do_room_create(std::span<const std::string> contact_ids,
                             std::string_view topic) override;
  void do_room_add(std::string_view room_id, std::string_view contact_id,
                   bool invite_only) override;
  void do_room_del(std::string_view room_id, std::string_view contact_id) override;
  void do_room_quit(std::string_view room_id) override;
  std::string do_room_topic(std::string_view room_id) override;
  void do_set_room_topic(std::string_view room_id, std::string_view topic) override;
  std::string do_room_announce(std::string_view room_id) override;
  void do_set_room_announce(std::string_view room_id, std::string_view text) override;
  std::string do_room_qr_code(std::string_view room_id) override;
  puppet::RoomMemberPayload do_room_member_payload(std::string_view room_id,
                                                   std::string_view member_id) override;
  std::vector<std::string> do_room_member_list(std::string_view room_id) override;
  puppet::RoomInvitationPayload do_room_invitation_payload(std::string_view id) override;
  void do_room_invitation_accept(std::string_view id) override;

 private:
  class Port;

  [[nodiscard]] std::shared_ptr<Account> account(std::string_view what);
  [[nodiscard]] std::shared_ptr<Account> current();
  void begin();
  bool end(bool keep_card);
  void ask_for(const std::string& what);
  void on_ended(bool wrong_address, const std::string& why);

  const XmppOptions xmpp_;
  const std::unique_ptr<Port> port_;
  puppet::Subscription deliveries_;  // tells the account what the listeners were told of

  std::mutex life_;       // held while an account is begun or ended
  bool started_ = false;  // between do_start() and do_stop(); guarded by life_

  std::mutex mutex_;  // guards everything below
  std::string password_;
  std::shared_ptr<Account> account_;
  bool logged_in_ = false;
};

}  // namespace wechaty::puppet_xmpp
