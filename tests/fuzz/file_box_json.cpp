// SPDX-License-Identifier: Apache-2.0
// The JSON of files, as it arrives from other processes.
#include "fuzz/names.hpp"

using namespace wechaty::puppet;
using namespace wechaty::puppet::fuzz;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  unless_refused([&] {
    const FileBox box = FileBox::from_json_text(text_of(data, size));
    require_safe(box.name());
    const std::string json = box.to_json_text();
    const FileBox again = FileBox::from_json_text(json);
    require(again == box, "JSON goes there and back", json);
    require(again.to_json_text() == json, "JSON stays the same", json);
    require_conventional(conventional(box));
  });
  return 0;
}
