// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>

namespace bench_service {

inline constexpr const char* token = "insecure_8a6b2f3c-1d4e-4f5a-9b7c-0123456789ab";
inline constexpr const char* greeting = "listening on ";

/// The clock that all processes of a machine share, in nanoseconds.
inline std::int64_t monotonic_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// Does what standard input says until it ends: `burst COUNT`, as many message events as fast as
/// possible; `pace COUNT MICROSECONDS`, as many dong events whose data is when they were made.
inline void obey(const std::function<void(std::int64_t)>& message,
                 const std::function<void(const std::string&)>& dong) {
  std::int64_t number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words{line};
    std::string verb;
    std::int64_t count = 0;
    std::int64_t pause = 0;
    words >> verb >> count >> pause;
    for (std::int64_t i = 0; i < count; ++i) {
      if (verb == "burst") {
        message(++number);
        continue;
      }
      std::this_thread::sleep_for(std::chrono::microseconds{pause});
      dong(std::to_string(monotonic_ns()));
    }
  }
}

}  // namespace bench_service
