// SPDX-License-Identifier: Apache-2.0
// The header that names a download, as servers send it.
#include <array>

#include "fuzz/names.hpp"
#include "wechaty/puppet/file_box/url_text.hpp"

using namespace wechaty::puppet;
using namespace wechaty::puppet::fuzz;

namespace {

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    if (take_utf8(text) == bad_utf8) return false;
  }
  return true;
}

std::string encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    result += {'%', digits[byte >> 4U], digits[byte & 15U]};
  }
  return result;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  if (const auto name = name_in_content_disposition(text)) {
    require(!name->empty(), "a name is not empty");
    require(is_utf8(*name), "a name is UTF-8", *name);
    require_safe(safe_base_name(*name));
  }
  require_safe(safe_base_name(name_in_url(text)));
  // What a client sent by the rules is what comes out.
  if (!text.empty() && is_utf8(text)) {
    const auto name = name_in_content_disposition("attachment; filename*=UTF-8''" + encoded(text));
    require(name == text, "filename* goes there and back", text);
  }
  require(percent_decoded(encoded(text)) == text, "percent goes there and back", text);
  return 0;
}
