// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wechaty/puppet/engine/hook_table.hpp"
#include "wechaty/puppet/engine/puppet_core.hpp"
#include "wechaty/puppet/query/post_query.hpp"

namespace wechaty::puppet {

/// Posts: what is published to many, e.g. moments.
///
/// Thread and errors: as ContactMixin.
/// Source: wechaty-puppet src/mixins/post-mixin.ts.
class PostMixin {
 public:
  /// What is known of a post: from the cache, else from the service (contract R6).
  [[nodiscard]] PostPayload post_payload(std::string_view post_id);
  /// The same from the cache only.
  [[nodiscard]] std::optional<PostPayload> post_payload_cache(std::string_view post_id);
  /// The ids of the cached posts.
  [[nodiscard]] std::vector<std::string> post_list();
  /// Publish a post.
  ///
  /// @param post  in client form: without an id, of sayables
  /// @result the id of the new post, or nullopt where the service tells none
  /// @throws InvalidArgumentError for another form
  std::optional<std::string> post_publish(const PostPayload& post);
  /// Posts that match, as the service finds them; a page at a time.
  [[nodiscard]] PaginationResponse<std::vector<std::string>> post_search(
      const PostQueryFilter& filter, const PaginationRequest& page = {});

  [[nodiscard]] std::optional<bool> implements(Capability capability) const;

 protected:
  explicit PostMixin(PuppetCore& core) : core_{core}, hooks_{this} {}
  virtual ~PostMixin() = default;

  /// A post has come: emits EventPostPayload; its payload answers from then on.
  void receive(PostPayload post);

  /// @throws NotFoundError for an id that the service does not know
  virtual PostPayload do_post_payload(std::string_view post_id);
  virtual std::optional<std::string> do_post_publish(const PostPayload& post);
  virtual PaginationResponse<std::vector<std::string>> do_post_search(
      const PostQueryFilter& filter, const PaginationRequest& page);

 private:
  PuppetCore& core_;
  HookTable hooks_;
};

}  // namespace wechaty::puppet
