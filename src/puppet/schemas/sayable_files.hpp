// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "wechaty/puppet/schemas/sayable.hpp"

namespace wechaty::puppet {

/// Calls `visit` with every file in the sayable or post, and in the posts in them.
void each_file(SayablePayload& sayable, const std::function<void(FileBox&)>& visit);
void each_file(PostPayload& post, const std::function<void(FileBox&)>& visit);

}  // namespace wechaty::puppet
