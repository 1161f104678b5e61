// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/cache/payload_caches.hpp"

#include <charconv>
#include <cstdlib>
#include <string>
#include <type_traits>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet {

namespace {

std::optional<std::size_t> from_environment(const std::string& variable) {
  const char* const text = std::getenv(variable.c_str());
  if (text == nullptr) return std::nullopt;
  const std::string_view view{text};
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(view.data(), view.data() + view.size(), value);
  if (error != std::errc{} || end != view.data() + view.size() || value == 0) return std::nullopt;
  return value;
}

template <class T>
PayloadCache<T> make(const PuppetOptions& options, std::string what, const char* name,
                     std::optional<std::size_t> size, std::size_t fallback) {
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
  if (options.executor) now = [executor = options.executor] { return executor->now(); };
  return PayloadCache<T>{std::move(what), cache_size(size, name, fallback), options.cache_max_age,
                         std::move(now)};
}

}  // namespace

std::size_t cache_size(std::optional<std::size_t> option, const char* name, std::size_t fallback) {
  if (option == std::size_t{0}) {
    throw InvalidArgumentError{"the cache size of " + std::string{name} +
                               " must be greater than 0"};
  }
  if (option) return *option;
  return from_environment("WECHATY_PUPPET_LRU_CACHE_SIZE_" + std::string{name}).value_or(fallback);
}

PayloadCaches::PayloadCaches(const PuppetOptions& options)
    : contact{make<ContactPayload>(options, "contact", "CONTACT", options.cache.contact, 500)},
      friendship{make<FriendshipPayload>(options, "friendship", "FRIENDSHIP",
                                         options.cache.friendship, 100)},
      message{make<MessagePayload>(options, "message", "MESSAGE", options.cache.message, 500)},
      post{make<PostPayload>(options, "post", "POST", options.cache.post, 100)},
      room{make<RoomPayload>(options, "room", "ROOM", options.cache.room, 100)},
      room_invitation{make<RoomInvitationPayload>(options, "room invitation", "ROOM_INVITATION",
                                                  options.cache.room_invitation, 100)},
      room_member{make<RoomMemberPayload>(options, "room member", "ROOM_MEMBER",
                                          options.cache.room_member, 100)} {}

void PayloadCaches::drop(DirtyType type, std::string_view id) {
  switch (type) {
    case DirtyType::message: return message.drop(id);
    case DirtyType::contact: return contact.drop(id);
    case DirtyType::room: return room.drop(id);
    case DirtyType::room_member: return room_member.drop(id);
    case DirtyType::friendship: return friendship.drop(id);
    case DirtyType::post: return post.drop(id);
    case DirtyType::unspecified: break;
  }
  throw InvalidArgumentError{"dirty: unspecified payload type with id \"" + std::string{id} + "\""};
}

void PayloadCaches::clear() {
  clear_but_messages([](const MessagePayload&) { return false; });
}

void PayloadCaches::clear_but_messages(const std::function<bool(const MessagePayload&)>& keep) {
  contact.clear();
  friendship.clear();
  message.clear_except(keep);
  post.clear();
  room.clear();
  room_invitation.clear();
  room_member.clear();
}

}  // namespace wechaty::puppet
