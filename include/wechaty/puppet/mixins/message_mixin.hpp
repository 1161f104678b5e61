// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wechaty/puppet/cache/lru_map.hpp"
#include "wechaty/puppet/engine/hook_table.hpp"
#include "wechaty/puppet/engine/puppet_core.hpp"
#include "wechaty/puppet/engine/sent_contents.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"
#include "wechaty/puppet/mixins/dirty_mixin.hpp"
#include "wechaty/puppet/mixins/room_mixin.hpp"
#include "wechaty/puppet/query/message_query.hpp"

namespace wechaty::puppet {

/// What goes with a text.
struct MessageSendOptions {
  std::vector<std::string> mention_id_list;  ///< contact ids, in a room
};

/// Messages, both ways.
///
/// Every send that succeeds returns the id of the message and leads to exactly one `message` event
/// of it, whether the service echoes it or not (contract R1). `conversation_id` is the id of a
/// contact or of a room.
///
/// Thread: every public function from any thread; sends, and getters that are not answered from the
/// cache, block for a round trip to the service. Hooks may be called concurrently.
/// Errors: InvalidArgumentError on an empty id; NotLoggedInError from what needs a login session;
/// UnsupportedError where the puppet lacks the hook; ContractError when a send hook returns no id;
/// whatever the hook throws, unchanged.
/// Source: wechaty-puppet src/mixins/message-mixin.ts.
class MessageMixin {
 public:
  /// What is known of a message: from the cache, else from the service (contract R6).
  [[nodiscard]] MessagePayload message_payload(std::string_view message_id);
  /// The same from the cache only.
  [[nodiscard]] std::optional<MessagePayload> message_payload_cache(std::string_view message_id);

  /// The ids of the cached messages, oldest first.
  [[nodiscard]] std::vector<std::string> message_list();
  /// The ids of the cached messages that match every key of `filter`, oldest first; a filter with
  /// `id` asks the service too, and looks at nothing else. No key: all.
  [[nodiscard]] std::vector<std::string> message_search(const MessageQueryFilter& filter = {});

  /// The id of the contact on a contact card.
  [[nodiscard]] std::string message_contact(std::string_view message_id);
  /// The file of a message; its name tells its MIME type (contract R5).
  [[nodiscard]] FileBox message_file(std::string_view message_id);
  /// The picture of a message in the wanted size; named as message_file().
  [[nodiscard]] FileBox message_image(std::string_view message_id, ImageType type);
  [[nodiscard]] MiniProgramPayload message_mini_program(std::string_view message_id);
  [[nodiscard]] UrlLinkPayload message_url(std::string_view message_id);
  [[nodiscard]] LocationPayload message_location(std::string_view message_id);

  /// Send a text. @param text UTF-8, as long as the service allows
  std::string message_send_text(std::string_view conversation_id, std::string_view text,
                                const MessageSendOptions& options = {});
  /// Send a file; its name is made to tell its MIME type first (contract R5).
  std::string message_send_file(std::string_view conversation_id, const FileBox& file);
  std::string message_send_contact(std::string_view conversation_id, std::string_view contact_id);
  std::string message_send_url(std::string_view conversation_id, const UrlLinkPayload& link);
  std::string message_send_mini_program(std::string_view conversation_id,
                                        const MiniProgramPayload& mini_program);
  std::string message_send_location(std::string_view conversation_id,
                                    const LocationPayload& location);
  std::string message_send_post(std::string_view conversation_id, const PostPayload& post);
  /// Send a message on to another conversation.
  std::string message_forward(std::string_view conversation_id, std::string_view message_id);

  /// Take a message back.
  ///
  /// @result whether the service did so
  /// Effects: if so, drops the cached payload, then emits EventDirtyPayload.
  bool message_recall(std::string_view message_id);

  [[nodiscard]] std::optional<bool> implements(Capability capability) const;

 protected:
  MessageMixin(PuppetCore& core, DirtyMixin& dirty, RoomMixin& room);
  virtual ~MessageMixin() = default;

  /// A message has come, or the service echoes one of ours: emits EventMessagePayload unless that
  /// message was delivered before; its payload answers from then on.
  void receive(MessagePayload message);

  /// @throws NotFoundError for an id that the service does not know
  virtual MessagePayload do_message_payload(std::string_view message_id);
  virtual std::string do_message_contact(std::string_view message_id);
  virtual FileBox do_message_file(std::string_view message_id);
  virtual FileBox do_message_image(std::string_view message_id, ImageType type);
  virtual MiniProgramPayload do_message_mini_program(std::string_view message_id);
  virtual UrlLinkPayload do_message_url(std::string_view message_id);
  virtual LocationPayload do_message_location(std::string_view message_id);

  // Send hooks return the id that later copies of the message carry, never an empty one (R1.6).
  virtual std::string do_message_send_text(std::string_view conversation_id, std::string_view text,
                                           const MessageSendOptions& options);
  virtual std::string do_message_send_file(std::string_view conversation_id, const FileBox& file);
  virtual std::string do_message_send_contact(std::string_view conversation_id,
                                              std::string_view contact_id);
  virtual std::string do_message_send_url(std::string_view conversation_id,
                                          const UrlLinkPayload& link);
  virtual std::string do_message_send_mini_program(std::string_view conversation_id,
                                                   const MiniProgramPayload& mini_program);
  virtual std::string do_message_send_location(std::string_view conversation_id,
                                               const LocationPayload& location);
  virtual std::string do_message_send_post(std::string_view conversation_id,
                                           const PostPayload& post);
  virtual std::string do_message_forward(std::string_view conversation_id,
                                         std::string_view message_id);
  virtual bool do_message_recall(std::string_view message_id);

 private:
  friend class LoginMixin;    // forgets what was sent at the end of a session
  friend class SayableMixin;  // sends files as what they are said to be; reads posts that were sent

  /// One send: the hook, then its one event.
  struct Outgoing {
    Capability what;
    std::string_view conversation_id;
    MessagePayload payload;  ///< what the base knows of it: type, text, file name, mentions
    SentContent content;
  };
  std::string send(Outgoing outgoing, const std::function<std::string()>& hook);
  std::string send_file(std::string_view conversation_id, const FileBox& file,
                        std::optional<MessageType> type);
  void deliver_own(Session::Number session, MessagePayload payload, SentContent content);
  [[nodiscard]] bool is_room(std::string_view conversation_id);
  void learn(const MessagePayload& message);
  void forget_sent();

  /// The content of a message that the bot has sent itself, if it is of this kind.
  template <class T>
  [[nodiscard]] std::optional<T> sent(std::string_view message_id);
  template <class T, class Ask>
  [[nodiscard]] T sent_or_ask(std::string_view message_id, std::string_view what, Ask ask);

  PuppetCore& core_;
  DirtyMixin& dirty_;
  RoomMixin& room_;
  HookTable hooks_;
  SentContents sent_;

  std::mutex mutex_;           // guards kinds_
  LruMap<bool> kinds_{1'000};  // conversation id to whether it is a room
};

template <class T>
std::optional<T> MessageMixin::sent(std::string_view message_id) {
  const auto content = sent_.find(message_id);
  if (!content) return std::nullopt;
  if (const auto* value = std::get_if<T>(content.get())) return *value;
  if (const auto* forward = std::get_if<ForwardOf>(content.get())) {
    if (forward->message_id != message_id) return sent<T>(forward->message_id);
  }
  return std::nullopt;
}

}  // namespace wechaty::puppet
