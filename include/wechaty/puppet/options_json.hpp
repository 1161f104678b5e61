// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "wechaty/puppet/options.hpp"

namespace wechaty::puppet {

/// JSON of PuppetOptions: `endpoint`, `token`, `timeoutSeconds`, `cache` {`contact`, ...}; every
/// other key goes to `extra`. What has no JSON form (executor, logger, clock, ...) is left alone.
///
/// @throws InvalidArgumentError naming the field
/// Thread: any.
/// Source: wechaty-puppet src/schemas/puppet.ts PuppetOptions.
void from_json(const nlohmann::json& json, PuppetOptions& options);
void to_json(nlohmann::json& json, const PuppetOptions& options);

}  // namespace wechaty::puppet
