// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <utility>

namespace wechaty::puppet {

/// The calls that this thread makes to a puppet, for as long as this object lives, are made for
/// somebody who may give up: a hook that waits looks at CallScope::current().
///
/// A server opens one around each call that it carries out. Where several callers share one fetch
/// of a payload, it is asked to end when the last of them has given up. Scopes nest; the innermost
/// counts. It says nothing of stop(): that is Puppet::stop_token().
///
/// Thread: the one that made it, which also destroys it.
class CallScope {
 public:
  /// A token without a state: nobody gives up, whatever the scopes outside say.
  explicit CallScope(std::stop_token token) : token_{std::move(token)}, outer_{innermost()} {
    innermost() = this;
  }
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;
  ~CallScope() { innermost() = outer_; }

  /// The token of the innermost scope on this thread; one without a state where there is none.
  [[nodiscard]] static std::stop_token current() {
    return innermost() == nullptr ? std::stop_token{} : innermost()->token_;
  }

 private:
  static const CallScope*& innermost();

  std::stop_token token_;
  const CallScope* outer_;
};

}  // namespace wechaty::puppet
