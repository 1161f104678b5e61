// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <thread>

#include "wechaty/puppet/memory/memory_storage.hpp"
#include "wechaty/puppet_storage/remote_options.hpp"

namespace wechaty::puppet_storage {

/// A failure that may pass: server down, no answer in time, starting up, overloaded.
class TransientError : public puppet::StorageError {
 public:
  explicit TransientError(const std::string& what) : puppet::StorageError{what} {}
};

/// Call `call(attempt)`, attempt = 1, 2, ..., until it throws no TransientError.
template <class Call>
auto with_retries(const RemoteOptions& options, Call call) {
  thread_local std::minstd_rand random{std::random_device{}()};
  auto pause = options.first_pause;
  for (int attempt = 1;; ++attempt) {
    try {
      return call(attempt);
    } catch (const TransientError& error) {
      if (attempt >= options.attempts) {
        throw puppet::StorageError{std::string{error.what()} + " (attempt " +
                                   std::to_string(attempt) + " of " +
                                   std::to_string(options.attempts) + ")"};
      }
    }
    std::uniform_int_distribution<long long> jitter{pause.count() / 2, pause.count()};
    std::this_thread::sleep_for(std::chrono::milliseconds{jitter(random)});
    pause = std::min(pause * 2, options.longest_pause);
  }
}

/// A compare-and-swap that may be repeated: an attempt whose answer was lost may have stored the
/// document, and the next attempt then meets it.
template <class Save, class Load>
std::string save_with_retries(const RemoteOptions& options, std::string_view document, Save save,
                              Load load) {
  return with_retries(options, [&](int attempt) -> std::string {
    try {
      return save();
    } catch (const puppet::LeaseLostError&) {
      throw;
    } catch (const puppet::ConflictError&) {
      if (attempt == 1) throw;
      const auto stored = load();
      if (!stored || stored->text != document) throw;
      return stored->version;
    }
  });
}

}  // namespace wechaty::puppet_storage
