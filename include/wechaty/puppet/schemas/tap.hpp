// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "wechaty/puppet/schemas/enum_names.hpp"
#include "wechaty/puppet/schemas/timestamp.hpp"

namespace wechaty::puppet {

/// What a contact can do to a post with one tap.
enum class TapType : int {
  unspecified = 0,  ///< any, in queries
  like = 1,
};

template <>
inline constexpr std::array enum_names<TapType>{
    EnumName{TapType::unspecified, "Unspecified"},
    EnumName{TapType::like, "Like"},
};

/// Who tapped and when: two lists of the same length.
struct TapList {
  std::vector<std::string> contact_id;
  std::vector<Timestamp> timestamp;

  friend bool operator==(const TapList&, const TapList&) = default;
};

/// The taps of one post by their type. JSON: the map itself, `{"1": {"contactId": [], ...}}`.
///
/// Source: wechaty-puppet schemas/tap.ts.
struct TapPayload {
  std::map<TapType, TapList> taps;

  friend bool operator==(const TapPayload&, const TapPayload&) = default;
};

}  // namespace wechaty::puppet
