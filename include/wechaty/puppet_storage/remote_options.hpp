// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace wechaty::puppet_storage {

/// How a storage deals with a server that is slow or away.
///
/// What is safe to repeat (load, save, destroy, taking a lease) is tried again with growing pauses,
/// each shortened by a random part of up to a half, so that many bots do not come back in step. A
/// save is safe to repeat because it names the version that it replaces.
struct RemoteOptions {
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds request_timeout{10'000};  ///< of one attempt
  int attempts = 4;                                   ///< in all, at least 1
  std::chrono::milliseconds first_pause{100};         ///< doubled after each attempt
  std::chrono::milliseconds longest_pause{3'000};
};

}  // namespace wechaty::puppet_storage
