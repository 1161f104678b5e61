// SPDX-License-Identifier: Apache-2.0
// A name, a declared type and a content: `<name>\n<type>\n<content>`.
#include <algorithm>
#include <memory>

#include "fuzz/names.hpp"

using namespace wechaty::puppet;
using namespace wechaty::puppet::fuzz;

namespace {

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string_view text) : text_{text} {}
  std::size_t read(std::span<std::byte> buffer) override {
    const std::size_t count = std::min({buffer.size(), text_.size(), std::size_t{777}});
    std::copy_n(reinterpret_cast<const std::byte*>(text_.data()), count, buffer.begin());
    text_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view text_;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view content = text_of(data, size);
  const std::string_view name = take_line(content);
  const std::string_view declared = take_line(content);

  const FileBox box = conventional(FileBox::from_buffer(content, name), declared);
  require_conventional(box);
  require(box.to_text() == content, "naming leaves the content as it is");
  const FileBox again = conventional(FileBox::from_buffer(content, box.name()), declared);
  require(again.name() == box.name(), "a conventional name stays", again.name());

  const FileBox stream =
      conventional(FileBox::from_stream(std::make_unique<TextSource>(content), name));
  require_conventional(stream);
  require(stream.to_text() == content, "naming leaves a stream whole");

  const std::string type = type_of_content(std::as_bytes(std::span{content}));
  require(type.find('/') != type.npos, "a content has a type", type);
  return 0;
}
