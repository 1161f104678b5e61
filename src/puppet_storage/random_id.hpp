// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <random>
#include <string>

namespace wechaty::puppet_storage {

/// Hexadecimal digits from the system's random source.
[[nodiscard]] inline std::string random_id(std::size_t digits) {
  std::random_device source;
  std::string id;
  while (id.size() < digits) id += "0123456789abcdef"[source() & 0xfU];
  return id;
}

}  // namespace wechaty::puppet_storage
