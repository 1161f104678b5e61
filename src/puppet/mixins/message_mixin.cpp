// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/message_mixin.hpp"

#include <algorithm>
#include <utility>

#include "wechaty/puppet/file_box/naming.hpp"

namespace wechaty::puppet {

namespace {

MessageType type_of(const FileBox& file) {
  const std::string media_type = file.media_type();
  if (media_type.starts_with("image/")) return MessageType::image;
  if (media_type.starts_with("video/")) return MessageType::video;
  if (media_type.starts_with("audio/")) return MessageType::audio;
  return MessageType::attachment;
}

/// Whether the send hook has read the box, so that only the service has the content still.
bool was_read(const std::optional<FileBox>& own) {
  return own && own->type() == FileBoxType::stream;
}

template <class Ask>
FileBox asked_or(const FileBox& own, std::string_view message_id, Ask ask) {
  try {
    return ask(message_id);
  } catch (...) {
    return own;
  }
}

}  // namespace

MessageMixin::MessageMixin(PuppetCore& core, DirtyMixin& dirty, RoomMixin& room)
    : core_{core},
      dirty_{dirty},
      room_{room},
      hooks_{this},
      sent_{cache_size(core.options().cache.message, "MESSAGE", 500)} {}

// --- payloads --------------------------------------------------------------------------------

MessagePayload MessageMixin::message_payload(std::string_view message_id) {
  PuppetCore::require(message_id, "message_payload", "message_id");
  auto& cache = core_.caches().message;
  try {
    return *cache.get(message_id, [&] {
      MessagePayload payload = do_message_payload(message_id);
      if (payload.id.empty()) payload.id = message_id;
      return payload;
    });
  } catch (...) {
    // The service has echoed a send that has not returned yet, and cannot be asked for it: the
    // send will bring the payload (contract R1.2).
    core_.self_echo().wait_for_sends(core_.stop_token());
    if (const auto present = cache.find(message_id)) return *present;
    throw;
  }
}

std::optional<MessagePayload> MessageMixin::message_payload_cache(std::string_view message_id) {
  PuppetCore::require(message_id, "message_payload_cache", "message_id");
  const auto present = core_.caches().message.find(message_id);
  return present ? std::optional{*present} : std::nullopt;
}

std::vector<std::string> MessageMixin::message_list() { return message_search(); }

std::vector<std::string> MessageMixin::message_search(const MessageQueryFilter& filter) {
  if (filter.id) {
    try {
      return {message_payload(*filter.id).id};
    } catch (const InvalidArgumentError&) {
      throw;
    } catch (...) {
      return {};
    }
  }
  const bool all = filter == MessageQueryFilter{};
  if (!all) validate(filter);
  auto cached = core_.caches().message.values();
  std::stable_sort(cached.begin(), cached.end(),
                   [](const auto& a, const auto& b) { return a->timestamp < b->timestamp; });
  std::vector<std::string> found;
  for (const auto& message : cached) {
    if (all || matches(filter, *message)) found.push_back(message->id);
  }
  return found;
}

// --- contents --------------------------------------------------------------------------------

template <class T, class Ask>
T MessageMixin::sent_or_ask(std::string_view message_id, std::string_view what, Ask ask) {
  PuppetCore::require(message_id, what, "message_id");
  if (auto own = sent<T>(message_id)) return *std::move(own);
  try {
    return ask(message_id);
  } catch (...) {
    core_.self_echo().wait_for_sends(core_.stop_token());
    if (auto own = sent<T>(message_id)) return *std::move(own);
    // A copy that the service does not know by its own id: the original may still be there.
    const auto content = sent_.find(message_id);
    const auto* const forward = content ? std::get_if<ForwardOf>(content.get()) : nullptr;
    if (forward == nullptr) throw;
    return ask(forward->message_id);
  }
}

std::string MessageMixin::message_contact(std::string_view message_id) {
  return sent_or_ask<ContactCard>(
             message_id, "message_contact",
             [this](std::string_view id) { return ContactCard{do_message_contact(id)}; })
      .contact_id;
}

FileBox MessageMixin::message_file(std::string_view message_id) {
  const auto ask = [this](std::string_view id) {
    return core_.with_resolver(conventional(do_message_file(id)));
  };
  const auto own = message_id.empty() ? std::nullopt : sent<FileBox>(message_id);
  if (was_read(own)) return asked_or(*own, message_id, ask);
  return sent_or_ask<FileBox>(message_id, "message_file", ask);
}

FileBox MessageMixin::message_image(std::string_view message_id, ImageType type) {
  const auto ask = [&](std::string_view id) {
    return core_.with_resolver(conventional(do_message_image(id, type)));
  };
  const auto own = message_id.empty() ? std::nullopt : sent<FileBox>(message_id);
  if (was_read(own)) return asked_or(*own, message_id, ask);
  return sent_or_ask<FileBox>(message_id, "message_image", ask);
}

MiniProgramPayload MessageMixin::message_mini_program(std::string_view message_id) {
  return sent_or_ask<MiniProgramPayload>(
      message_id, "message_mini_program",
      [this](std::string_view id) { return do_message_mini_program(id); });
}

UrlLinkPayload MessageMixin::message_url(std::string_view message_id) {
  return sent_or_ask<UrlLinkPayload>(message_id, "message_url",
                                     [this](std::string_view id) { return do_message_url(id); });
}

LocationPayload MessageMixin::message_location(std::string_view message_id) {
  return sent_or_ask<LocationPayload>(message_id, "message_location", [this](std::string_view id) {
    return do_message_location(id);
  });
}

// --- sending ---------------------------------------------------------------------------------

std::string MessageMixin::send(Outgoing outgoing, const std::function<std::string()>& hook) {
  const std::string_view what = capability_name(outgoing.what);
  PuppetCore::require(outgoing.conversation_id, what, "conversation_id");
  const auto [session, self] = core_.require_login(what);
  const SelfEcho::Send under_way{core_.self_echo()};
  const std::string id = hook();
  if (id.empty()) {
    throw ContractError{core_.name() + "::do_" + std::string{what} +
                        "() returned an empty message id; it must be the one that later copies of "
                        "the message carry"};
  }
  MessagePayload payload = std::move(outgoing.payload);
  payload.id = id;
  payload.talker_id = self;
  payload.timestamp = core_.options().now();
  if (is_room(outgoing.conversation_id)) {
    payload.room_id = outgoing.conversation_id;
  } else {
    payload.listener_id = outgoing.conversation_id;
    payload.mention_id_list.clear();
  }
  deliver_own(session, std::move(payload), std::move(outgoing.content));
  return id;
}

void MessageMixin::deliver_own(Session::Number session, MessagePayload payload,
                               SentContent content) {
  auto& cache = core_.caches().message;
  const auto stored_content = std::make_shared<const SentContent>(std::move(content));
  sent_.put(payload.id, stored_content);
  // What the service has told of the message already is better than what we make up.
  auto stored = cache.find(payload.id);
  if (!stored) stored = std::make_shared<const MessagePayload>(std::move(payload));
  const std::string& id = stored->id;
  cache.pin(id, stored);
  const bool queued = core_.report_in(
      session, EventMessagePayload{.message_id = id},
      [this, id, stored_content] {  // a long queue may have pushed it out meanwhile
        if (!sent_.find(id)) sent_.put(id, stored_content);
      },
      [&cache, id] { cache.unpin(id); });
  if (!queued) cache.unpin(id);
}

void MessageMixin::receive(MessagePayload message) {
  PuppetCore::require(message.id, "receive(MessagePayload)", "id");
  PuppetCore::require(message.talker_id, "receive(MessagePayload)", "talker_id");
  learn(message);
  const auto payload = std::make_shared<const MessagePayload>(std::move(message));
  core_.report_with(core_.caches().message, payload->id, payload,
                    EventMessagePayload{.message_id = payload->id});
}

void MessageMixin::learn(const MessagePayload& message) {
  const std::lock_guard lock{mutex_};
  if (message.room_id && !message.room_id->empty()) kinds_.put(*message.room_id, true);
}

void MessageMixin::forget_sent() {
  sent_.clear();
  const std::lock_guard lock{mutex_};
  kinds_.clear();
}

/// Whether a conversation is a room. The contract gives no hook for that; it is a room if it has a
/// room payload, which is asked for once.
bool MessageMixin::is_room(std::string_view conversation_id) {
  {
    const std::lock_guard lock{mutex_};
    if (const bool* known = kinds_.find(conversation_id)) return *known;
  }
  bool room = false;
  try {
    room = !room_.room_payload(conversation_id).id.empty();
  } catch (const Error& error) {
    // Only a clear answer is kept: the service may have been out of reach.
    if (error.code() != ErrorCode::not_found && error.code() != ErrorCode::unsupported)
      return false;
  } catch (...) {
    return false;
  }
  const std::lock_guard lock{mutex_};
  kinds_.put(conversation_id, room);
  return room;
}

std::string MessageMixin::message_send_text(std::string_view conversation_id, std::string_view text,
                                            const MessageSendOptions& options) {
  return send({.what = Capability::message_send_text,
               .conversation_id = conversation_id,
               .payload = {.type = MessageType::text,
                           .text = std::string{text},
                           .mention_id_list = options.mention_id_list},
               .content = {}},
              [&] { return do_message_send_text(conversation_id, text, options); });
}

std::string MessageMixin::message_send_file(std::string_view conversation_id, const FileBox& file) {
  return send_file(conversation_id, file, std::nullopt);
}

std::string MessageMixin::send_file(std::string_view conversation_id, const FileBox& file,
                                    std::optional<MessageType> type) {
  const FileBox named = core_.with_resolver(conventional(file));
  return send({.what = Capability::message_send_file,
               .conversation_id = conversation_id,
               .payload = {.type = type.value_or(type_of(named)), .filename = named.name()},
               .content = named},
              [&] { return do_message_send_file(conversation_id, named); });
}

std::string MessageMixin::message_send_contact(std::string_view conversation_id,
                                               std::string_view contact_id) {
  PuppetCore::require(contact_id, "message_send_contact", "contact_id");
  return send({.what = Capability::message_send_contact,
               .conversation_id = conversation_id,
               .payload = {.type = MessageType::contact},
               .content = ContactCard{std::string{contact_id}}},
              [&] { return do_message_send_contact(conversation_id, contact_id); });
}

std::string MessageMixin::message_send_url(std::string_view conversation_id,
                                           const UrlLinkPayload& link) {
  return send({.what = Capability::message_send_url,
               .conversation_id = conversation_id,
               .payload = {.type = MessageType::url},
               .content = link},
              [&] { return do_message_send_url(conversation_id, link); });
}

std::string MessageMixin::message_send_mini_program(std::string_view conversation_id,
                                                    const MiniProgramPayload& mini_program) {
  return send({.what = Capability::message_send_mini_program,
               .conversation_id = conversation_id,
               .payload = {.type = MessageType::mini_program},
               .content = mini_program},
              [&] { return do_message_send_mini_program(conversation_id, mini_program); });
}

std::string MessageMixin::message_send_location(std::string_view conversation_id,
                                                const LocationPayload& location) {
  return send({.what = Capability::message_send_location,
               .conversation_id = conversation_id,
               .payload = {.type = MessageType::location},
               .content = location},
              [&] { return do_message_send_location(conversation_id, location); });
}

std::string MessageMixin::message_send_post(std::string_view conversation_id,
                                            const PostPayload& post) {
  const PostPayload named = core_.with_resolver(conventional(post));
  return send({.what = Capability::message_send_post,
               .conversation_id = conversation_id,
               .payload = {.type = MessageType::post},
               .content = named},
              [&] { return do_message_send_post(conversation_id, named); });
}

std::string MessageMixin::message_forward(std::string_view conversation_id,
                                          std::string_view message_id) {
  PuppetCore::require(message_id, "message_forward", "message_id");
  core_.require_login("message_forward");
  MessagePayload original = message_payload(message_id);
  return send({.what = Capability::message_forward,
               .conversation_id = conversation_id,
               .payload = {.type = original.type,
                           .text = std::move(original.text),
                           .filename = std::move(original.filename)},
               .content = ForwardOf{std::string{message_id}}},
              [&] { return do_message_forward(conversation_id, message_id); });
}

bool MessageMixin::message_recall(std::string_view message_id) {
  PuppetCore::require(message_id, "message_recall", "message_id");
  core_.require_login("message_recall");
  const bool recalled = do_message_recall(message_id);
  if (recalled) dirty_.dirty_payload(DirtyType::message, message_id);
  return recalled;
}

}  // namespace wechaty::puppet
