// SPDX-License-Identifier: Apache-2.0
// Data URLs, and the base64 in them.
#include "fuzz/names.hpp"

using namespace wechaty::puppet;
using namespace wechaty::puppet::fuzz;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  unless_refused([&] {
    const FileBox box = FileBox::from_data_url(text);
    const std::string content = box.to_text();
    const FileBox named = conventional(box);
    require_conventional(named);
    const FileBox again = FileBox::from_data_url(named.to_data_url());
    require(again.to_text() == content, "a data URL goes there and back", named.name());
    require(conventional(again).name().ends_with(named.name().substr(named.name().rfind('.'))),
            "a data URL keeps its type", conventional(again).name());
  });
  // Any bytes can be carried.
  const std::string url = FileBox::from_buffer(text, "a.bin").to_data_url();
  require(FileBox::from_data_url(url).to_text() == text, "bytes go there and back", url);
  return 0;
}
