// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets share. A target defines LLVMFuzzerTestOneInput() and calls require() for
// what has to be true of every input; it lets through only what strangers may be answered with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "wechaty/puppet/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace wechaty::puppet::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Ends the program, which the fuzzer takes for a finding.
inline void require(bool truth, const char* what, std::string_view detail = {}) {
  if (truth) return;
  std::fprintf(stderr, "not true: %s: \"%.*s\"\n", what, static_cast<int>(detail.size()),
               detail.data());
  std::abort();
}

/// Calls `work`. Input that is refused with an error of the library is fine, anything else that is
/// thrown ends the program.
template <class Work>
void unless_refused(Work work) {
  try {
    work();
  } catch (const Error& error) {
    require(*error.what() != '\0', "an error says what is wrong");
  }
}

}  // namespace wechaty::puppet::fuzz
