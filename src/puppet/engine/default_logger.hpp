// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <spdlog/logger.h>

#include <memory>

namespace wechaty::puppet {

/// A logger to standard error at the level of the environment variable WECHATY_LOG (silent, error,
/// warn, info, verbose, silly; warn when unset or unknown). Registered nowhere.
[[nodiscard]] std::shared_ptr<spdlog::logger> default_logger();

}  // namespace wechaty::puppet
