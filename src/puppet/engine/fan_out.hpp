// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace wechaty::puppet {

/// Call `work(0)` to `work(count - 1)`, up to `width` at a time: on the calling thread and on
/// threads that end before this returns. Hooks block, so this is how many payloads are fetched at
/// once.
///
/// @param work  must not throw; called concurrently
/// Thread: any. Blocks until all is done.
void fan_out(std::size_t count, std::size_t width, const std::function<void(std::size_t)>& work);

}  // namespace wechaty::puppet
