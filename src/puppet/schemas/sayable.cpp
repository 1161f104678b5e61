// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/schemas/sayable.hpp"

#include <tuple>
#include <utility>

#include "puppet/schemas/sayable_files.hpp"
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

void each_file(SayablePayload& sayable, const std::function<void(FileBox&)>& visit) {
  if (auto* const file = std::get_if<SayableFile>(&sayable.value)) {
    visit(file->file);
  } else if (auto* const post = std::get_if<PostPayload>(&sayable.value)) {
    each_file(*post, visit);
  }
}

void each_file(PostPayload& post, const std::function<void(FileBox&)>& visit) {
  if (auto* const list = std::get_if<std::vector<SayablePayload>>(&post.sayable_list)) {
    for (SayablePayload& sayable : *list) each_file(sayable, visit);
  }
}

SayablePayload conventional(SayablePayload sayable) {
  each_file(sayable, [](FileBox& file) { file = conventional(std::move(file)); });
  return sayable;
}

PostPayload conventional(PostPayload post) {
  each_file(post, [](FileBox& file) { file = conventional(std::move(file)); });
  return post;
}

}  // namespace wechaty::puppet
