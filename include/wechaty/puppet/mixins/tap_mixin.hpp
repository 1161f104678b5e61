// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "wechaty/puppet/engine/hook_table.hpp"
#include "wechaty/puppet/engine/puppet_core.hpp"
#include "wechaty/puppet/query/post_query.hpp"

namespace wechaty::puppet {

/// Taps: likes on posts.
///
/// Thread and errors: as ContactMixin.
/// Source: wechaty-puppet src/mixins/tap-mixin.ts.
class TapMixin {
 public:
  /// Whether the bot has tapped a post.
  [[nodiscard]] bool tap(std::string_view post_id, TapType type = TapType::like);
  /// Tap a post, or take the tap back.
  void set_tap(std::string_view post_id, TapType type, bool tapped);
  /// Who has tapped a post, and when; a page at a time.
  [[nodiscard]] PaginationResponse<TapPayload> tap_search(std::string_view post_id,
                                                          const TapQueryFilter& filter = {},
                                                          const PaginationRequest& page = {});

  [[nodiscard]] std::optional<bool> implements(Capability capability) const;

 protected:
  explicit TapMixin(PuppetCore& core) : core_{core}, hooks_{this} {}
  virtual ~TapMixin() = default;

  virtual bool do_tap(std::string_view post_id, TapType type);
  virtual void do_set_tap(std::string_view post_id, TapType type, bool tapped);
  virtual PaginationResponse<TapPayload> do_tap_search(std::string_view post_id,
                                                       const TapQueryFilter& filter,
                                                       const PaginationRequest& page);

 private:
  PuppetCore& core_;
  HookTable hooks_;
};

}  // namespace wechaty::puppet
