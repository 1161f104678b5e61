// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/schemas/sayable.hpp"

#include <tuple>
#include <utility>

#include "wechaty/puppet/file_box/naming.hpp"

namespace wechaty::puppet {

bool operator==(const SayablePayload& a, const SayablePayload& b) { return a.value == b.value; }

bool operator==(const PostPayload& a, const PostPayload& b) {
  const auto members = [](const PostPayload& post) {
    return std::tie(post.id, post.sayable_list, post.parent_id, post.root_id, post.type,
                    post.contact_id, post.timestamp, post.counter);
  };
  return members(a) == members(b);
}

bool is_post_client(const PostPayload& post) {
  const auto* const list = std::get_if<std::vector<SayablePayload>>(&post.sayable_list);
  return !post.id && list != nullptr && !list->empty();
}

bool is_post_server(const PostPayload& post) {
  const auto* const list = std::get_if<std::vector<std::string>>(&post.sayable_list);
  return post.id && list != nullptr && !list->empty();
}

SayablePayload conventional(SayablePayload sayable) {
  if (auto* const file = std::get_if<SayableFile>(&sayable.value)) {
    file->file = conventional(std::move(file->file));
  } else if (auto* const post = std::get_if<PostPayload>(&sayable.value)) {
    *post = conventional(std::move(*post));
  }
  return sayable;
}

PostPayload conventional(PostPayload post) {
  if (auto* const list = std::get_if<std::vector<SayablePayload>>(&post.sayable_list)) {
    for (SayablePayload& sayable : *list) sayable = conventional(std::move(sayable));
  }
  return post;
}

}  // namespace wechaty::puppet
