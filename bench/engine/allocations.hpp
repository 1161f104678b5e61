// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace wechaty::puppet::bench {

/// How often this thread has called operator new; main.cpp counts.
std::uint64_t allocations() noexcept;

}  // namespace wechaty::puppet::bench
