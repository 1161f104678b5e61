// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/query/json.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "puppet/schemas/payload_fields.hpp"

namespace wechaty::puppet {

// Here, where a Regex is at home: ObjectWriter looks for them there.
static nlohmann::json written(const Regex& regex) {
  return {{"source", regex.pattern()},
          {"flags", regex.letters() == RegexCase::insensitive ? "i" : ""}};
}
static nlohmann::json written(const StringMatch& match) {
  if (const auto* const regex = std::get_if<Regex>(&match)) return written(*regex);
  return std::get<std::string>(match);
}

}  // namespace wechaty::puppet

namespace wechaty::puppet::detail {

// --- how the values of filters are read and written ------------------------------------------

void read(const nlohmann::json& json, const JsonPath& path, Regex& out) {
  if (!json.is_object()) fail_type(path, "an object with source and flags", json);
  std::string source;
  std::string flags;
  if (!json.contains("source")) fail(path.key("source"), "missing");
  read(json["source"], path.key("source"), source);
  if (json.contains("flags")) read(json["flags"], path.key("flags"), flags);
  RegexCase letters = RegexCase::sensitive;
  for (const char flag : flags) {
    if (flag == 'i') letters = RegexCase::insensitive;
    if (std::string_view{"igyu"}.find(flag) == std::string_view::npos) {
      fail(path.key("flags"), "unknown flag " + excerpt(std::string{flag}));
    }
  }
  try {
    out = Regex{source, letters};
  } catch (const InvalidArgumentError& error) {
    fail(path.key("source"), error.what());
  }
}

void read(const nlohmann::json& json, const JsonPath& path, StringMatch& out) {
  if (json.is_string()) {
    out = json.get<std::string>();
    return;
  }
  Regex regex{""};
  read(json, path, regex);
  out = std::move(regex);
}

// --- the fields of the filters ---------------------------------------------------------------

template <class IO>
void describe(IO& io, Ref<IO, ContactQueryFilter> filter) {
  io.optional("alias", filter.alias);
  io.optional("id", filter.id);
  io.optional("name", filter.name);
  io.optional("handle", filter.handle);
  io.optional("weixin", filter.weixin);
}

template <class IO>
void describe(IO& io, Ref<IO, RoomQueryFilter> filter) {
  io.optional("id", filter.id);
  io.optional("topic", filter.topic);
}

template <class IO>
void describe(IO& io, Ref<IO, RoomMemberQueryFilter> filter) {
  io.optional("name", filter.name);
  io.optional("roomAlias", filter.room_alias);
  io.optional("contactAlias", filter.contact_alias);
}

template <class IO>
void describe(IO& io, Ref<IO, MessageQueryFilter> filter) {
  io.optional("fromId", filter.talker_id, "talkerId");
  io.optional("id", filter.id);
  io.optional("roomId", filter.room_id);
  io.optional("toId", filter.listener_id, "listenerId");
  io.optional("text", filter.text);
  io.optional("type", filter.type);
}

template <class IO>
void describe(IO& io, Ref<IO, FriendshipSearchQueryFilter> filter) {
  io.optional("phone", filter.phone);
  io.optional("handle", filter.handle);
  io.optional("weixin", filter.weixin);
}

template <class IO>
void describe(IO& io, Ref<IO, TapQueryFilter> filter) {
  io.optional("contactId", filter.contact_id);
  io.optional("type", filter.type);
}

}  // namespace wechaty::puppet::detail

namespace wechaty::puppet {

using nlohmann::json;

namespace {

using Wanted = std::optional<std::variant<std::string, Absent>>;

/// null asks for the absence of the field; a missing key asks for nothing.
void read_wanted(const json& in, const char* key, Wanted& out) {
  out.reset();
  const auto found = in.find(key);
  if (found == in.end()) return;
  if (found->is_null()) {
    out = Absent{};
    return;
  }
  std::string text;
  detail::read(*found, detail::JsonPath{"PostQueryFilter"}.key(key), text);
  out = std::move(text);
}

void write_wanted(json& out, const char* key, const Wanted& wanted) {
  if (!wanted) return;
  const auto* const text = std::get_if<std::string>(&*wanted);
  out[key] = text == nullptr ? json() : json(*text);
}

}  // namespace

void to_json(json& out, const Regex& regex) { out = written(regex); }
void to_json(json& out, const ContactQueryFilter& filter) { out = detail::written(filter); }
void to_json(json& out, const RoomQueryFilter& filter) { out = detail::written(filter); }
void to_json(json& out, const RoomMemberQueryFilter& filter) { out = detail::written(filter); }
void to_json(json& out, const MessageQueryFilter& filter) { out = detail::written(filter); }
void to_json(json& out, const FriendshipSearchQueryFilter& filter) {
  out = detail::written(filter);
}
void to_json(json& out, const TapQueryFilter& filter) { out = detail::written(filter); }

void to_json(json& out, const PostQueryFilter& filter) {
  out = json::object();
  if (filter.contact_id) out["contactId"] = *filter.contact_id;
  if (filter.id) out["id"] = *filter.id;
  if (filter.order_by) out["orderBy"] = *filter.order_by;
  write_wanted(out, "parentId", filter.parent_id);
  write_wanted(out, "rootId", filter.root_id);
  if (filter.type) out["type"] = static_cast<int>(*filter.type);
}

void from_json(const json& in, Regex& regex) { detail::read(in, detail::JsonPath{"Regex"}, regex); }
void from_json(const json& in, ContactQueryFilter& filter) {
  detail::read_document("ContactQueryFilter", in, filter);
}
void from_json(const json& in, RoomQueryFilter& filter) {
  detail::read_document("RoomQueryFilter", in, filter);
}
void from_json(const json& in, RoomMemberQueryFilter& filter) {
  detail::read_document("RoomMemberQueryFilter", in, filter);
}
void from_json(const json& in, MessageQueryFilter& filter) {
  detail::read_document("MessageQueryFilter", in, filter);
}
void from_json(const json& in, FriendshipSearchQueryFilter& filter) {
  detail::read_document("FriendshipSearchQueryFilter", in, filter);
}
void from_json(const json& in, TapQueryFilter& filter) {
  detail::read_document("TapQueryFilter", in, filter);
}

void from_json(const json& in, PostQueryFilter& filter) {
  const detail::JsonPath path{"PostQueryFilter"};
  PostQueryFilter value;
  detail::ObjectReader io{in, path};
  io.optional("contactId", value.contact_id);
  io.optional("id", value.id);
  io.optional("orderBy", value.order_by);
  read_wanted(in, "parentId", value.parent_id);
  read_wanted(in, "rootId", value.root_id);
  io.optional("type", value.type);
  filter = std::move(value);
}

}  // namespace wechaty::puppet
