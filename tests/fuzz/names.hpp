// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fuzz/fuzz.hpp"
#include "puppet/file_box/utf8.hpp"
#include "wechaty/puppet/file_box/mime.hpp"
#include "wechaty/puppet/file_box/naming.hpp"

namespace wechaty::puppet::fuzz {

inline void require_safe(const std::string& name) {
  require(!name.empty() && name.size() <= 255, "a name has 1 to 255 bytes", name);
  require(name.find_first_of(std::string_view{"/\\:*?\"<>|\0", 10}) == std::string::npos,
          "a name has no path in it", name);
  require(name.front() != '.' && name.back() != '.' && name.front() != ' ' && name.back() != ' ',
          "a name does not begin or end in dots and blanks", name);
  for (std::string_view rest = name; !rest.empty();) {
    const std::uint32_t code = take_utf8(rest);
    require(code != bad_utf8 && code >= 0x20 && code != 0x7F, "a name is printable UTF-8", name);
  }
  require(safe_base_name(name) == name, "a safe name stays", name);
}

/// Contract R5 for a box that has been named.
inline void require_conventional(const FileBox& box) {
  require_safe(box.name());
  const auto type = type_of_name(box.name());
  require(type.has_value(), "a name tells a type", box.name());
  const auto extension = extension_of_type(*type);
  require(extension && type_of_name("x." + std::string{*extension}) == type,
          "a type leads back to itself", *type);
}

}  // namespace wechaty::puppet::fuzz
