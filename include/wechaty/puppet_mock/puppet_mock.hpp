// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wechaty/puppet.hpp"
#include "wechaty/puppet_mock/world.hpp"

namespace wechaty::puppet_mock {

/// A puppet on a simulated network: for tests, demonstrations, and as an example of a puppet that
/// implements every hook.
///
/// do_start() begins the world's script; without one it logs in as World::self() and gets ready.
/// With a session on the memory card the scans before the first login are left out. It beats at
/// start and every 15 s.
class PuppetMock final : public puppet::Puppet {
 public:
  explicit PuppetMock(std::shared_ptr<World> world, puppet::PuppetOptions options = {});
  ~PuppetMock() override;

  [[nodiscard]] World& world() { return *world_; }

  /// The network ends the session by itself, e.g. because the phone says so.
  void kick(std::string_view reason);
  /// The network accepts the account, as after a scan.
  void accept(std::string_view user_id);
  /// The network says that all is there, as the step `ready` of a script does.
  void say_ready() { ready(); }

 protected:
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
  std::optional<std::string> do_friendship_search_phone(std::string_view phone) override;
  std::optional<std::string> do_friendship_search_handle(std::string_view handle) override;

  bool do_conversation_read_mark(std::string_view conversation_id) override;
  void do_set_conversation_read_mark(std::string_view conversation_id, bool has_read) override;

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
  std::string do_message_send_post(std::string_view conversation_id,
                                   const puppet::PostPayload& post) override;
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

  puppet::PostPayload do_post_payload(std::string_view id) override;
  std::optional<std::string> do_post_publish(const puppet::PostPayload& post) override;
  puppet::PaginationResponse<std::vector<std::string>> do_post_search(
      const puppet::PostQueryFilter& filter, const puppet::PaginationRequest& page) override;
  bool do_tap(std::string_view post_id, puppet::TapType type) override;
  void do_set_tap(std::string_view post_id, puppet::TapType type, bool tapped) override;
  puppet::PaginationResponse<puppet::TapPayload> do_tap_search(
      std::string_view post_id, const puppet::TapQueryFilter& filter,
      const puppet::PaginationRequest& page) override;

 private:
  class ScriptPlayer;

  /// The fault that hits this call of a hook; the ones that every hook can have are done here.
  std::optional<Fault> hit(std::string_view hook);
  void wait(std::string_view hook, std::chrono::milliseconds delay);
  std::string send(std::string_view hook, std::string_view conversation_id,
                   puppet::SayablePayload what);
  template <class T>
  T content(std::string_view message_id, std::string_view what);
  [[nodiscard]] std::string self();
  void hear(const News& news);
  void act(const ScriptAction& action);
  void come_online(std::string_view user_id);
  void go_offline();

  const std::shared_ptr<World> world_;
  std::shared_ptr<ScriptPlayer> player_;

  std::mutex mutex_;  // guards everything below
  std::string account_;
  std::optional<std::uint64_t> connection_;
};

}  // namespace wechaty::puppet_mock
