// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wechaty/puppet/engine/hook_table.hpp"
#include "wechaty/puppet/engine/puppet_core.hpp"

namespace wechaty::puppet {

/// Is the puppet alive?
class DingMixin {
 public:
  /// Ask for a `dong` event with the same data (contract R7).
  ///
  /// @param data  any text, comes back unchanged
  /// Thread: any. Does not wait for the answer.
  /// Source: wechaty-puppet src/puppet/puppet-skeleton.ts ding().
  void ding(std::string_view data = {});

  /// Whether the puppet answers for the service behind it, rather than for its own process.
  [[nodiscard]] std::optional<bool> implements(Capability capability) const;

 protected:
  explicit DingMixin(PuppetCore& core) : core_{core}, hooks_{this} {}
  virtual ~DingMixin() = default;

  /// Answer with report(EventDongPayload{data}), best after having heard from the service.
  /// Without it the base answers, which shows that the process is alive.
  virtual void do_ding(std::string_view data);

 private:
  PuppetCore& core_;
  HookTable hooks_;
};

}  // namespace wechaty::puppet
