// SPDX-License-Identifier: Apache-2.0
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/query.hpp"
#include "wechaty/puppet/schemas.hpp"

namespace wechaty::puppet {

namespace {

/// One key of a filter, as far as checks go.
struct Key {
  template <class T>
  Key(std::string_view key_name, const std::optional<T>& value)
      : name{key_name}, given{value.has_value()}, empty{value && is_empty(*value)} {}

  static bool is_empty(const std::string& value) { return value.empty(); }
  static bool is_empty(const StringMatch& value) {
    const auto* const text = std::get_if<std::string>(&value);
    return text != nullptr && text->empty();
  }
  template <class T>
  static bool is_empty(const T&) {
    return false;
  }

  std::string_view name;
  bool given;
  bool empty;
};

int count_keys(std::initializer_list<Key> keys) {
  int given = 0;
  for (const Key& key : keys) {
    if (!key.given) continue;
    ++given;
    if (key.empty) {
      throw InvalidArgumentError{"filterValue not found for filterKey: " + std::string{key.name}};
    }
  }
  return given;
}

void require_one_key(std::initializer_list<Key> keys) {
  const int given = count_keys(keys);
  if (given == 0) {
    throw InvalidArgumentError{"query must provide at least one key. current query is empty."};
  }
  if (given > 1) {
    throw InvalidArgumentError{
        "query only support one key. multi key support is not available now."};
  }
}

/// @param text  null: the payload has no such field, which never matches
bool matches(const StringMatch& wanted, const std::string* text) {
  if (text == nullptr) return false;
  if (const auto* const regex = std::get_if<Regex>(&wanted)) return regex->search(*text);
  return std::get<std::string>(wanted) == *text;
}

bool matches(const std::variant<std::string, Absent>& wanted,
             const std::optional<std::string>& text) {
  if (std::holds_alternative<Absent>(wanted)) return !text;
  return text == std::get<std::string>(wanted);
}

/// A key that is not given, or is met.
template <class T, class Field>
bool fits(const std::optional<T>& wanted, const Field& field) {
  if (!wanted) return true;
  if constexpr (std::is_same_v<T, StringMatch> && std::is_same_v<Field, std::string>) {
    return matches(*wanted, &field);
  } else if constexpr (std::is_same_v<T, StringMatch>) {
    return matches(*wanted, field ? &*field : nullptr);
  } else if constexpr (requires { matches(*wanted, field); }) {
    return matches(*wanted, field);
  } else {
    return field == *wanted;
  }
}

}  // namespace

void validate(const ContactQueryFilter& filter) {
  require_one_key({{"alias", filter.alias},
                   {"id", filter.id},
                   {"name", filter.name},
                   {"handle", filter.handle},
                   {"weixin", filter.weixin}});
}

bool matches(const ContactQueryFilter& filter, const ContactPayload& contact) {
  const auto& handle = contact.handle ? contact.handle : contact.weixin;
  return fits(filter.alias, contact.alias) && fits(filter.id, contact.id) &&
         fits(filter.name, contact.name) && fits(filter.handle, handle) &&
         fits(filter.weixin, handle);
}

void validate(const RoomQueryFilter& filter) {
  require_one_key({{"id", filter.id}, {"topic", filter.topic}});
}

bool matches(const RoomQueryFilter& filter, const RoomPayload& room) {
  return fits(filter.id, room.id) && fits(filter.topic, room.topic);
}

void validate(const RoomMemberQueryFilter& filter) {
  count_keys({{"name", filter.name},
              {"roomAlias", filter.room_alias},
              {"contactAlias", filter.contact_alias}});
  if (filter.name && filter.contact_alias) {
    throw InvalidArgumentError{
        "query only support one key of name and contactAlias. multi key support is not available "
        "now."};
  }
}

bool matches(const RoomMemberQueryFilter& filter, const RoomMemberPayload& member,
             const std::optional<std::string>& contact_alias) {
  return (filter.name && *filter.name == member.name) ||
         (filter.room_alias && filter.room_alias == member.room_alias) ||
         (filter.contact_alias && filter.contact_alias == contact_alias);
}

void validate(const MessageQueryFilter& filter) {
  const int given = count_keys({{"fromId", filter.talker_id},
                                {"id", filter.id},
                                {"roomId", filter.room_id},
                                {"toId", filter.listener_id},
                                {"text", filter.text},
                                {"type", filter.type}});
  if (given == 0) throw InvalidArgumentError{"query empty"};
}

bool matches(const MessageQueryFilter& filter, const MessagePayload& message) {
  return fits(filter.talker_id, message.talker_id) && fits(filter.id, message.id) &&
         fits(filter.room_id, message.room_id) && fits(filter.listener_id, message.listener_id) &&
         fits(filter.text, message.text) && fits(filter.type, message.type);
}

void validate(const FriendshipSearchQueryFilter& filter) {
  const int given =
      count_keys({{"phone", filter.phone}, {"handle", filter.handle}, {"weixin", filter.weixin}});
  if (given != 1) {
    throw InvalidArgumentError{"searchQueryFilter should only include one key for query!"};
  }
}

bool matches(const PostQueryFilter& filter, const PostPayload& post) {
  return fits(filter.contact_id, post.contact_id) && fits(filter.id, post.id) &&
         fits(filter.parent_id, post.parent_id) && fits(filter.root_id, post.root_id) &&
         fits(filter.type, post.type);
}

bool matches(const TapQueryFilter& filter, TapType type, std::string_view contact_id) {
  return (!filter.contact_id || *filter.contact_id == contact_id) &&
         (!filter.type || *filter.type == TapType::unspecified || *filter.type == type);
}

}  // namespace wechaty::puppet
