// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/post_mixin.hpp"

#include <memory>
#include <utility>

namespace wechaty::puppet {

PostPayload PostMixin::post_payload(std::string_view post_id) {
  PuppetCore::require(post_id, "post_payload", "post_id");
  return *core_.caches().post.get(post_id, [&] {
    PostPayload payload = core_.with_resolver(conventional(do_post_payload(post_id)));
    if (!payload.id) payload.id = post_id;
    return payload;
  });
}

std::optional<PostPayload> PostMixin::post_payload_cache(std::string_view post_id) {
  PuppetCore::require(post_id, "post_payload_cache", "post_id");
  const auto present = core_.caches().post.find(post_id);
  return present ? std::optional{*present} : std::nullopt;
}

std::vector<std::string> PostMixin::post_list() {
  std::vector<std::string> ids;
  for (const auto& post : core_.caches().post.values()) ids.push_back(post->id.value_or(""));
  return ids;
}

std::optional<std::string> PostMixin::post_publish(const PostPayload& post) {
  if (!is_post_client(post)) {
    throw InvalidArgumentError{
        "post_publish: the post must be in client form: no id, and a list of at least one sayable"};
  }
  core_.require_login("post_publish");
  return do_post_publish(core_.with_resolver(conventional(post)));
}

PaginationResponse<std::vector<std::string>> PostMixin::post_search(const PostQueryFilter& filter,
                                                                    const PaginationRequest& page) {
  core_.require_login("post_search");
  return do_post_search(filter, page);
}

void PostMixin::receive(PostPayload post) {
  PuppetCore::require(post.id.value_or(""), "receive(PostPayload)", "id");
  const auto payload =
      std::make_shared<const PostPayload>(core_.with_resolver(conventional(std::move(post))));
  core_.report_with(core_.caches().post, *payload->id, payload,
                    EventPostPayload{.post_id = *payload->id});
}

}  // namespace wechaty::puppet
