// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace wechaty::puppet {

/// A point in time of the contract: UTC, in milliseconds, in JSON a number of milliseconds.
///
/// The contract's text allows seconds too; the gateway and this library take milliseconds.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

}  // namespace wechaty::puppet
