// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace wechaty::puppet {

/// A random UUID, version 4 (RFC 9562), in lower case. Not for secrets. Thread: any.
[[nodiscard]] std::string random_uuid();

}  // namespace wechaty::puppet
