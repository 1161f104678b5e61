// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace wechaty::puppet {

/// The version of the library that is linked, e.g. "0.1.0".
[[nodiscard]] std::string_view version() noexcept;

}  // namespace wechaty::puppet
