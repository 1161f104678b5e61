// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>

#include "puppet/schemas/payload_fields.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/schemas/json.hpp"

namespace wechaty::puppet {

using nlohmann::json;

namespace {

/// Posts within posts: deeper ones are an attack rather than a message.
constexpr int deepest_post = 32;

using detail::JsonPath;

void read_post(const json& in, const JsonPath& path, PostPayload& post, int depth);

const json& field(const json& in, const JsonPath& path, const char* key) {
  const auto found = in.find(key);
  if (found == in.end() || found->is_null()) detail::fail(path.key(key), "missing");
  return *found;
}

FileBox read_file(const json& in, const JsonPath& path) {
  const json& box = field(in, path, "filebox");
  try {
    return box.is_string() ? FileBox::from_json_text(box.get<std::string>())
                           : FileBox::from_json(box);
  } catch (const InvalidArgumentError& error) {
    detail::fail(path.key("filebox"), error.what());
  }
}

template <class T>
T read_payload(const json& in, const JsonPath& path) {
  T value;
  detail::read(in, path, value);
  return value;
}

SayablePayload read_sayable(const json& in, const JsonPath& path, int depth) {
  if (!in.is_object()) detail::fail_type(path, "an object", in);
  std::string type;
  detail::read(field(in, path, "type"), path.key("type"), type);
  const json& payload = field(in, path, "payload");
  const JsonPath inside = path.key("payload");
  if (!payload.is_object()) detail::fail_type(inside, "an object", payload);

  if (type == "Text") {
    SayableText text;
    detail::read(field(payload, inside, "text"), inside.key("text"), text.text);
    if (const auto mentions = payload.find("mentions");
        mentions != payload.end() && !mentions->is_null()) {
      detail::read(*mentions, inside.key("mentions"), text.mentions);
    }
    return {std::move(text)};
  }
  if (type == "Contact") {
    SayableContact contact;
    detail::read(field(payload, inside, "contactId"), inside.key("contactId"), contact.contact_id);
    return {std::move(contact)};
  }
  for (const auto file_type : {MessageType::attachment, MessageType::audio, MessageType::emoticon,
                               MessageType::image, MessageType::video}) {
    if (type == name_of(file_type)) {
      return {SayableFile{.type = file_type, .file = read_file(payload, inside)}};
    }
  }
  if (type == "Location") return {read_payload<LocationPayload>(payload, inside)};
  if (type == "MiniProgram") return {read_payload<MiniProgramPayload>(payload, inside)};
  if (type == "Url") return {read_payload<UrlLinkPayload>(payload, inside)};
  if (type == "Post") {
    PostPayload post;
    read_post(payload, inside, post, depth + 1);
    return {std::move(post)};
  }
  detail::fail(path.key("type"), "nothing that can be said: " + detail::excerpt(type));
}

/// Strings are the ids of messages (server form), objects are sayables (client form).
void read_list(const json& in, const JsonPath& path, PostPayload& post, int depth) {
  if (!in.is_array()) detail::fail_type(path, "an array", in);
  if (!in.empty() && in.front().is_string()) {
    detail::read(in, path, post.sayable_list.emplace<std::vector<std::string>>());
    return;
  }
  auto& sayables = post.sayable_list.emplace<std::vector<SayablePayload>>();
  for (std::size_t i = 0; i < in.size(); ++i) {
    sayables.push_back(read_sayable(in[i], path.index(i), depth));
  }
}

PostCounter read_counter(const json& in, const JsonPath& path) {
  PostCounter counter;
  detail::ObjectReader io{in, path};
  io.optional("children", counter.children);
  io.optional("descendant", counter.descendant);
  io.optional("taps", counter.taps);
  return counter;
}

void read_post(const json& in, const JsonPath& path, PostPayload& post, int depth) {
  if (depth > deepest_post) {
    detail::fail(path, "posts are nested more than " + std::to_string(deepest_post) + " deep");
  }
  detail::ObjectReader io{in, path};
  io.optional("id", post.id);
  io.optional("parentId", post.parent_id);
  io.optional("rootId", post.root_id);
  io.optional("type", post.type);
  io.optional("contactId", post.contact_id);
  io.optional("timestamp", post.timestamp);
  if (const json* counter = io.raw("counter"); counter != nullptr && !counter->is_null()) {
    post.counter = read_counter(*counter, path.key("counter"));
  }
  read_list(field(in, path, "sayableList"), path.key("sayableList"), post, depth);
}

json written_sayable(const SayablePayload& sayable);

json written_post(const PostPayload& post) {
  json out = json::object();
  if (post.id) out["id"] = *post.id;
  json list = json::array();
  std::visit(
      [&](const auto& values) {
        for (const auto& value : values) {
          if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, std::string>) {
            list.push_back(value);
          } else {
            list.push_back(written_sayable(value));
          }
        }
      },
      post.sayable_list);
  out["sayableList"] = std::move(list);
  if (post.parent_id) out["parentId"] = *post.parent_id;
  if (post.root_id) out["rootId"] = *post.root_id;
  if (post.type) out["type"] = static_cast<int>(*post.type);
  if (post.contact_id) out["contactId"] = *post.contact_id;
  if (post.timestamp) out["timestamp"] = detail::written(*post.timestamp);
  if (post.counter) {
    json counter = json::object();
    if (post.counter->children) counter["children"] = *post.counter->children;
    if (post.counter->descendant) counter["descendant"] = *post.counter->descendant;
    if (!post.counter->taps.empty()) counter["taps"] = detail::written(post.counter->taps);
    out["counter"] = std::move(counter);
  }
  return out;
}

json written_sayable(const SayablePayload& sayable) {
  const auto of = [](std::string_view type, json payload) {
    return json{{"type", type}, {"payload", std::move(payload)}};
  };
  return std::visit(
      [&](const auto& value) -> json {
        using T = std::remove_cvref_t<decltype(value)>;
        if constexpr (std::is_same_v<T, SayableText>) {
          return of("Text", {{"text", value.text}, {"mentions", value.mentions}});
        } else if constexpr (std::is_same_v<T, SayableContact>) {
          return of("Contact", {{"contactId", value.contact_id}});
        } else if constexpr (std::is_same_v<T, SayableFile>) {
          return of(name_of(value.type), {{"filebox", value.file}});
        } else if constexpr (std::is_same_v<T, LocationPayload>) {
          return of("Location", detail::written(value));
        } else if constexpr (std::is_same_v<T, MiniProgramPayload>) {
          return of("MiniProgram", detail::written(value));
        } else if constexpr (std::is_same_v<T, UrlLinkPayload>) {
          return of("Url", detail::written(value));
        } else {
          return of("Post", written_post(value));
        }
      },
      sayable.value);
}

}  // namespace

void to_json(json& out, const SayablePayload& sayable) { out = written_sayable(sayable); }
void to_json(json& out, const PostPayload& post) { out = written_post(post); }

void from_json(const json& in, SayablePayload& sayable) {
  sayable = read_sayable(in, JsonPath{"SayablePayload"}, 0);
}

void from_json(const json& in, PostPayload& post) {
  PostPayload value;
  read_post(in, JsonPath{"PostPayload"}, value, 0);
  post = std::move(value);
}

}  // namespace wechaty::puppet
