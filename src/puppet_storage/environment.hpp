// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "wechaty/puppet/memory/storage_url.hpp"
#include "wechaty/puppet_storage/remote_options.hpp"

namespace wechaty::puppet_storage {

/// An environment variable; empty when it is not set.
[[nodiscard]] std::string environment(const char* name);

/// A number of a URL. @throws InvalidArgumentError naming scheme, what it is, and its limits
[[nodiscard]] int number_in_url(std::string_view scheme, std::string_view what,
                                std::string_view text, int least, int most);

/// `timeout=ms` of the query: the time of one attempt.
void take_timeout(puppet::StorageUrl& url, RemoteOptions& options);

/// For messages: "version 3f..." or "no document".
[[nodiscard]] std::string version_name(const std::string& version);

/// A text that a lease and its storage share; outlives both.
class SharedText {
 public:
  [[nodiscard]] std::string get() const {
    const std::scoped_lock lock{state_->mutex};
    return state_->text;
  }
  void set(std::string text) const {
    const std::scoped_lock lock{state_->mutex};
    state_->text = std::move(text);
  }
  /// Clears it unless it was replaced meanwhile.
  void clear_if(const std::string& text) const {
    const std::scoped_lock lock{state_->mutex};
    if (state_->text == text) state_->text.clear();
  }

 private:
  struct State {
    std::mutex mutex;  // guards text
    std::string text;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace wechaty::puppet_storage
