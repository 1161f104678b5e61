// SPDX-License-Identifier: Apache-2.0
// Names of files and names of types, as strangers give them.
#include "fuzz/names.hpp"
#include "wechaty/puppet/file_box/url_text.hpp"

using namespace wechaty::puppet;
using namespace wechaty::puppet::fuzz;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  const std::string name = safe_base_name(text);
  require_safe(name);
  require_safe(safe_base_name(percent_decoded(name)));
  if (const auto type = type_of_name(text)) {
    require(extension_of_type(*type).has_value(), "the type of a name has an extension", *type);
    require(type_of_name(name).has_value() || text.find('/') != text.npos,
            "a known extension survives", name);
  }
  if (const auto extension = extension_of_type(text)) {
    require(type_of_name("x." + std::string{*extension}).has_value(),
            "the extension of a type has a type", *extension);
  }
  return 0;
}
