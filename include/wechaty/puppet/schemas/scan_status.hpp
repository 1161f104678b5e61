// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "wechaty/puppet/schemas/enum_names.hpp"

namespace wechaty::puppet {

/// How far the scan of a login code has come. Source: wechaty-puppet schemas/scan.ts.
enum class ScanStatus : int {
  unknown = 0,
  cancel = 1,
  waiting = 2,
  scanned = 3,
  confirmed = 4,
  timeout = 5,
};

template <>
inline constexpr std::array enum_names<ScanStatus>{
    EnumName{ScanStatus::unknown, "Unknown"},     EnumName{ScanStatus::cancel, "Cancel"},
    EnumName{ScanStatus::waiting, "Waiting"},     EnumName{ScanStatus::scanned, "Scanned"},
    EnumName{ScanStatus::confirmed, "Confirmed"}, EnumName{ScanStatus::timeout, "Timeout"},
};

}  // namespace wechaty::puppet
