// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace wechaty::puppet {

/// A place. Source: wechaty-puppet schemas/location.ts.
struct LocationPayload {
  double accuracy = 0;  ///< metres
  std::string address;
  double latitude = 0;   ///< degrees
  double longitude = 0;  ///< degrees
  std::string name;

  friend bool operator==(const LocationPayload&, const LocationPayload&) = default;
};

}  // namespace wechaty::puppet
